import type { Flow } from '../flow/flow.ts';
import type { FlowTable, Side } from '../flow/flow-table.ts';
import { RST, SYN } from '../flow/transport-header.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { Packet } from '../packet.ts';
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
    if (flow.isInspectionOver) return;
    const { ip, transport, bytes } = packet;
    let hasPayload = ip.payloadEnd > transport.payloadOffset;
    if (ip.protocol === PROTOCOL_TCP) {
      // What comes with a reset says why, at most: it is no part of the stream (RFC 9293 §3.5.3).
      if ((transport.flags & RST) !== 0) hasPayload = false;
      if (hasPayload || (transport.flags & (SYN | RST)) !== 0) this.#segment(packet, flow, side, hasPayload);
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
    // Who resets a connection before anything was said and then talks did not reset it: somebody else wants it not to be heard.
    if (!(inspection instanceof StreamInspection)) return;
    const isSyn = (transport.flags & SYN) !== 0;
    const direction = isFromClient ? 'to-server' : 'to-client';
    if (isSyn) inspection.synchronise(direction, transport.sequence);
    const sequence = isSyn ? (transport.sequence + 1) >>> 0 : transport.sequence;
    const payloadEnd = hasPayload ? packet.ip.payloadEnd : transport.payloadOffset;
    let isWanted = inspection.segment(direction, sequence, packet.bytes, transport.payloadOffset, payloadEnd);
    if (isWanted && (transport.flags & RST) !== 0) {
      inspection.end();
      isWanted = false;
    }
    if (!isWanted) this.#stop(flow);
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
