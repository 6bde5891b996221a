import { word32 } from '../bytes/match.ts';
import type { Flow } from '../flow/flow.ts';
import type { FlowTable, Side } from '../flow/flow-table.ts';
import { ACK, RST, SYN } from '../flow/transport-header.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { Packet } from '../packet.ts';
import type { Direction } from '../protocol.ts';
import { DatagramInspection } from './datagram-inspection.ts';
import type { InspectionSurroundings } from './room-context.ts';
import { StreamInspection } from './stream-inspection.ts';

/** Leads the payload of every flow to its inspection, which begins with the first payload and ends when nothing more is wanted. */
export class PayloadInspector {
  readonly #table: FlowTable;
  readonly #surroundings: InspectionSurroundings;

  constructor(table: FlowTable, surroundings: InspectionSurroundings) {
    this.#table = table;
    this.#surroundings = surroundings;
  }

  /** @param side of the flow that sent the packet */
  inspect(packet: Packet, flow: Flow, side: Side): void {
    const { ip, transport, bytes } = packet;
    if (flow.isInspectionOver && (transport.flags & SYN) === 0) return;
    const hasPayload = ip.payloadEnd > transport.payloadOffset;
    if (ip.protocol === PROTOCOL_TCP) {
      // A reset ends nothing here: whoever stands beside can forge one that its receiver does not take (RFC 5961 §3), and
      // a connection that was reset says no more. What comes with it says why, at most: it is no part of the stream
      // (RFC 9293 §3.5.3).
      if ((transport.flags & RST) !== 0) return;
      if ((transport.flags & SYN) !== 0 && this.#isAnotherConnection(packet, flow, side)) this.#beginAnew(flow);
      if (flow.isInspectionOver) return;
      if (hasPayload || (transport.flags & SYN) !== 0) this.#segment(packet, flow, side, hasPayload);
    } else if (ip.protocol === PROTOCOL_UDP && hasPayload) {
      flow.inspection ??= new DatagramInspection(flow, this.#surroundings);
      if (flow.inspection instanceof StreamInspection) return;
      const direction = side === flow.clientSide ? 'to-server' : 'to-client';
      const payload = bytes.subarray(transport.payloadOffset, ip.payloadEnd);
      if (!flow.inspection.datagram(direction, payload)) this.#stop(flow);
    }
  }

  /** The flow is over: what still waits is parsed as far as it is there. */
  end(flow: Flow): void {
    flow.inspection?.end();
    this.#stop(flow);
  }

  #segment(packet: Packet, flow: Flow, side: Side, hasPayload: boolean): void {
    const { transport } = packet;
    const isFromClient = side === flow.clientSide;
    let inspection = flow.inspection;
    if (inspection === undefined && hasPayload) {
      inspection = this.#begin(flow);
      flow.inspection = inspection;
    }
    if (!(inspection instanceof StreamInspection)) return;
    const isSyn = (transport.flags & SYN) !== 0;
    const direction = isFromClient ? 'to-server' : 'to-client';
    if (isSyn) inspection.synchronise(direction, transport.sequence);
    const sequence = isSyn ? (transport.sequence + 1) >>> 0 : transport.sequence;
    const payloadEnd = hasPayload ? packet.ip.payloadEnd : transport.payloadOffset;
    const isWanted =
      this.#acknowledge(packet, inspection, direction) &&
      inspection.segment(direction, sequence, packet.bytes, transport.payloadOffset, payloadEnd);
    if (!isWanted) this.#stop(flow);
  }

  /** What is said in answer comes behind what it answers, also where some of that was lost. @returns false when no more is wanted */
  #acknowledge({ transport, bytes }: Packet, inspection: StreamInspection, direction: Direction): boolean {
    const other = direction === 'to-server' ? 'to-client' : 'to-server';
    if (!inspection.mayMiss(other) || (transport.flags & ACK) === 0) return true;
    return inspection.acknowledged(other, word32(bytes, transport.headerOffset + 8));
  }

  /**
   * A SYN alone opens nothing where its receiver still talks (RFC 5961 §4.2): an end that has forgotten the connection is known
   * by the answer to it. Where no answers are seen at all there is nothing else to go by.
   */
  #isAnotherConnection({ transport, bytes }: Packet, flow: Flow, side: Side): boolean {
    const { inspection, slot, clientSide, serverSide } = flow;
    const { packets, synSequence } = this.#table;
    const isOpen = inspection instanceof StreamInspection;
    if (!isOpen && !flow.isInspectionOver) return false;
    if (packets[serverSide][slot] === 0) return isOpen && inspection.isHeard('to-server');
    if (side === clientSide || (transport.flags & ACK) === 0) return false;
    const opened = ((synSequence[clientSide][slot] ?? 0) + 1) >>> 0;
    if (word32(bytes, transport.headerOffset + 8) !== opened) return false;
    return !isOpen || inspection.isHeard('to-client') || inspection.isElsewhere('to-server', opened);
  }

  /** What was said on the connection before is over. */
  #beginAnew(flow: Flow): void {
    this.end(flow);
    flow.isInspectionOver = false;
  }

  #begin(flow: Flow): StreamInspection {
    const inspection = new StreamInspection(flow, this.#surroundings);
    const { flags, synSequence } = this.#table;
    const { slot, clientSide, serverSide } = flow;
    if (((flags[clientSide][slot] ?? 0) & SYN) !== 0) {
      inspection.synchronise('to-server', synSequence[clientSide][slot] ?? 0);
    }
    if (((flags[serverSide][slot] ?? 0) & SYN) !== 0) {
      inspection.synchronise('to-client', synSequence[serverSide][slot] ?? 0);
    }
    return inspection;
  }

  #stop(flow: Flow): void {
    if (flow.inspection instanceof StreamInspection) flow.inspection.release();
    flow.inspection = undefined;
    flow.files?.end();
    flow.isInspectionOver = true;
  }
}
