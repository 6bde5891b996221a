import { setTimeout as pause } from 'node:timers/promises';
import { isInternalAddress } from '@sphinx/platform';
import type { People } from './people.ts';
import type { Course, FoundIncident, Sphinx } from './sphinx.ts';

const POLL_MS = 150;
const LIMIT_MS = 60_000;
/** Actions of OpenC2 that keep somebody off. */
const CUTTING: ReadonlySet<string> = new Set(['contain', 'deny']);

/** What SPHINX did of a course. */
export interface Deeds {
  readonly done: readonly string[];
  /** When somebody had agreed to what keeps the attacker off, or when it was begun where nobody has to. */
  readonly agreedAt: number | null;
  /** When something that keeps the attacker off was in force; null: nothing was. */
  readonly containedAt: number | null;
  /** Life-sustaining devices that were cut off or restricted: there must be none. */
  readonly harmed: readonly string[];
}

interface Run {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly refused: readonly string[];
  readonly missing: readonly string[];
  readonly history: readonly {
    readonly text: string;
    readonly command: { readonly action: string };
    readonly actuator: string;
    readonly state: string;
    readonly message: string;
    readonly devices: readonly string[];
    readonly appliedAt: number | null;
  }[];
  readonly tasks: readonly Task[];
}

interface Task {
  readonly id: string;
  readonly state: string;
  readonly asks: readonly { readonly name: string; readonly type: string; readonly value: string }[];
}

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'refused', 'cancelled', 'undone']);

/**
 * Has SPHINX carry out a course that was chosen. People agree at once to what waits for them, and tick off at once what is theirs
 * to do: what is measured is SPHINX, and not how fast people are.
 *
 * @returns when something that keeps the attacker off is in force, or nothing will be
 */
export async function carryOut(
  sphinx: Sphinx,
  people: People,
  incident: FoundIncident,
  course: Course,
): Promise<Deeds> {
  const variables = await variablesOf(sphinx, incident);
  let run = await sphinx.api.send<Run>('POST', '/response/runs', {
    playbook: course.playbook ?? course.id,
    subject: `INC-${incident.number}`,
    variables,
    start: true,
  });
  let agreedAt: number | null = null;
  for (const since = Date.now(); Date.now() - since < LIMIT_MS; await pause(POLL_MS)) {
    if ((await people.agree()).length > 0) agreedAt = Date.now();
    run = await sphinx.api.send<Run>('GET', `/response/runs/${run.id}`);
    const cutting = run.history.find(({ command, state }) => CUTTING.has(command.action) && state === 'done');
    if (cutting !== undefined) return deedsOf(run, agreedAt, cutting.appliedAt ?? Date.now());
    if (ENDED.has(run.state)) break;
    await tickOff(sphinx, run.tasks);
  }
  return deedsOf(run, agreedAt, null);
}

/** Takes back what runs about the incident have done, so that the next drill finds the hospital as it was. */
export async function takeBack(sphinx: Sphinx, incident: FoundIncident): Promise<void> {
  const { items } = await sphinx.api.send<{ items: { id: string; state: string }[] }>(
    'GET',
    `/response/runs?subject=INC-${incident.number}`,
  );
  for (const { id, state } of items) {
    if (!ENDED.has(state)) await sphinx.api.send('POST', `/response/runs/${id}/cancel`).catch(() => undefined);
    await sphinx.api.send('POST', `/response/runs/${id}/undo`).catch(() => undefined);
  }
}

/**
 * Has SPHINX bring the files of a folder back from the backup by a playbook of the hospital's own.
 *
 * @returns what was done; undefined where it did not come to it
 */
export async function restore(sphinx: Sphinx, people: People, playbook: string): Promise<string | undefined> {
  let run = await sphinx.api.send<Run>('POST', '/response/runs', { playbook, start: true });
  for (const since = Date.now(); Date.now() - since < LIMIT_MS && !ENDED.has(run.state); await pause(POLL_MS)) {
    await people.agree();
    await tickOff(sphinx, run.tasks);
    run = await sphinx.api.send<Run>('GET', `/response/runs/${run.id}`);
  }
  const restored = run.history.find(({ command, state }) => command.action === 'restore' && state === 'done');
  return restored === undefined ? undefined : `${restored.actuator}: ${restored.text}. ${restored.message}`;
}

async function tickOff(sphinx: Sphinx, tasks: readonly Task[]): Promise<void> {
  for (const { id, state, asks } of tasks) {
    if (state !== 'open') continue;
    const answers = Object.fromEntries(
      asks.map(({ name, type, value }) => [name, value || (type === 'bool' ? 'false' : 'none')]),
    );
    await sphinx.api
      .send('POST', `/response/tasks/${id}`, { isDone: true, note: 'Drill', answers })
      .catch(() => undefined);
  }
}

/** What whoever works on the incident reads from it: the machine that acts, and the addresses outside. */
async function variablesOf(sphinx: Sphinx, { assets, addresses }: FoundIncident): Promise<Record<string, string>> {
  const actors = assets.filter(({ role }) => role === 'actor');
  const isCare = ({ patientSafetyClass: safety }: FoundIncident['assets'][number]) =>
    safety !== null && safety !== 'none';
  const [actor] = [...actors.filter((each) => !isCare(each)), ...assets.filter((each) => !isCare(each))];
  const device =
    actor === undefined
      ? undefined
      : await sphinx.api.send<{ ips: string[]; macs: string[] }>('GET', `/assets/${actor.assetId}`);
  const outside = addresses.filter((address) => !isInternalAddress(address));
  const inside = device?.ips ?? addresses.filter((address) => isInternalAddress(address));
  const values = {
    __device_ip__: inside[0],
    __device_mac__: device?.macs[0],
    __hostile_address__: outside.length > 0 ? outside.join(',') : inside[0],
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function deedsOf(run: Run, agreedAt: number | null, containedAt: number | null): Deeds {
  const done = run.history.filter(({ state }) => state === 'done');
  const others = run.history.filter(({ state }) => state === 'refused' || state === 'failed');
  return {
    done: [
      `${run.name} (${run.state}${run.reason === '' ? '' : `: ${run.reason}`})`,
      ...run.refused,
      ...done.map(({ actuator, text }) => `SPHINX by ${actuator}: ${text}`),
      ...others.map(({ actuator, text, state, message }) => `${actuator}: ${text}: ${state}, ${message}`),
    ],
    agreedAt,
    containedAt,
    harmed: done.filter(({ command }) => CUTTING.has(command.action)).flatMap(({ devices }) => devices),
  };
}
