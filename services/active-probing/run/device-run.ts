import { setTimeout as pause } from 'node:timers/promises';
import {
  type Credential,
  type ExchangeRecord,
  PROBES,
  type Probe,
  type ProbeNetwork,
  type ProbeResult,
  runProbe,
  type WrittenPacket,
} from '@sphinx/probes';
import type { Device, ProbePolicy } from '@sphinx/probes/policy';
import type { HostEvidence, ListedSoftwareItem } from '@sphinx/schema';
import { fits, type PlannedProbe } from '../plan/plan-probes.ts';
import { ResponseWatch } from './response-watch.ts';

/** What one probe found out on all of its ports. */
export interface ProbeOutcome {
  readonly probe: string;
  readonly evidence: readonly HostEvidence[];
  readonly packets: readonly WrittenPacket[];
  /** Names with versions, where another program found them. */
  readonly software?: readonly ListedSoftwareItem[];
  /** Somebody answered on at least one port, and no port was left out. */
  readonly isWhole: boolean;
}

/** Another program that asks in the place of the probes. */
export interface Engine {
  readonly id: string;
  readonly title: string;
  /** @param ports of TCP that were found open */
  ask(ports: readonly number[]): Promise<{
    readonly outcome: ProbeResult['outcome'];
    readonly reason: string;
    readonly packets: number;
    readonly bytes: number;
    readonly evidence: readonly HostEvidence[];
    readonly software: readonly ListedSoftwareItem[];
  }>;
}

export interface DeviceRunOptions {
  readonly device: Device;
  readonly policy: ProbePolicy;
  readonly plan: readonly PlannedProbe[];
  readonly credentials: readonly Credential[];
  /** Asks the ports that the plan found open. */
  readonly engine?: Engine | undefined;
  readonly network: ProbeNetwork;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly sourceOf: (probe: string) => string;
  /** Hears of every packet before it leaves. */
  readonly onRecord: (probe: string, record: ExchangeRecord) => void;
  /** Hears of every probe that is done, before the next begins. */
  readonly onOutcome: (outcome: ProbeOutcome) => Promise<void>;
}

export interface DeviceRunResult {
  readonly outcome: 'completed' | 'unreachable' | 'stopped' | 'slowed';
  readonly reason: string;
  readonly probes: readonly string[];
  readonly packets: number;
  readonly bytes: number;
}

const MS_PER_SECOND = 1000;
const PORT_PROBE = 'tcp-port';

/** Puts one planned question after the other to a device, at the pace of its policy, and stops as soon as it suffers. */
export async function runDevice(options: DeviceRunOptions): Promise<DeviceRunResult> {
  return new DeviceRun(options).run();
}

/** Packets of all ports stand one after the other in the capture of a probe. */
function numberedThrough(results: readonly ProbeResult[]): HostEvidence[] {
  let before = 0;
  return results.flatMap(({ evidence, packets }) => {
    const first = before;
    before += packets.length;
    return evidence.map((item) => ({ ...item, packet: { ...item.packet, number: item.packet.number + first } }));
  });
}

class DeviceRun {
  readonly #options: DeviceRunOptions;
  /** Ports of TCP that were found open, with what is known to speak there. */
  readonly #open = new Map<number, { protocol: string; isTls: boolean }>();
  readonly #probes: string[] = [];
  #watch: ResponseWatch | undefined;
  #packets = 0;
  #bytes = 0;
  #isAnswered = false;
  /** Why another program did not come to its end. */
  #trouble = '';

  constructor(options: DeviceRunOptions) {
    this.#options = options;
  }

