import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Drill } from './attacks/drill.ts';
import type { CareLoss } from './hospital/care-log.ts';
import type { Hospital } from './hospital/hospital.ts';
import { blockByHand, unblockByHand } from './hospital/network.ts';
import { type Running, start } from './hospital/programs.ts';
import { carryOut, type Deeds, restore, takeBack } from './sphinx/response.ts';
import type { Course, FoundIncident, Sphinx } from './sphinx/sphinx.ts';

const ATTACKER = fileURLToPath(new URL('attacks/attacker.ts', import.meta.url));
const POLL_MS = 150;
/** Nothing was found when the attack is over and this time has passed. */
const DETECTION_LIMIT_MS = 15_000;
const RECOVERY_LIMIT_MS = 120_000;
/** Attempts that fail one after the other, after which the attacker is off. */
const FAILURES = 3;
/** What proves a case: what was found, what crossed the network, how the devices were. */
const EVIDENCE = ['alerts', 'asset-configuration', 'packets'] as const;
const TRAFFIC_EVIDENCE = ['flows', 'records'] as const;

/** What SPHINX does is in force at once; the attacker notices with its next steps. */
const CONTAINMENT_LIMIT_MS = 30_000;
const NOTHING_DONE: Deeds = { done: [], agreedAt: null, containedAt: null, harmed: [] };

/** What a drill has shown. Times in milliseconds since the attacker's first step; null: it did not come to it. */
export interface Result {
  readonly drill: string;
  readonly title: string;
  readonly useCase: string;
  readonly isWithSphinx: boolean;
  readonly detectedMs: number | null;
  readonly decidedMs: number | null;
  /** When the last step of the attacker that got through was over. */
  readonly containedMs: number | null;
  readonly recoveredMs: number | null;
  readonly incident: { readonly name: string; readonly title: string; readonly analytics: readonly string[] } | null;
  readonly course: string;
  /** When people had agreed to what keeps the attacker off; null: nobody had to. */
  readonly agreedMs: number | null;
  /** Whether SPHINX kept the attacker off, and nobody at the router. */
  readonly isBySphinx: boolean;
  readonly deeds: readonly string[];
  readonly steps: { readonly tried: number; readonly through: number; readonly all: number };
  readonly care: readonly CareLoss[];
  readonly evidence: readonly string[];
  readonly isEvidenceComplete: boolean;
  /** Services of care that stayed away though the attack was over: clinical flows that were cut. */
  readonly cut: readonly string[];
  /** What is not as it was before. */
  readonly lost: readonly string[];
}

/** The attack as it goes on, seen from the attacker's machine. */
class Attack {
  readonly #drill: Drill;
  readonly #steps: { readonly at: number; readonly ms: number; readonly ok: boolean; readonly why: string }[] = [];
  #program: Running | undefined;

  constructor(drill: Drill) {
    this.#drill = drill;
  }

  async begin(): Promise<void> {
    this.#program = await start(this.#drill.from, process.execPath, [ATTACKER, this.#drill.id], {
      onLine: (line) => {
        if (line.startsWith('{')) this.#steps.push(JSON.parse(line));
      },
    });
    while (this.#steps.length === 0) await pause(20);
  }

  get beganAt(): number {
    return this.#steps[0]?.at ?? Date.now();
  }

  get isOver(): boolean {
    return this.#steps.length >= this.#drill.steps;
  }

  /** Whether the last attempts all failed. */
  get isOff(): boolean {
    const last = this.#steps.slice(-FAILURES);
    return last.length === FAILURES && last.every(({ ok }) => !ok);
  }

  /** When the last step that got through was over. */
  get lastThroughAt(): number | null {
    const last = this.#steps.findLast(({ ok }) => ok);
    return last === undefined ? null : last.at + last.ms;
  }

  get counts(): Result['steps'] {
    return {
      tried: this.#steps.length,
      through: this.#steps.filter(({ ok }) => ok).length,
      all: this.#drill.steps,
    };
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }
}

/** Has the attack run on a hospital that SPHINX watches: found, decided, contained, repaired. */
export async function holdWithSphinx(drill: Drill, hospital: Hospital, sphinx: Sphinx): Promise<Result> {
  const attack = new Attack(drill);
  const startedAt = Date.now();
  await attack.begin();
  const since = (time: number | null) => (time === null ? null : time - attack.beganAt);
  const incident = await detect(drill, attack, sphinx, startedAt);
  const detectedAt = incident === undefined ? null : Date.now();
  const course = incident === undefined ? undefined : await decide(drill, incident, sphinx);
  const decidedAt = course === undefined ? null : Date.now();
  const { people } = sphinx;
  const deeds =
    incident === undefined || course === undefined || people === undefined
      ? NOTHING_DONE
      : await carryOut(sphinx, people, incident, course).catch(
          (error: unknown): Deeds => ({ ...NOTHING_DONE, done: [`SPHINX could not: ${String(error)}`] }),
        );
  const doneByHand: string[] = [];
  await until(() => attack.isOff || attack.isOver, deeds.containedAt === null ? 0 : CONTAINMENT_LIMIT_MS);
  if (!attack.isOff) {
    blockByHand(drill.from.ip);
    doneByHand.push(`by hand: ${drill.from.ip} blocked at the router`);
    await until(() => attack.isOff || attack.isOver, drill.steps * 4000);
  }
  const restored =
    drill.restoredBy === undefined || people === undefined
      ? undefined
      : await restore(sphinx, people, drill.restoredBy).catch(() => undefined);
  if (restored === undefined && drill.repair !== undefined) doneByHand.push('by hand: repaired');
  const recoveredAt = await recover(drill, hospital, restored !== undefined);
  await attack.stop();
  const evidence = incident === undefined ? [] : await waitForEvidence(sphinx, incident.id);
  if (incident !== undefined) await sphinx.close(incident.id);
  if (incident !== undefined && people !== undefined) await takeBack(sphinx, incident);
  unblockByHand();
  return {
    ...(await resultOf(drill, hospital, attack, startedAt)),
    isWithSphinx: true,
    detectedMs: since(detectedAt),
    decidedMs: since(decidedAt),
    recoveredMs: since(recoveredAt),
    incident:
      incident === undefined
        ? null
        : {
            name: `INC-${incident.number}`,
            title: incident.title,
            analytics: incident.analytics.map(({ title }) => title),
          },
    course: course?.title ?? '',
    agreedMs: since(deeds.agreedAt),
    isBySphinx: deeds.containedAt !== null && !doneByHand.some((deed) => deed.includes('blocked')),
    deeds: [...deeds.done, ...(restored === undefined ? [] : [restored]), ...doneByHand],
    evidence,
    isEvidenceComplete:
      EVIDENCE.every((kind) => evidence.includes(kind)) && TRAFFIC_EVIDENCE.some((kind) => evidence.includes(kind)),
  };
}

