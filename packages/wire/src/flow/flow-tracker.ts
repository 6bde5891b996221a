// Hot path, guarded by bench/analyze.ts: `track` touches typed arrays only, but for the first packet of a flow.
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { Packet } from '../packet.ts';
import type { AddressBook } from './address-book.ts';
import { Flow } from './flow.ts';
import { FlowTable, HIGHER, LOWER, type Side } from './flow-table.ts';
import { ACK, FIN, RST, SYN } from './transport-header.ts';

/**
 * Silence after which a flow is over, by packet time. What comes later is another flow, whether the silent one was cleared
 * away meanwhile or not: flows do not depend on how often somebody looks. An ended connection still gets late segments and
 * repeated FINs (RFC 6298 §5.5); a single question and answer is over sooner than what goes on.
 */
const TCP_IDLE_MICROS = 300_000_000;
const ENDED_TCP_IDLE_MICROS = 30_000_000;
const EXCHANGE_IDLE_MICROS = 60_000_000;
const OTHER_IDLE_MICROS = 180_000_000;
const EXCHANGE_PACKETS = 2;
/**
 * In live traffic somebody waits to hear of it: a connection that was closed or refused, or that nobody has answered, is told
 * after this time. Late segments of it are another flow then (as Zeek has it with `tcp_close_delay` and `tcp_attempt_delay`).
 */
const SETTLED_MICROS = 5_000_000;
/** A mirror port that sees a packet come and go gives it twice at once; who repeats it waits for an answer first. */
const MIRRORED_TWICE_MICROS = 1000;
/** Packets that others overtook come within this; what was lost is sent again later, mostly. */
const OVERTAKEN_MICROS = 3000;

/** Told when a flow is over, for whatever reason; its counters are read for the last time. */
export type FlowEnded = (flow: Flow) => void;