  async run(): Promise<DeviceRunResult> {
    for (const [probe, steps] of Map.groupBy(this.#options.plan, (step) => step.probe)) {
      const reason = await this.#ask(probe, steps);
      if (this.#options.signal.aborted) return this.#result('stopped', 'Probing was stopped.');
      if (reason !== undefined) return this.#result('slowed', `After ${probe.title}: ${reason}`);
    }
    const { engine } = this.#options;
    if (engine !== undefined && this.#open.size > 0) {
      const reason = await this.#askEngine(engine);
      if (this.#options.signal.aborted) return this.#result('stopped', 'Probing was stopped.');
      if (reason !== undefined) return this.#result('slowed', `After ${engine.title}: ${reason}`);
    }
    return this.#result(
      this.#isAnswered ? 'completed' : 'unreachable',
      this.#isAnswered ? this.#trouble : 'Nobody answered.',
    );
  }

  #result(outcome: DeviceRunResult['outcome'], reason: string): DeviceRunResult {
    return { outcome, reason, probes: this.#probes, packets: this.#packets, bytes: this.#bytes };
  }

  /** @returns why the device has to be left alone, or undefined */
  async #ask(probe: Probe, steps: readonly PlannedProbe[]): Promise<string | undefined> {
    const { signal, onOutcome } = this.#options;
    const found: ProbeResult[] = [];
    let worse: string | undefined;
    for (const step of this.#due(probe, steps)) {
      if (signal.aborted || worse !== undefined) break;
      const result = await this.#step(step);
      found.push(result);
      this.#learn(step, result);
      worse = probe.id === PORT_PROBE ? await this.#beginWatch() : await this.#watch?.look();
    }
    if (found.length === 0) return worse;
    this.#probes.push(probe.id);
    const isWhole =
      worse === undefined &&
      found.every(({ outcome }) => outcome !== 'stopped') &&
      found.some(({ outcome }) => outcome === 'answered');
    await onOutcome({
      probe: probe.id,
      evidence: numberedThrough(found),
      packets: found.flatMap(({ packets }) => packets),
      isWhole,
    });
    return worse;
  }

  /** @returns why the device has to be left alone, or undefined */
  async #askEngine(engine: Engine): Promise<string | undefined> {
    const { outcome, reason, packets, bytes, evidence, software } = await engine.ask([...this.#open.keys()]);
    this.#packets += packets;
    this.#bytes += bytes;
    this.#probes.push(engine.id);
    this.#trouble = reason;
    const worse = this.#options.signal.aborted ? undefined : await this.#watch?.look();
    const isWhole = worse === undefined && outcome === 'answered';
    await this.#options.onOutcome({ probe: engine.id, evidence, packets: [], software, isWhole });
    return worse;
  }

  /** Steps as they look now that ports are known to be open or closed, and what speaks there. */
  #due(probe: Probe, steps: readonly PlannedProbe[]): PlannedProbe[] {
    if (probe.id === PORT_PROBE || probe.transport === 'udp') return [...steps];
    const planned = new Set(steps.map(({ port }) => port));
    const due = steps.filter(({ port, isConditional }) => !isConditional || this.#open.has(port));
    // A port of which the plan knew nothing turned out to speak what this probe is for.
    const found = [...this.#open].filter(
      ([port, service]) => !planned.has(port) && service.protocol !== 'unknown' && fits(probe, { port, ...service }),
    );
    const further = found.map(([port, { protocol, isTls }]) => ({
      probe,
      port,
      protocol,
      isTls,
      isConditional: false,
    }));
    return [...due, ...further].flatMap((step) => {
      const { protocol, isTls } = this.#open.get(step.port) ?? step;
      const told = protocol === 'unknown' || protocol === '' ? step.protocol : protocol;
      const isForIt = probe.protocols.length === 0 || fits(probe, { port: step.port, protocol: told, isTls });
      const isInside = isTls && !(probe.protocols.length === 1 && probe.protocols[0] === 'tls');
      return isForIt ? [{ ...step, protocol: told, isTls: step.isTls || isInside }] : [];
    });
  }

  async #step({ probe, port, protocol, isTls }: PlannedProbe): Promise<ProbeResult> {
    const { device, credentials, network, signal, now, sourceOf, onRecord } = this.#options;
    const result = await runProbe({
      probe,
      ip: device.ip,
      port,
      protocol: protocol === 'unknown' ? '' : protocol,
      isTls,
      knownNames: device.names,
      credentials: probe.needsPerson === true ? credentials : [],
      source: sourceOf(probe.id),
      network,
      signal,
      now,
      onRecord: (record) => onRecord(probe.id, record),
    });
    this.#packets += result.sentPackets;
    this.#bytes += result.sentBytes;
    this.#isAnswered ||= result.outcome === 'answered';
    await this.#keepPace(result.sentPackets);
    return result;
  }

  #learn({ probe, port }: PlannedProbe, { evidence, outcome }: ProbeResult): void {
    if (probe.transport !== 'tcp') return;
    const known = this.#options.device.services.find((one) => one.transport === 'tcp' && one.port === port);
    const before =
      this.#open.get(port) ?? (known === undefined ? undefined : { protocol: known.protocol, isTls: known.isTls });
    if (probe.id === PORT_PROBE) {
      if (outcome === 'answered') this.#open.set(port, before ?? { protocol: 'unknown', isTls: false });
      return;
    }
    const isTls = evidence.some(({ attribute }) => attribute === 'tls.server.version');
    const spoken = evidence.find(
      ({ protocol, role }) => role === 'server' && protocol !== 'unknown' && protocol !== 'tls',
    )?.protocol;
    if (!isTls && spoken === undefined) return;
    const protocol = before === undefined || before.protocol === 'unknown' ? (spoken ?? 'unknown') : before.protocol;
    // Mail, LDAP and databases begin TLS in the middle: a probe speaks to them in clear text first.
    const isFromStart = isTls && probe.protocols.includes('tls') && probe.protocols.length === 1;
    this.#open.set(port, { protocol, isTls: (before?.isTls ?? false) || isFromStart });
  }

  /** With the first open port. Of a device without one nothing can be timed. */
  async #beginWatch(): Promise<undefined> {
    const [port] = this.#open.keys();
    if (this.#watch !== undefined || port === undefined) return;
    const watch = new ResponseWatch(() => this.#timeAnswer(port), this.#options.policy.slowdown);
    this.#watch = (await watch.begin()) ? watch : undefined;
  }

  /** Opens a connection and closes it; counted, recorded and paced as every packet. */
  async #timeAnswer(port: number): Promise<number | undefined> {
    const probe = PROBES.find(({ id }) => id === PORT_PROBE);
    if (probe === undefined) return undefined;
    const { device, network, signal, now, sourceOf, onRecord } = this.#options;
    let began = 0;
    let ended: number | undefined;
    const timed: ProbeNetwork = {
      ...network,
      async openTcp(...parameters) {
        began = performance.now();
        const channel = await network.openTcp(...parameters);
        if (channel !== undefined) ended = performance.now();
        return channel;
      },
    };
    const result = await runProbe({
      probe,
      ip: device.ip,
      port,
      source: sourceOf('response-time'),
      network: timed,
      signal,
      now,
      onRecord: (record) => onRecord('response-time', record),
    });
    this.#packets += result.sentPackets;
    await this.#keepPace(result.sentPackets);
    return ended === undefined ? undefined : ended - began;
  }

  async #keepPace(packets: number): Promise<void> {
    const { policy, signal } = this.#options;
    const waitMs = (packets / policy.packetsPerSecond) * MS_PER_SECOND;
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
