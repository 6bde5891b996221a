import type { StreamEvent } from '@sphinx/schema';
import { addressBound, type Bound } from '../address-set.ts';
import type { Direction, InspectedFlowState, InspectedPacket, TransactionView } from '../inspector.ts';
import type { MatchContext, RuleVariablesStore } from '../rule.ts';
import { Subject } from '../subject.ts';
import { FlowNotes } from './flow-notes.ts';
import { InspectionState } from './inspection.ts';

const TRANSPORT_NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
/** Bits of hosts that are kept at a time; beyond this the longest known are forgotten. */
const MAXIMUM_TIMED_BITS = 200_000;

/** Variables that rules leave for each other, on flows and hosts. */
export class VariablesStore implements RuleVariablesStore {
  readonly #timed = new Map<string, number>();

  flowBits(flow: InspectedFlowState): Set<string> {
    return notesOf(flow, 0).bits;
  }

  flowNumbers(flow: InspectedFlowState): Map<string, number> {
    return notesOf(flow, 0).numbers;
  }

  streamBytes(flow: InspectedFlowState, direction: Direction): number {
    return notesOf(flow, 0).of(direction).streamBytes;
  }

  firstMicros(flow: InspectedFlowState): number {
    return notesOf(flow, 0).firstMicros;
  }

  hasTimedBit(key: string, timeMicros: number): boolean {
    const expires = this.#timed.get(key);
    return expires !== undefined && expires >= timeMicros;
  }

  setTimedBit(key: string, expiresMicros: number): void {
    this.#timed.delete(key);
    this.#timed.set(key, expiresMicros);
    if (this.#timed.size <= MAXIMUM_TIMED_BITS) return;
    const oldest = this.#timed.keys().next().value;
    if (oldest !== undefined) this.#timed.delete(oldest);
  }

  clearTimedBit(key: string): void {
    this.#timed.delete(key);
  }
}

/** @returns the engine's notes on a flow, made when it is first seen */
export function notesOf(flow: InspectedFlowState, timeMicros: number): FlowNotes {
  if (flow.notes instanceof FlowNotes) return flow.notes;
  const notes = new FlowNotes(flow, timeMicros);
  flow.notes = notes;
  return notes;
}

/** What rules are asked about at the moment. One object for all events: nothing of it is kept. */
export class MatchState implements MatchContext {
  readonly variables = new VariablesStore();
  readonly inspection = new InspectionState();
  timeMicros = 0;
  packetNumber = 0;
  direction: Direction = 'to-server';
  flow: InspectedFlowState | undefined;
  notes: FlowNotes | undefined;
  packet: InspectedPacket | undefined;
  view: TransactionView | undefined;
  /** What is irregular in the connection at hand. */
  streamEvents: readonly StreamEvent[] = [];
  /** The request that `view` answers. */
  request: TransactionView | undefined;
  transport = '';
  ipVersion: 4 | 6 = 4;
  /** What `flow:established` asks: of a packet of TCP, whether it came after the handshake. */
  isEstablished = false;
  sourceIp = '';
  destinationIp = '';
  source: Bound | undefined;
  destination: Bound | undefined;
  sourcePort = 0;
  destinationPort = 0;
  /** Where the payload is, and what is made of it once a rule asks. */
  #payloadBytes: Uint8Array | undefined;
  #payloadStart = 0;
  #payloadEnd = 0;
  #streamOffset = 0;
  #payload: Subject | undefined;
  #subjects = new Map<Uint8Array, Subject>();

  /** Payload of the packet, or the stretch of stream. */
  get payload(): Subject | undefined {
    if (this.#payloadBytes === undefined) return undefined;
    this.#payload ??= new Subject(
      this.#payloadBytes.subarray(this.#payloadStart, this.#payloadEnd),
      this.#streamOffset,
    );
    return this.#payload;
  }

  get hasPayload(): boolean {
    return this.#payloadBytes !== undefined;
  }

