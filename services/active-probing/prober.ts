import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, type Outbox, SphinxError } from '@sphinx/platform';
import { type Credential, PROBES, type ProbeNetwork } from '@sphinx/probes';
import type { ProbeNetworks, ProbingKnowledge } from '@sphinx/probes/policy';
import { type Approval, type Decision, type Device, decide, strangerAt } from '@sphinx/probes/policy';
import type { ProbeOccasion } from '@sphinx/schema';
import { NMAP, nmapEngine, nmapStep, whyNoNmap } from './nmap/nmap-engine.ts';
import { type ProbePreview, planProbes, stepsOfPreview } from './plan/plan-probes.ts';
import { runDevice } from './run/device-run.ts';
import { SAMPLES } from './run/response-watch.ts';
import { RunBook } from './run/run-book.ts';
import type { NotedExchange, ProbingStore } from './store.ts';
import type { MarkView, RunView, StopView } from './views.ts';

export interface ProberOptions {
  readonly store: ProbingStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly knowledge: ProbingKnowledge;
  readonly networks: ProbeNetworks;
  readonly network: ProbeNetwork;
  readonly concurrentDevices: number;
  readonly isNmapAllowed: boolean;
  readonly scratchFolder: string;
  readonly onChange: (runId: string) => void;
}

interface Waiting {
  readonly run: RunView;
  readonly device: Device;
  /** Ids of the only probes wanted; empty: all that are allowed. */
  readonly wanted: readonly string[];
}

/** Runs what `decide` allows: one device at a time each, a few at once; stops all of it when told to. */
export class Prober {
  readonly #options: ProberOptions;
  readonly #book: RunBook;
  readonly #devices = new Map<string, Device>();
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  #approvals: readonly Approval[] = [];
  #marks: readonly MarkView[] = [];
  #stop: StopView | undefined;

  constructor(options: ProberOptions) {
    this.#options = options;
    this.#book = new RunBook(options);
  }

