import { flowState } from '../../flow/flow-state.ts';
import { ACK, SYN } from '../../flow/transport-header.ts';
import type { ImportedFlow, TrafficImporter } from '../imported-traffic.ts';
import type { ExportedFlow } from './exported-flow.ts';

const MAXIMUM_WAITING = 100_000;
/** Both directions of a flow leave their exporter within this time of each other: its time-outs are about a minute. */
const PAIRING_MICROS = 90_000_000;
/** Most systems choose ports of clients from 32768 (Linux) or 49152 (RFC 6335 §6) on. */
const FIRST_EPHEMERAL_PORT = 32_768;
const FIRST_REGISTERED_PORT = 1024;

interface WaitingFlow {
  flow: ExportedFlow;
  readonly sinceMicros: number;
}

/**
 * Joins the two one-way records that most exporters send of one flow. A record waits for its other direction; what finds
 * none is a one-way flow. Who opened it is told by flags, ports and time where the exporter does not say it.
 */
export class BiflowAssembler {
  readonly #importer: TrafficImporter;
  readonly #waiting = new Map<string, WaitingFlow>();

  constructor(importer: TrafficImporter) {
    this.#importer = importer;
  }

  /** @param nowMicros when the record was sent, by the exporter's clock */
  add(flow: ExportedFlow, nowMicros: number): void {
    if ((flow.reversePackets ?? 0) > 0 || flow.isRejected === true) {
      this.#emit(flow, undefined);
      return;
    }
    const other = this.#take(keyOf(flow, true));
    if (other !== undefined) {
      this.#emit(other.flow, flow);
      return;
    }
    const key = keyOf(flow, false);
    const earlier = this.#waiting.get(key);
    if (earlier !== undefined && flow.isSampled) {
      earlier.flow = merged(earlier.flow, flow);
      return;
    }
    if (earlier !== undefined) this.#emit(earlier.flow, undefined);
    this.#waiting.delete(key);
    this.#waiting.set(key, { flow, sinceMicros: nowMicros });
    if (this.#waiting.size > MAXIMUM_WAITING) this.#giveUpOldest();
  }

  /** Gives up waiting for what came long before `nowMicros`; without it, for everything. */
  flush(nowMicros = Number.POSITIVE_INFINITY): void {
    for (const [key, { flow, sinceMicros }] of this.#waiting) {
      // Insertion order is order of time, as far as exporters' clocks agree.
      if (nowMicros - sinceMicros < PAIRING_MICROS) return;
      this.#waiting.delete(key);
      this.#emit(flow, undefined);
    }
  }

  #take(key: string): WaitingFlow | undefined {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    return waiting;
  }

  #giveUpOldest(): void {
    const oldest = this.#waiting.entries().next();
    if (oldest.done) return;
    const [key, { flow }] = oldest.value;
    this.#waiting.delete(key);
    this.#emit(flow, undefined);
  }

  #emit(first: ExportedFlow, second: ExportedFlow | undefined): void {
    const whole = second === undefined ? first : joined(first, second);
    this.#importer.flow(importedFlow(isFromClient(first, second) ? whole : reversed(whole)));
  }
}

function keyOf(flow: ExportedFlow, isReversed: boolean): string {
  const source = `${flow.sourceIp}|${flow.sourcePort}`;
  const destination = `${flow.destinationIp}|${flow.destinationPort}`;
  return `${flow.transport}|${isReversed ? `${destination}|${source}` : `${source}|${destination}`}`;
}

function isFromClient(first: ExportedFlow, second: ExportedFlow | undefined): boolean {
  if (first.initiator !== undefined) return first.initiator === 'source';
  // Whoever only ever sent SYN asked and got nothing; SYN and ACK alone is the answer to one (AWS tells no other flags).
  if (first.tcpFlags === SYN || second?.tcpFlags === (SYN | ACK)) return true;
  if (first.tcpFlags === (SYN | ACK) || second?.tcpFlags === SYN) return false;
  const difference = portClass(first.destinationPort) - portClass(first.sourcePort);
  if (difference !== 0) return difference < 0;
  if (second === undefined) return true;
  if (second.firstSeenMicros !== first.firstSeenMicros) return first.firstSeenMicros < second.firstSeenMicros;
  return first.sourcePort >= first.destinationPort;
}

