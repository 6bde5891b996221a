import { createHash } from 'node:crypto';
import type { Clock, Logger, Outbox } from '@sphinx/platform';
import { RAW_IP_LINK, type WrittenPacket } from '@sphinx/probes';
import type { Device } from '@sphinx/probes/policy';
import { createFact, deterministicId, type Fact, type HostEvidence, type ListedSoftwareItem } from '@sphinx/schema';
import { PcapngWriter } from '@sphinx/wire';
import type { NotedExchange, ProbingStore } from '../store.ts';
import type { MarkView, RunView } from '../views.ts';
import type { DeviceRunResult, ProbeOutcome } from './device-run.ts';

const SOURCE = 'active-probing';
const MICROS_PER_MS = 1000;

/** Puts on record what was asked, answered and refused, and tells the others of it: each time both, or neither. */
export class RunBook {
  readonly #store: ProbingStore;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: { store: ProbingStore; outbox: Outbox; clock: Clock; logger: Logger }) {
    this.#store = options.store;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Record, evidence and news of one probe. */
  async keep(device: Device, outcome: ProbeOutcome, exchanges: readonly NotedExchange[]): Promise<void> {
    const before = await this.#store.answer(device.ip, outcome.probe);
    const digest = digestOf(outcome.evidence);
    const isSame = before?.digest === digest;
    const source = isSame ? before.source : (outcome.evidence[0]?.packet.source ?? '');
    const evidence = isSame
      ? outcome.evidence.map((item) => ({ ...item, packet: { ...item.packet, source } }))
      : outcome.evidence;
    await this.#store.transaction(async (sql) => {
      await this.#store.saveExchanges(exchanges, sql);
      if (evidence.length === 0) return;
      const { software = [] } = outcome;
      await this.#outbox.note([this.#observation(device, source, evidence)], sql);
      if (software.length > 0) await this.#outbox.note([this.#listing(device, source, outcome.probe, software)], sql);
      if (!outcome.isWhole) return;
      const answer = { source, digest, capture: captureOf(outcome.packets) };
      await this.#store.saveAnswer(device.ip, outcome.probe, answer, sql);
      // What the same probe said last time is no longer so.
      if (before !== undefined && !isSame) await this.#outbox.note([this.#removal(device, before.source)], sql);
    });
    await this.#outbox.publish();
  }

  /** The end of a run. @returns the mark that its device has from now on; undefined where it answers as before */
  async finish(run: RunView, result: DeviceRunResult): Promise<MarkView | undefined> {
    const endedAt = this.#clock.now();
    const { outcome, reason, probes, packets, bytes } = result;
    const ended: RunView = { ...run, state: outcome, reason, probes: [...probes], packets, bytes, endedAt };
    const { id: runId, state: _state, ...fields } = ended;
    const asset = run.assetId === undefined ? {} : { assetId: run.assetId };
    const mark = outcome === 'slowed' ? { ip: run.ip, ...asset, reason, at: endedAt } : undefined;
    await this.#store.transaction(async (sql) => {
      await this.#store.saveRun(ended, sql);
      if (mark !== undefined) await this.#store.saveMark(mark, sql);
      const data = { ...fields, runId, outcome, endedAt };
      const fact = createFact('probe.completed', { key: run.assetId ?? run.ip, time: endedAt, source: SOURCE, data });
      await this.#outbox.note([fact], sql);
    });
    await this.#outbox.publish();
    return mark;
  }

  /** A device that was not asked, with the reason of the run. */
  async refuse(run: RunView): Promise<RunView> {
    const time = this.#clock.now();
    const refused: RunView = { ...run, state: 'refused', endedAt: time };
    const { id: runId, assetId, ip, policy, occasion, by, reason } = refused;
    this.#logger.info('A device was not probed', { ip, policy, occasion, reason });
    const data = { runId, ...(assetId === undefined ? {} : { assetId }), ip, policy, occasion, by, reason };
    await this.#store.transaction(async (sql) => {
      await this.#store.saveRun(refused, sql);
      const fact = createFact('probe.refused', { key: assetId ?? ip, time, source: SOURCE, data });
      await this.#outbox.note([fact], sql);
    });
    await this.#outbox.publish();
    return refused;
  }

  #observation(device: Device, source: string, evidence: readonly HostEvidence[]): Fact {
    const data = { source, sample: false, host: { ip: device.ip }, evidence: [...evidence] };
    return createFact('host.observed', { key: device.ip, time: this.#clock.now(), source: SOURCE, data });
  }

  /** Takes the place of what the same program listed of the same address before. */
  #listing(device: Device, source: string, tool: string, items: readonly ListedSoftwareItem[]): Fact {
    const time = this.#clock.now();
    const names = { ips: [device.ip], macs: [], hostnames: [] };
    const subject = {
      kind: 'device' as const,
      ...(device.assetId === undefined ? {} : { assetId: device.assetId }),
      ...names,
    };
    const list = deterministicId('lst', SOURCE, device.ip, tool);
    const parts = { isComplete: false, part: 1, parts: 1, items: [...items] };
    const data = { source, sample: false, subject, reference: source, takenAt: time, list, tool, ...parts };
    const method = 'scanner' as const;
    return createFact('software.listed', { key: list, time, source: SOURCE, data: { ...data, method } });
  }

  #removal(device: Device, source: string): Fact {
    const data = { source, sample: false };
    return createFact('source.removed', { key: device.ip, time: this.#clock.now(), source: SOURCE, data });
  }
}

/** Of what was said, not of when. */
function digestOf(evidence: readonly HostEvidence[]): string {
  const lines = evidence.map(({ attribute, value, port, role }) => `${role}|${port ?? ''}|${attribute}|${value}`);
  return createHash('sha256')
    .update([...new Set(lines)].sort().join('\n'))
    .digest('hex');
}

/** @returns a capture file of what was said, base 64; its packet numbers are those of the evidence */
function captureOf(packets: readonly WrittenPacket[]): string {
  const writer = new PcapngWriter();
  for (const { bytes, time } of packets) {
    writer.packet(bytes, 0, bytes.length, bytes.length, RAW_IP_LINK, time * MICROS_PER_MS);
  }
  return Buffer.from(writer.take()).toString('base64');
}