  /** Takes what the store kept: the kill switch survives a restart. */
  async open(): Promise<void> {
    const { store, clock, outbox } = this.#options;
    await store.settleInterrupted(clock.now());
    for (const { device } of await store.devices()) this.noteDevice(device);
    [this.#approvals, this.#marks, this.#stop] = await Promise.all([store.approvals(), store.marks(), store.stop()]);
    await outbox.publish();
  }

  get stop(): StopView | undefined {
    return this.#stop;
  }

  get approvals(): readonly Approval[] {
    return this.#approvals;
  }

  get marks(): readonly MarkView[] {
    return this.#marks;
  }

  get activity(): { running: number; waiting: number } {
    return { running: this.#running.size, waiting: this.#waiting.length };
  }

  isBusyWith(address: string): boolean {
    return this.#running.has(address) || this.#waiting.some(({ run }) => run.ip === address);
  }

  devices(): readonly Device[] {
    return [...this.#devices.values()];
  }

  noteDevice(device: Device): void {
    if (device.assetId !== undefined) this.#devices.set(device.assetId, device);
  }

  forgetDevice(assetId: string): void {
    this.#devices.delete(assetId);
  }

  /** @param target id of an asset, or an address. @throws SphinxError SPX_NOT_FOUND for what is neither */
  find(target: string): Device {
    const byId = this.#devices.get(target);
    if (byId !== undefined) return byId;
    const byIp = this.devices().find(({ ip, isSample }) => ip === target && !isSample);
    if (byIp !== undefined) return byIp;
    if (!/^[\d.]+$|:/.test(target)) {
      throw new SphinxError('SPX_NOT_FOUND', `"${target}" is neither a known asset nor an address.`);
    }
    return strangerAt(target);
  }

  /** What would be sent to whom; sends nothing. */
  preview(device: Device, occasion: ProbeOccasion, wanted: readonly string[] = []): ProbePreview {
    const decision = this.#decide(device, occasion, wanted);
    const { policy } = decision;
    const plan = policy === undefined ? [] : this.#plan(device, decision, wanted);
    const ofEngine = wanted.includes(NMAP) ? [nmapStep(plan.map(({ port }) => port))] : [];
    const steps = [...stepsOfPreview(plan), ...ofEngine];
    return {
      ip: device.ip,
      name: device.name,
      ...(device.assetId === undefined ? {} : { assetId: device.assetId }),
      ...(device.kind === undefined ? {} : { kind: device.kind }),
      ...(device.safetyClass === undefined ? {} : { safetyClass: device.safetyClass }),
      policy: policy?.title ?? '',
      isAllowed: decision.isAllowed,
      reason: decision.isAllowed ? '' : decision.reason,
      steps,
      packets: steps.reduce((sum, { packets }) => sum + packets, 0) + timingPackets(plan.length),
      bytes: steps.reduce((sum, { bytes }) => sum + bytes, 0),
      packetsPerSecond: policy?.packetsPerSecond ?? 0,
    };
  }

  /**
   * Puts a device in the queue, or refuses it: a refusal is stored and told like a run.
   *
   * @param by name of the person who asks; empty for the schedule
   */
  async request(device: Device, occasion: ProbeOccasion, by: string, wanted: readonly string[] = []): Promise<RunView> {
    const now = this.#options.clock.now();
    const decision = this.#decide(device, occasion, wanted);
    const reason = decision.isAllowed
      ? this.isBusyWith(device.ip)
        ? 'It is being probed already.'
        : ''
      : decision.reason;
    const run: RunView = {
      id: `run_${randomUUID()}`,
      ...(device.assetId === undefined ? {} : { assetId: device.assetId }),
      ip: device.ip,
      policy: decision.policy?.id ?? '',
      occasion,
      by,
      state: reason === '' ? 'waiting' : 'refused',
      reason,
      probes: [],
      packets: 0,
      bytes: 0,
      startedAt: now,
      endedAt: reason === '' ? null : now,
    };
    if (reason !== '') return this.#refuse(run);
    await this.#options.store.saveRun(run);
    this.#waiting.push({ run, device, wanted });
    this.#next();
    return run;
  }

  /** The kill switch: kept first, so that it holds whatever happens next; then everything under way is cut off. */
  async stopAll(by: string, reason: string): Promise<StopView> {
    const stop = { by, reason, at: this.#options.clock.now() };
    this.#stop = stop;
    for (const { abort } of this.#running.values()) abort.abort();
    await this.#options.store.saveStop(stop);
    const waiting = this.#waiting.splice(0);
    for (const { run } of waiting) await this.#refuse({ ...run, reason: `Probing is stopped: ${reason}` });
    await this.#settled();
    this.#options.onChange('');
    return stop;
  }

  async resumeAll(): Promise<void> {
    this.#stop = undefined;
    await this.#options.store.clearStop();
    this.#options.onChange('');
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async clearMark(target: string): Promise<void> {
    const mark = this.#marks.find(({ ip, assetId }) => ip === target || assetId === target);
    if (mark === undefined) throw new SphinxError('SPX_NOT_FOUND', `${target} is not marked.`);
    await this.#options.store.clearMark(mark.ip);
    this.#marks = this.#marks.filter((other) => other !== mark);
    this.#options.onChange('');
  }

  async approve(fields: Omit<Approval, 'id' | 'at' | 'withdrawnAt'>): Promise<Approval> {
    const at = this.#options.clock.now();
    if (fields.until <= at) throw new SphinxError('SPX_INVALID_INPUT', 'The agreement would have ended already.');
    const known = new Set(this.#options.knowledge.credentials.map(({ id }) => id));
    const unknown = fields.credentials.find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw new SphinxError('SPX_INVALID_INPUT', `"${unknown}" is no entry of knowledge/default-credentials.`);
    }
    return this.#saveApproval({ ...fields, id: `apv_${randomUUID()}`, at, withdrawnAt: null });
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async withdraw(id: string): Promise<Approval> {
    const approval = this.#approvals.find((one) => one.id === id);
    if (approval === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no agreement ${id}.`);
    for (const [ip, { abort }] of this.#running)
      if (ip === approval.target || this.#devices.get(approval.target)?.ip === ip) abort.abort();
    return this.#saveApproval({ ...approval, withdrawnAt: this.#options.clock.now() });
  }

  /** Ends all runs because the service ends. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    for (const { abort } of this.#running.values()) abort.abort();
    await this.#settled();
  }

  async #saveApproval(approval: Approval): Promise<Approval> {
    await this.#options.store.saveApproval(approval);
    this.#approvals = [approval, ...this.#approvals.filter(({ id }) => id !== approval.id)];
    this.#options.onChange('');
    return approval;
  }

  async #settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #decide(device: Device, occasion: ProbeOccasion, wanted: readonly string[]): Decision {
    const { clock, knowledge, networks, isNmapAllowed } = this.#options;
    const now = clock.now();
    const local = new Date(now);
    const mark = this.#marks.find(
      ({ ip, assetId }) => ip === device.ip || (assetId !== undefined && assetId === device.assetId),
    );
    return decide(
      {
        subject: device,
        occasion,
        now,
        minuteOfDay: local.getHours() * 60 + local.getMinutes(),
        policies: knowledge.policies,
        approvals: this.#approvals,
        stopped: this.#stop?.reason,
        mark: mark?.reason,
        engine: wanted.includes(NMAP) ? { id: NMAP, unavailable: whyNoNmap(isNmapAllowed) } : undefined,
        outside: device.isSample
          ? 'It belongs to the sample hospital, which does not exist.'
          : networks.refusal(device.ip),
      },
      PROBES,
    );
  }

  #plan(device: Device, decision: Decision, wanted: readonly string[]) {
    const { policy } = decision;
    if (policy === undefined) return [];
    const would = decision.isAllowed
      ? decision.probes
      : PROBES.filter(
          ({ id, caution, needsPerson }) =>
            needsPerson !== true &&
            !policy.probes.except.includes(id) &&
            (policy.probes.also.includes(id) || policy.probes.cautions.includes(caution)),
        );
    // Another program asks the ports that are found open; finding them stays with the probes.
    if (wanted.includes(NMAP)) return planProbes(device, policy, would).filter(({ probe }) => probe.id === 'tcp-port');
    const chosen = wanted.length === 0 ? would : would.filter(({ id }) => id === 'tcp-port' || wanted.includes(id));
    return planProbes(device, policy, chosen);
  }

  #next(): void {
    while (this.#running.size < this.#options.concurrentDevices) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      const abort = new AbortController();
      const done = this.#execute(waiting, abort.signal)
        .catch((error: unknown) =>
          this.#options.logger.error('A run of probes failed', { error: String(error), ip: waiting.run.ip }),
        )
        .finally(() => {
          this.#running.delete(waiting.run.ip);
          this.#next();
        });
      this.#running.set(waiting.run.ip, { abort, done });
    }
  }

  async #execute({ run, device, wanted }: Waiting, signal: AbortSignal): Promise<void> {
    const { store, knowledge, network, clock } = this.#options;
    // Time has passed in the queue: what was allowed may no longer be.
    const decision = this.#decide(device, run.occasion, wanted);
    if (!decision.isAllowed) {
      await this.#refuse({ ...run, reason: decision.reason });
      return;
    }
    const started: RunView = { ...run, state: 'running', startedAt: clock.now() };
    await store.saveRun(started);
    this.#options.onChange(run.id);
    const exchanges: NotedExchange[] = [];
    const sourceOf = (probe: string) => `probe:${probe}:${device.ip}:${run.id.slice(4, 12)}`;
    const engine = nmapEngine({
      ip: device.ip,
      packetsPerSecond: decision.policy.packetsPerSecond,
      scratchFolder: this.#options.scratchFolder,
      signal,
      now: () => clock.now(),
      source: sourceOf(NMAP),
      onRecord: (record) => exchanges.push({ runId: run.id, probe: NMAP, record }),
    });
    const credentials = credentialsOf(decision.approval, knowledge.credentials);
    const result = await runDevice({
      device,
      policy: decision.policy,
      plan: this.#plan(device, decision, wanted),
      credentials,
      engine: wanted.includes(NMAP) ? engine : undefined,
      network,
      signal,
      now: () => clock.now(),
      sourceOf,
      onRecord: (probe, record) => exchanges.push({ runId: run.id, probe, record }),
      onOutcome: (outcome) => this.#book.keep(device, outcome, exchanges.splice(0)),
    });
    await store.saveExchanges(exchanges.splice(0));
    const mark = await this.#book.finish(started, result);
    if (mark !== undefined) this.#marks = [mark, ...this.#marks.filter(({ ip }) => ip !== mark.ip)];
    this.#options.onChange(run.id);
  }

  async #refuse(run: RunView): Promise<RunView> {
    const refused = await this.#book.refuse(run);
    this.#options.onChange(run.id);
    return refused;
  }
}

/** The answers are timed before the first step and after each. @returns packets at most */
function timingPackets(steps: number): number {
  const packets = PROBES.find(({ id }) => id === 'tcp-port')?.limits.packets ?? 0;
  return steps === 0 ? 0 : (steps + 1) * SAMPLES * packets;
}

function credentialsOf(approval: Approval | undefined, all: readonly Credential[]): readonly Credential[] {
  return all.filter(({ id }) => approval?.credentials.includes(id) === true);
}