/** Assigns packets to flows and counts them. */
export class FlowTracker {
  readonly table: FlowTable;
  readonly #flows: (Flow | undefined)[];
  readonly #addresses: AddressBook;
  readonly #onEnd: FlowEnded;
  /** Flows that were begun, ever. */
  begun = 0;
  /** Flows that were given up for want of room. */
  evicted = 0;
  /** A flood opens flows that nobody answers, or that say nothing clinical: those of care are given up last. */
  readonly #worthOf = (slot: number): number => {
    const { packets } = this.table;
    if (packets[LOWER][slot] === 0 || packets[HIGHER][slot] === 0) return 0;
    const { room } = this.#flowAt(slot);
    if (room?.isClinical === true) return 3;
    return room === undefined ? 1 : 2;
  };
  /** Of the packet that was tracked last. */
  side: Side = LOWER;
  isFirstOfSide = false;
  /** TCP: everything that it carries was sent before. */
  isRepeated = false;

  constructor(capacity: number, addresses: AddressBook, onEnd: FlowEnded) {
    this.#addresses = addresses;
    this.table = new FlowTable(capacity);
    this.#flows = new Array(capacity);
    this.#onEnd = onEnd;
  }

  /** Counts the packet. @returns its flow */
  track(packet: Packet): Flow {
    const { table } = this;
    const { ip, transport, timeMicros } = packet;
    const side = this.#fillKey(packet);
    this.side = side;
    const hash = table.hash();
    let slot = table.find(hash);
    if (slot >= 0 && this.#isAnotherFlow(slot, packet)) {
      this.#end(slot);
      this.#fillKey(packet);
      slot = -1;
    }
    if (slot < 0) slot = this.#begin(hash, packet);
    const packets = table.packets[side];
    this.isFirstOfSide = packets[slot] === 0;
    packets[slot] = (packets[slot] ?? 0) + 1;
    const bytes = table.bytes[side];
    bytes[slot] = (bytes[slot] ?? 0) + packet.length;
    this.isRepeated = ip.protocol === PROTOCOL_TCP && this.#follow(slot, packet);
    table.lastMicros[slot] = timeMicros;
    table.lastPacket[slot] = packet.number;
    if (ip.payloadEnd > transport.payloadOffset) table.hasSentData[side][slot] = 1;
    if (transport.flags !== 0) {
      const flags = table.flags[side];
      flags[slot] = (flags[slot] ?? 0) | transport.flags;
      if ((transport.flags & SYN) !== 0) table.synSequence[side][slot] = transport.sequence;
    }
    return this.#flowAt(slot);
  }

  /**
   * Follows what a side sends next (RFC 9293 §3.4). Before the time of the last packet is noted.
   *
   * @returns whether the segment repeats what was sent before: not a probe that keeps the connection alive (§3.8.4), not a packet
   *   that the mirror port gave twice, and not one that others overtook
   */
  #follow(slot: number, { ip, transport, timeMicros }: Packet): boolean {
    const length = ip.payloadEnd - transport.payloadOffset;
    const state = this.table.sequenceState[this.side];
    if ((transport.flags & SYN) !== 0) {
      if (state[slot] !== 0) state[slot] = 0;
      return false;
    }
    if (length <= 0) return false;
    const next = this.table.nextSequence[this.side];
    const end = (transport.sequence + length) >>> 0;
    const ahead = (end - (next[slot] ?? 0)) | 0;
    if (state[slot] === 0 || ahead > 0) {
      const hasHole = state[slot] !== 0 && length - ahead < 0;
      if (hasHole) state[slot] = 2;
      else if (state[slot] === 0) state[slot] = 1;
      next[slot] = end;
      return false;
    }
    const sinceMicros = timeMicros - (this.table.lastMicros[slot] ?? 0);
    if (ahead === 0) return length > 1 && sinceMicros >= MIRRORED_TWICE_MICROS;
    return state[slot] === 1 || sinceMicros >= OVERTAKEN_MICROS;
  }

  /** Ends the flow under the clock hand when it was idle for too long; called once per packet, it comes to every flow. */
  expireUnderHand(timeMicros: number): void {
    const slot = this.table.nextUnderHand();
    if (this.table.isUsed(slot) && this.#isIdle(slot, timeMicros)) this.#end(slot);
  }

  /** Ends every flow of live traffic that is over or came to nothing; called now and then, never for each packet. */
  endSettled(timeMicros: number): void {
    for (const slot of this.table.slots()) if (this.#isSettled(slot, timeMicros)) this.#end(slot);
  }

  endAll(): void {
    for (const slot of this.table.slots()) this.#end(slot);
  }

  /** Fills the key with the ends in canonical order. @returns the side that sent the packet */
  #fillKey({ ip, transport, frame }: Packet): Side {
    const { key } = this.table;
    const { sourcePort, destinationPort } = transport;
    const order =
      ip.source0 - ip.destination0 ||
      ip.source1 - ip.destination1 ||
      ip.source2 - ip.destination2 ||
      ip.source3 - ip.destination3 ||
      sourcePort - destinationPort;
    const isSourceLower = order <= 0;
    const s = isSourceLower ? 0 : 4;
    const d = isSourceLower ? 4 : 0;
    key[s] = ip.source0;
    key[s + 1] = ip.source1;
    key[s + 2] = ip.source2;
    key[s + 3] = ip.source3;
    key[d] = ip.destination0;
    key[d + 1] = ip.destination1;
    key[d + 2] = ip.destination2;
    key[d + 3] = ip.destination3;
    key[8] = isSourceLower ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
    key[9] = ((frame.vlan + 1) << 12) | (ip.version << 8) | ip.protocol;
    key[10] = frame.tunnel;
    return isSourceLower ? LOWER : HIGHER;
  }

  /** A SYN on a connection that has ended, or silence for longer than a flow lives. */
  #isAnotherFlow(slot: number, packet: Packet): boolean {
    const isSyn = (packet.transport.flags & (SYN | ACK)) === SYN;
    return (isSyn && this.#isClosing(slot)) || this.#isIdle(slot, packet.timeMicros);
  }

  #isClosing(slot: number): boolean {
    const { flags } = this.table;
    return (((flags[LOWER][slot] ?? 0) | (flags[HIGHER][slot] ?? 0)) & (FIN | RST)) !== 0;
  }

  #isIdle(slot: number, timeMicros: number): boolean {
    const idleMicros = timeMicros - (this.table.lastMicros[slot] ?? timeMicros);
    if (idleMicros < ENDED_TCP_IDLE_MICROS) return false;
    if (this.#flowAt(slot).transport === 'tcp') {
      return idleMicros >= (this.#isClosing(slot) ? ENDED_TCP_IDLE_MICROS : TCP_IDLE_MICROS);
    }
    const { packets } = this.table;
    const isExchange = (packets[LOWER][slot] ?? 0) + (packets[HIGHER][slot] ?? 0) <= EXCHANGE_PACKETS;
    return idleMicros >= (isExchange ? EXCHANGE_IDLE_MICROS : OTHER_IDLE_MICROS);
  }

  #isSettled(slot: number, timeMicros: number): boolean {
    const { flags, packets, firstMicros, lastMicros, isLowerClient } = this.table;
    const idleMicros = timeMicros - (lastMicros[slot] ?? timeMicros);
    if (this.#isIdle(slot, timeMicros)) return true;
    if (this.#flowAt(slot).transport !== 'tcp') return false;
    if (this.#isClosing(slot)) return idleMicros >= SETTLED_MICROS;
    const client: Side = isLowerClient[slot] === 1 ? LOWER : HIGHER;
    if (((flags[client][slot] ?? 0) & (SYN | ACK)) !== SYN) return false;
    // A server repeats its answer to whoever has asked and says no more: its silence is not waited for.
    const isAnswered = (packets[client === LOWER ? HIGHER : LOWER][slot] ?? 0) > 0;
    const ageMicros = timeMicros - (firstMicros[slot] ?? timeMicros);
    return (isAnswered ? ageMicros : idleMicros) >= SETTLED_MICROS;
  }

  #begin(hash: number, packet: Packet): number {
    const { table } = this;
    let bucket = hash;
    if (table.isFull) {
      this.evicted += 1;
      this.#end(table.findDispensable(this.#worthOf));
      this.#fillKey(packet);
      bucket = table.hash();
    }
    const slot = table.insert(bucket);
    table.firstMicros[slot] = packet.timeMicros;
    const isFromClient = isSentByClient(packet);
    table.isLowerClient[slot] = (this.side === LOWER) === isFromClient ? 1 : 0;
    this.begun += 1;
    this.#flows[slot] = new Flow(table, slot, packet, isFromClient, this.#addresses);
    return slot;
  }

  #end(slot: number): void {
    this.#onEnd(this.#flowAt(slot));
    this.#flows[slot] = undefined;
    this.table.remove(slot);
  }

  #flowAt(slot: number): Flow {
    const flow = this.#flows[slot];
    if (flow === undefined) throw new Error(`No flow in slot ${slot}`);
    return flow;
  }
}

/** Who opened the conversation: the sender of a SYN; else the end with the higher port; else who speaks first. */
function isSentByClient({ ip, transport }: Packet): boolean {
  const { flags, sourcePort, destinationPort } = transport;
  if (ip.protocol === PROTOCOL_TCP && (flags & SYN) !== 0) return (flags & ACK) === 0;
  if (sourcePort === destinationPort) return true;
  const isSourceWellKnown = sourcePort < 1024;
  const isDestinationWellKnown = destinationPort < 1024;
  if (isSourceWellKnown !== isDestinationWellKnown) return isDestinationWellKnown;
  return ip.protocol === PROTOCOL_UDP ? true : sourcePort > destinationPort;
}