  /** @param streamOffset where these bytes begin in their stream */
  setPayload(bytes: Uint8Array | undefined, start: number, end: number, streamOffset: number): void {
    this.#payloadBytes = bytes;
    this.#payloadStart = start;
    this.#payloadEnd = end;
    this.#streamOffset = streamOffset;
    this.#payload = undefined;
  }

  /** @returns these bytes of a transaction as rules look at them: once for all rules */
  subjectOf(bytes: Uint8Array): Subject {
    let subject = this.#subjects.get(bytes);
    if (subject === undefined) {
      subject = new Subject(bytes);
      this.#subjects.set(bytes, subject);
    }
    return subject;
  }

  /** A new packet is at hand. */
  takePacket(packet: InspectedPacket): void {
    this.packet = packet;
    this.timeMicros = packet.timeMicros;
    this.packetNumber = packet.packetNumber;
    if (packet.flow !== undefined) this.#takeFlowPacket(packet.flow, packet.direction);
    else this.#takeLoosePacket(packet);
  }

  /** The packet that completes a handshake is not yet one of an established flow. */
  #takeFlowPacket(flow: InspectedFlowState, direction: Direction): void {
    const notes = this.takeFlow(flow, direction);
    if (notes.wasEstablished || !this.isEstablished) return;
    notes.wasEstablished = true;
    this.isEstablished = this.transport !== 'tcp';
  }

  /** Something of this flow, in this direction, is at hand. */
  takeFlow(flow: InspectedFlowState, direction: Direction): FlowNotes {
    const notes = notesOf(flow, this.timeMicros);
    const isToServer = direction === 'to-server';
    this.flow = flow;
    this.notes = notes;
    this.direction = direction;
    this.transport = flow.transport;
    this.isEstablished = notes.wasEstablished || flow.isEstablished;
    this.sourceIp = isToServer ? flow.clientIp : flow.serverIp;
    this.destinationIp = isToServer ? flow.serverIp : flow.clientIp;
    this.source = isToServer ? notes.client : notes.server;
    this.destination = isToServer ? notes.server : notes.client;
    this.sourcePort = isToServer ? flow.clientPort : flow.serverPort;
    this.destinationPort = isToServer ? flow.serverPort : flow.clientPort;
    this.ipVersion = typeof notes.client === 'number' ? 4 : 6;
    this.view = undefined;
    this.request = undefined;
    if (this.#subjects.size > 0) this.#subjects.clear();
    return notes;
  }

  /** Fragments and outer packets of tunnels belong to no flow. */
  #takeLoosePacket({ bytes, ipOffset, ipVersion, ipProtocol, direction }: InspectedPacket): void {
    this.flow = undefined;
    this.notes = undefined;
    this.isEstablished = false;
    this.view = undefined;
    this.request = undefined;
    if (this.#subjects.size > 0) this.#subjects.clear();
    this.direction = direction;
    this.ipVersion = ipVersion;
    this.transport = TRANSPORT_NAMES[ipProtocol] ?? `ip-${ipProtocol}`;
    this.sourcePort = this.destinationPort = 0;
    this.sourceIp = addressText(bytes, ipOffset + (ipVersion === 4 ? 12 : 8), ipVersion);
    this.destinationIp = addressText(bytes, ipOffset + (ipVersion === 4 ? 16 : 24), ipVersion);
    this.source = addressBound(this.sourceIp);
    this.destination = addressBound(this.destinationIp);
  }
}

function addressText(bytes: Uint8Array, at: number, version: 4 | 6): string {
  if (version === 4) return bytes.subarray(at, at + 4).join('.');
  const words: string[] = [];
  for (let index = 0; index < 16; index += 2) {
    words.push((((bytes[at + index] ?? 0) << 8) | (bytes[at + index + 1] ?? 0)).toString(16));
  }
  return words.join(':');
}
