import type { DecoderEvent } from '@sphinx/schema';
import type { InspectedFlowState, InspectedPacket } from '../inspector.ts';
import { decoderEvents } from '../ip/decoder-events.ts';
import { PROTOCOL_SCTP, PROTOCOL_TCP, PROTOCOL_UDP } from '../ip/ip-packet.ts';
import type { Packet } from '../packet.ts';
import type { Direction } from '../protocol.ts';

/** The packet at hand as an inspector sees it. */
export class PacketView implements InspectedPacket {
  bytes: Uint8Array = new Uint8Array(0);
  linkOffset = -1;
  ipOffset = 0;
  ipVersion: 4 | 6 = 4;
  ipProtocol = 0;
  transportOffset = -1;
  payloadOffset = 0;
  payloadEnd = 0;
  isFragment = false;
  timeMicros = 0;
  packetNumber = 0;
  direction: Direction = 'to-server';
  flow: InspectedFlowState | undefined;
  frameOffset = 0;
  frameEnd = 0;
  linkType = 0;
  outerIpOffset = -1;
  tunnelDepth = 0;
  #capturedEnd = 0;
  #fragmentEvents: readonly DecoderEvent[] = [];
  #events: readonly DecoderEvent[] | undefined;

  /** @param hasTransport the transport header is whole */
  show(packet: Packet, hasTransport: boolean, flow: InspectedFlowState | undefined, direction: Direction): this {
    const { ip, frame, transport } = packet;
    this.bytes = packet.bytes;
    this.linkOffset = frame.ethernetOffset;
    this.ipOffset = packet.ipOffset;
    this.ipVersion = ip.version === 4 ? 4 : 6;
    this.ipProtocol = ip.protocol;
    const hasPorts = ip.protocol === PROTOCOL_TCP || ip.protocol === PROTOCOL_UDP || ip.protocol === PROTOCOL_SCTP;
    const isHeaderless = hasPorts && !hasTransport;
    this.transportOffset = ip.fragmentOffset > 0 && ip.isFragment ? -1 : isHeaderless ? -1 : ip.payloadOffset;
    this.payloadOffset = hasTransport ? transport.payloadOffset : ip.payloadOffset;
    this.payloadEnd = ip.payloadEnd;
    this.isFragment = ip.isFragment;
    this.timeMicros = packet.timeMicros;
    this.packetNumber = packet.number;
    this.flow = flow;
    this.direction = direction;
    this.frameOffset = packet.tunnelDepth > 0 ? packet.ipOffset : packet.frameOffset;
    this.frameEnd = packet.capturedEnd;
    this.linkType = packet.linkType;
    this.outerIpOffset = packet.outerIpOffset;
    this.tunnelDepth = packet.tunnelDepth;
    this.#capturedEnd = packet.capturedEnd;
    this.#fragmentEvents = packet.fragmentEvents;
    this.#events = undefined;
    return this;
  }

  decoderEvents(): readonly DecoderEvent[] {
    this.#events ??= [...this.#fragmentEvents, ...decoderEvents(this.bytes, this.ipOffset, this.#capturedEnd)];
    return this.#events;
  }
}
