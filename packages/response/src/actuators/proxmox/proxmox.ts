import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Capability,
  type Json,
  type Preparation,
} from '../../contract/actuator.ts';
import { askHttp, expectStatus, type HttpOrder, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

const ProxmoxSettings = z.strictObject({
  target: HttpTarget,
  tokenSecret: z.string().min(1).describe('Name of the secret with an API token, `user@realm!name=secret`'),
  node: z.string().regex(NAME),
  machines: z
    .record(z.string(), z.int().min(100).max(999_999_999))
    .describe('Number of the virtual machine of each device or service, by the name or address that commands use'),
});
type ProxmoxSettings = z.infer<typeof ProxmoxSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'copy', target: 'device', isReversible: true },
  { action: 'copy', target: 'x-sphinx:service', isReversible: true },
  { action: 'restore', target: 'device', isReversible: true },
  { action: 'restore', target: 'x-sphinx:service', isReversible: true },
];
const POLL_MS = 500;
const TASK_LIMIT_MS = 30 * 60_000;

/** Snapshots of virtual machines. */
export const proxmox: ActuatorKind<typeof ProxmoxSettings> = {
  type: 'proxmox',
  title: 'Proxmox VE',
  description:
    'Takes a snapshot of a virtual machine (`copy`), and turns one back to its last snapshot from before a time (`restore`), after a ' +
    'snapshot of what is there, to which the action can be taken back. The hospital prepares an API token with VM.Snapshot ' +
    'and VM.Snapshot.Rollback, and storage that can hold snapshots.',
  proof: 'recorded',
  triedWith:
    'answers shaped after the API of Proxmox VE 8, not looked up in every detail (`qemu/{vmid}/snapshot`, `rollback`, `tasks/{upid}/status`)',
  capabilities: CAPABILITIES,
  settings: ProxmoxSettings,
  open: (id, settings, context) => new Proxmox(id, settings, context),
};

const Snapshots = z.object({
  data: z.array(z.object({ name: z.string(), snaptime: z.int().optional(), parent: z.string().optional() })),
});

interface Before {
  readonly vmid: number;
  /** Where a restore leads. */
  readonly snapshot?: string;
}

class Proxmox implements Actuator {
  readonly id: string;
  readonly type = 'proxmox';
  readonly capabilities = CAPABILITIES;
  readonly #settings: ProxmoxSettings;
  readonly #secrets: ActuatorContext['secrets'];
  readonly #host: string;