function portClass(port: number): number {
  if (port < FIRST_REGISTERED_PORT) return 0;
  return port < FIRST_EPHEMERAL_PORT ? 1 : 2;
}

/** Both directions as one record, told from the end that sent `first`. */
function joined(first: ExportedFlow, second: ExportedFlow): ExportedFlow {
  return {
    ...first,
    destinationMac: first.destinationMac ?? second.sourceMac,
    vlan: first.vlan ?? second.vlan,
    application: first.application || second.application || '',
    isSampled: first.isSampled || second.isSampled,
    reverseBytes: second.bytes,
    reversePackets: second.packets,
    reverseTcpFlags: second.tcpFlags,
    firstSeenMicros: Math.min(first.firstSeenMicros, second.firstSeenMicros),
    lastSeenMicros: Math.max(first.lastSeenMicros, second.lastSeenMicros),
  };
}

/** Two samples of one direction. */
function merged(earlier: ExportedFlow, later: ExportedFlow): ExportedFlow {
  return {
    ...earlier,
    bytes: earlier.bytes + later.bytes,
    packets: earlier.packets + later.packets,
    tcpFlags: earlier.tcpFlags | later.tcpFlags,
    lastSeenMicros: Math.max(earlier.lastSeenMicros, later.lastSeenMicros),
  };
}

/** The same record told from the other end. */
function reversed(flow: ExportedFlow): ExportedFlow {
  return {
    ...flow,
    sourceIp: flow.destinationIp,
    destinationIp: flow.sourceIp,
    sourcePort: flow.destinationPort,
    destinationPort: flow.sourcePort,
    sourceMac: flow.destinationMac,
    destinationMac: flow.sourceMac,
    bytes: flow.reverseBytes ?? 0,
    packets: flow.reversePackets ?? 0,
    tcpFlags: flow.reverseTcpFlags ?? 0,
    reverseBytes: flow.bytes,
    reversePackets: flow.packets,
    reverseTcpFlags: flow.tcpFlags,
  };
}

function importedFlow(flow: ExportedFlow): ImportedFlow {
  const { packets, reversePackets = 0, tcpFlags, reverseTcpFlags = 0, sourceMac, destinationMac, vlan } = flow;
  const isOneWay = packets === 0 || reversePackets === 0;
  return {
    clientIp: flow.sourceIp,
    serverIp: flow.destinationIp,
    clientPort: flow.sourcePort,
    serverPort: flow.destinationPort,
    transport: flow.transport,
    ...(sourceMac === undefined ? {} : { clientMac: sourceMac }),
    ...(destinationMac === undefined ? {} : { serverMac: destinationMac }),
    ...(vlan === undefined ? {} : { vlan }),
    // A port is no proof of a protocol: only an exporter that looked inside names one.
    protocol: (flow.application ?? '') === '' ? 'unknown' : (flow.application ?? '').toLowerCase(),
    bytesToServer: flow.bytes,
    packetsToServer: packets,
    bytesToClient: flow.reverseBytes ?? 0,
    packetsToClient: reversePackets,
    tcpFlagsToServer: tcpFlags,
    tcpFlagsToClient: reverseTcpFlags,
    state:
      flow.isRejected === true
        ? 'rejected'
        : flowState({
            transport: flow.transport,
            tcpFlagsToServer: tcpFlags,
            tcpFlagsToClient: reverseTcpFlags,
            packetsToServer: packets,
            packetsToClient: reversePackets,
          }),
    reportedBy: flow.reportedBy,
    // An exporter may see one direction only. A lone SYN of an exporter that sees every packet did find no answer.
    isPartial: flow.isRejected !== true && isOneWay && (flow.isSampled || tcpFlags !== SYN),
    firstSeenMicros: flow.firstSeenMicros,
    lastSeenMicros: flow.lastSeenMicros,
  };
}