/**
 * Has the same attack run to its end on a hospital that nobody watches, and then repaired by hand.
 *
 * @param noticedAfterMs time after the end of the attack until people notice; they block and repair at once
 */
export async function holdWithoutSphinx(drill: Drill, hospital: Hospital, noticedAfterMs: number): Promise<Result> {
  const attack = new Attack(drill);
  const startedAt = Date.now();
  await attack.begin();
  await until(() => attack.isOver, drill.steps * 5000);
  await pause(noticedAfterMs);
  blockByHand(drill.from.ip);
  const recoveredAt = await recover(drill, hospital, false);
  await attack.stop();
  unblockByHand();
  return {
    ...(await resultOf(drill, hospital, attack, startedAt)),
    isWithSphinx: false,
    detectedMs: null,
    decidedMs: null,
    recoveredMs: recoveredAt === null ? null : recoveredAt - attack.beganAt,
    incident: null,
    course: '',
    agreedMs: null,
    isBySphinx: false,
    deeds: [`by hand: ${drill.from.ip} blocked at the router`],
    evidence: [],
    isEvidenceComplete: false,
  };
}

async function detect(
  drill: Drill,
  attack: Attack,
  sphinx: Sphinx,
  startedAt: number,
): Promise<FoundIncident | undefined> {
  const names = [drill.from, ...drill.targets].flatMap(({ name, ip }) => [name, ip]);
  let overSince: number | undefined;
  for (;;) {
    const found = await sphinx.incidentsOf(names, startedAt);
    const fitting = found.find(({ analytics }) => analytics.some(({ title }) => drill.mustDetect.test(title)));
    if (fitting !== undefined) return fitting;
    if (attack.isOver) overSince ??= Date.now();
    if (overSince !== undefined && Date.now() - overSince > DETECTION_LIMIT_MS) return undefined;
    await pause(POLL_MS);
  }
}

/** Chooses the first course of the list that fits the drill. Nobody thinks meanwhile: it is the time that SPHINX needs. */
async function decide(drill: Drill, incident: FoundIncident, sphinx: Sphinx): Promise<Course | undefined> {
  for (const since = Date.now(); Date.now() - since < DETECTION_LIMIT_MS; await pause(POLL_MS)) {
    const courses = await sphinx.courses(incident.id);
    const fitting = drill.playbooks.map((name) => courses?.find(({ title }) => name.test(title)));
    const course = fitting.find((each) => each !== undefined);
    if (course === undefined) continue;
    await sphinx.choose(incident.id, course.id);
    return course;
  }
  return undefined;
}

/** @param isRestored SPHINX has brought back what was damaged @returns when all was as before, and care was served again */
async function recover(drill: Drill, hospital: Hospital, isRestored: boolean): Promise<number | null> {
  if (!isRestored) await drill.repair?.(hospital);
  const begin = Date.now();
  while (Date.now() - begin < RECOVERY_LIMIT_MS) {
    const damage = (await drill.damage?.(hospital)) ?? [];
    const at = Date.now();
    if (damage.length === 0 && hospital.care.isWell(begin)) return at;
    await pause(POLL_MS);
  }
  return null;
}

async function waitForEvidence(sphinx: Sphinx, incident: string): Promise<string[]> {
  let evidence: string[] = [];
  for (const since = Date.now(); Date.now() - since < DETECTION_LIMIT_MS; await pause(POLL_MS * 2)) {
    evidence = await sphinx.evidence(incident);
    if (EVIDENCE.every((kind) => evidence.includes(kind))) break;
  }
  return evidence;
}

async function resultOf(drill: Drill, hospital: Hospital, attack: Attack, startedAt: number) {
  const { id, title, useCase } = drill;
  const through = attack.lastThroughAt;
  const end = Date.now();
  const isWell = (service: string) => hospital.care.isServed(service, end - 10_000);
  return {
    drill: id,
    title,
    useCase,
    containedMs: through === null || !attack.isOff ? null : through - attack.beganAt,
    steps: attack.counts,
    care: hospital.care.losses(startedAt, end),
    cut: hospital.care.services.filter((service) => !isWell(service)),
    lost: (await drill.damage?.(hospital)) ?? [],
  };
}

async function until(isTrue: () => boolean, limitMs: number): Promise<void> {
  for (const since = Date.now(); !isTrue() && Date.now() - since < limitMs; ) await pause(50);
}