  constructor(id: string, settings: ProxmoxSettings, { secrets }: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#host = new URL(settings.target.url).host;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const { vmid, name } = this.#machineOf(command);
    const snapshots = await this.#snapshots(vmid, signal);
    if (command.command.action === 'copy')
      return { effects: [`Take a snapshot of ${name} (VM ${vmid}).`], before: { vmid }, isReversible: true };
    const limit = command.command.args?.stop_time ?? Number.POSITIVE_INFINITY;
    const usable = snapshots.filter((one) => one.name !== snapshotName(command) && (one.snaptime ?? 0) * 1000 <= limit);
    const last = usable.sort((left, right) => (left.snaptime ?? 0) - (right.snaptime ?? 0)).at(-1);
    if (last === undefined) throw new ActuatorError(`VM ${vmid} has no snapshot to turn back to.`);
    const taken = new Date((last.snaptime ?? 0) * 1000).toISOString();
    const effects = [`Take a snapshot of ${name} (VM ${vmid}), then turn it back to ${last.name} of ${taken}.`];
    return { effects, before: { vmid, snapshot: last.name } as Json, isReversible: true };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { vmid, snapshot } = beforeOf(preparation);
    const own = snapshotName(command);
    const there = await this.#snapshots(vmid, signal);
    if (!there.some(({ name }) => name === own))
      await this.#task(
        'POST',
        pathOf`/qemu/${vmid}/snapshot`,
        { snapname: own, description: 'Made by SPHINX' },
        signal,
      );
    if (snapshot !== undefined)
      await this.#task('POST', pathOf`/qemu/${vmid}/snapshot/${snapshot}/rollback`, {}, signal);
    return { summary: preparation.effects.join(' '), result: { vmid, snapshot: own } };
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { vmid, snapshot } = beforeOf(preparation);
    const own = snapshotName(command);
    if (!(await this.#snapshots(vmid, signal)).some(({ name }) => name === own))
      return { summary: 'There is nothing to take back.', result: null };
    if (snapshot !== undefined) await this.#task('POST', pathOf`/qemu/${vmid}/snapshot/${own}/rollback`, {}, signal);
    await this.#task('DELETE', pathOf`/qemu/${vmid}/snapshot/${own}`, undefined, signal);
    return { summary: `VM ${vmid} is as it was before.`, result: null };
  }

  /** A machine that was turned back stands after the snapshot that it was turned back to. */
  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const { vmid, snapshot } = beforeOf(preparation);
    const there = await this.#snapshots(vmid, signal);
    const isCopied = there.some(({ name }) => name === snapshotName(command));
    const isBack = snapshot === undefined || there.find(({ name }) => name === 'current')?.parent === snapshot;
    return isCopied && isBack ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      const answer = await this.#ask('GET', '/qemu', undefined, signal);
      const { data } = readJson(this.#host, answer, z.object({ data: z.array(z.object({ vmid: z.int() })) }));
      const lost = Object.entries(this.#settings.machines).find(([, vmid]) => !data.some((one) => one.vmid === vmid));
      if (lost !== undefined)
        return { isReady: false, message: `${this.#settings.node} shows no VM ${lost[1]} (${lost[0]}).` };
      return { isReady: true, message: `${this.#settings.node} shows all machines of the settings.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  #machineOf({ command: { target }, addresses }: ActuatorCommand): { vmid: number; name: string } {
    const names = [target['x-sphinx:service']?.name, target.device?.hostname, target.device?.device_id, ...addresses];
    const name = names.find((one) => one !== undefined && Object.hasOwn(this.#settings.machines, one));
    const vmid = name === undefined ? undefined : this.#settings.machines[name];
    if (name === undefined || vmid === undefined)
      throw new ActuatorError(
        'The settings of this actuator name no virtual machine for this. Enter it under "machines".',
      );
    return { vmid, name };
  }

  async #snapshots(vmid: number, signal: AbortSignal) {
    const answer = await this.#ask('GET', pathOf`/qemu/${vmid}/snapshot`, undefined, signal);
    return readJson(this.#host, answer, Snapshots).data;
  }

  /** Starts a task and waits for its end: a snapshot that is half made counts as none. */
  async #task(
    method: 'POST' | 'DELETE',
    path: string,
    body: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ) {
    if (signal.aborted) throw new ActuatorError('It was stopped before it had begun.', { isTemporary: true });
    const whole = AbortSignal.timeout(TASK_LIMIT_MS);
    const { data: upid } = readJson(
      this.#host,
      await this.#ask(method, path, body, whole),
      z.object({ data: z.string() }),
    );
    const Status = z.object({ data: z.object({ status: z.string(), exitstatus: z.string().optional() }) });
    for (;;) {
      const { data } = readJson(
        this.#host,
        await this.#ask('GET', pathOf`/tasks/${upid}/status`, undefined, whole),
        Status,
      );
      if (data.status === 'stopped' && data.exitstatus === 'OK') return;
      if (data.status === 'stopped')
        throw new ActuatorError(`${this.#settings.node} could not: ${data.exitstatus ?? 'unknown'}`);
      await sleep(POLL_MS, undefined, { signal: whole });
    }
  }

  async #ask(
    method: HttpOrder['method'],
    path: string,
    body: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ) {
    const { target, node, tokenSecret } = this.#settings;
    const headers = {
      authorization: `PVEAPIToken=${await secretText(this.#secrets, tokenSecret)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const form = body === undefined ? undefined : new URLSearchParams(body).toString();
    const whole = `/api2/json/nodes/${encodeURIComponent(node)}${path}`;
    const answer = await askHttp(target, { method, path: whole, headers, body: form, signal });
    expectStatus(this.#host, answer, 200);
    return answer;
  }
}

/** A configuration id of Proxmox VE: begins with a letter, at most 40 characters. */
function snapshotName({ id }: ActuatorCommand): string {
  return `sphinx_${createHash('sha256').update(id).digest('hex').slice(0, 20)}`;
}

function beforeOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
