// Hot path, guarded by bench/analyze.ts: `packet` touches typed arrays only, until a flow is inspected.
import { deterministicId } from '@sphinx/schema';
import {
  DatagramInspection,
  type InspectionListener,
  ProtocolIndex,
  StreamInspection,
} from './detection/inspection.ts';
import { FlowTable } from './flow/flow-table.ts';
import { ACK, FIN, parseTcp, parseUdp, RST, SYN, synFingerprint, TransportHeader } from './flow/transport-header.ts';
import { formatIpv4, formatIpv6, formatMac } from './ip/address.ts';
import { FragmentReassembler } from './ip/fragments.ts';
import {
  IpPacket,
  PROTOCOL_GRE,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_IPIP,
  PROTOCOL_IPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  parseIpv4,
  parseIpv6,
} from './ip/ip-packet.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, LinkFrame, parseLink } from './link/link-layer.ts';
import { ConversationObserver, type CountedFlow } from './observe/conversation-observer.ts';
import { HostObserver } from './observe/host-observer.ts';
import type { Direction, EvidenceDraft, Protocol, ProtocolRecord } from './protocol.ts';
import type { FlowRecord, ObservedRecord, Sensor, SensorBatch, SensorOptions } from './sensor.ts';

const DEFAULT_MAXIMUM_FLOWS = 262_144;
/** Records that wait to be taken; further ones are dropped and counted. */
const MAXIMUM_WAITING_RECORDS = 250_000;
const MAXIMUM_TUNNEL_DEPTH = 4;
const MICROS_PER_MS = 1000;
/** Idle times after which a flow is over, by packet time. */
const TCP_IDLE_MICROS = 300_000_000;
const ENDED_TCP_IDLE_MICROS = 5_000_000;
const OTHER_IDLE_MICROS = 60_000_000;
const LOWER = 0;
const HIGHER = 1;

type Side = typeof LOWER | typeof HIGHER;
type Inspection = StreamInspection | DatagramInspection;

/** What exists of a flow beside its counters; made once per flow. */
interface FlowDetail {
  id: string | undefined;
  readonly firstPacketNumber: number;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: string;
  readonly vlan: number | undefined;
  clientMac: string | undefined;
  serverMac: string | undefined;
  protocol: Protocol | undefined;
  inspection: Inspection | undefined;
  isRejected: boolean;
  readonly counted: CountedFlow;
  isDirty: boolean;
}

interface ProtocolTotals {
  flows: number;
  packets: number;
  bytes: number;
}

/** The sensor: see `Sensor` for the contract. One instance per source, single-threaded. */
export class PacketSensor implements Sensor {
  readonly #options: SensorOptions;
  readonly #table: FlowTable;
  readonly #details: (FlowDetail | undefined)[];
  readonly #index: ProtocolIndex;
  readonly #frameRooms = new Map<number, Protocol>();
  readonly #frame = new LinkFrame();
  readonly #ip = new IpPacket();
  readonly #transport = new TransportHeader();
  readonly #fragments = new FragmentReassembler();
  readonly #hosts: HostObserver;
  readonly #conversations: ConversationObserver;
  readonly #protocols = new Map<string, ProtocolTotals>();
  #records: ObservedRecord[] = [];
  #finishedFlows: FlowRecord[] = [];
  #dirty: number[] = [];
  #packets = 0;
  #bytes = 0;
  #firstMicros = 0;
  #lastMicros = 0;
  #malformed = 0;
  #unsupported = 0;
  #flows = 0;
  #recordsDropped = 0;
  #gaps = 0;

  constructor(options: SensorOptions, protocols: readonly Protocol[]) {
    this.#options = options;
    this.#table = new FlowTable(options.maximumFlows ?? DEFAULT_MAXIMUM_FLOWS);
    this.#details = new Array(this.#table.capacity);
    this.#index = new ProtocolIndex(protocols);
    for (const protocol of protocols)
      for (const type of protocol.etherTypes ?? []) this.#frameRooms.set(type, protocol);
    this.#hosts = new HostObserver(options.source, options.isSample);
    this.#conversations = new ConversationObserver(options.source, options.isSample, this.#hosts);
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    timeMicros: number,
  ): void {
    this.#packets += 1;
    this.#bytes += originalLength;
    if (this.#packets === 1) this.#firstMicros = timeMicros;
    if (timeMicros > this.#lastMicros) this.#lastMicros = timeMicros;
    this.#expireUnderHand(timeMicros);
    const end = offset + capturedLength;
    if (!parseLink(this.#frame, bytes, offset, end, linkType)) {
      this.#unsupported += 1;
      return;
    }
    const { etherType, payloadOffset } = this.#frame;
    if (etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6) {
      this.#internet(bytes, payloadOffset, end, originalLength, timeMicros, 0);
      return;
    }
    const room = this.#frameRooms.get(etherType);
    if (room === undefined) this.#unsupported += 1;
    else this.#parseFrame(room, bytes, payloadOffset, end, originalLength, timeMicros);
  }

  takeBatch(): SensorBatch {
    for (const slot of this.#dirty) {
      const detail = this.#details[slot];
      if (detail?.isDirty !== true) continue;
      // A flow whose protocol is still being found out is reported once that is known, or once it has ended.
      if (detail.inspection !== undefined && detail.protocol === undefined) continue;
      this.#conversations.add(this.#record(slot, detail), detail.counted);
      detail.isDirty = false;
    }
    this.#dirty = this.#dirty.filter((slot) => this.#details[slot]?.isDirty === true);
    const batch: SensorBatch = {
      flows: this.#finishedFlows,
      records: this.#records,
      hosts: this.#hosts.takeChanged(),
      conversations: this.#conversations.takeChanged(),
      statistics: {
        packets: this.#packets,
        bytes: this.#bytes,
        firstPacketMicros: this.#firstMicros,
        lastPacketMicros: this.#lastMicros,
        malformedPackets: this.#malformed,
        unsupportedPackets: this.#unsupported,
        activeFlows: this.#table.size,
        flows: this.#flows,
        recordsDropped: this.#recordsDropped + this.#hosts.dropped + this.#conversations.dropped,
        reassemblyGaps: this.#gaps,
        protocols: Object.fromEntries([...this.#protocols].map(([id, totals]) => [id, { ...totals }])),
      },
    };
    this.#finishedFlows = [];
    this.#records = [];
    return batch;
  }

  finish(): void {
    for (const slot of this.#table.slots()) this.#endFlow(slot);
    this.#dirty = [];
  }

  #internet(bytes: Uint8Array, offset: number, end: number, length: number, timeMicros: number, depth: number): void {
    const ip = this.#ip;
    const isVersion4 = (bytes[offset] ?? 0) >>> 4 === 4;
    const isWhole = isVersion4 ? parseIpv4(ip, bytes, offset, end) : parseIpv6(ip, bytes, offset, end);
    if (!isWhole) {
      this.#malformed += 1;
      return;
    }
    if (ip.isFragment) {
      const payload = this.#fragments.add(ip, bytes, timeMicros);
      if (payload === undefined) return;
      ip.payloadOffset = 0;
      ip.payloadEnd = payload.length;
      ip.payloadLength = payload.length;
      this.#carried(payload, length, timeMicros, depth);
      return;
    }
    this.#carried(bytes, length, timeMicros, depth);
  }

  #carried(bytes: Uint8Array, length: number, timeMicros: number, depth: number): void {
    const ip = this.#ip;
    const header = this.#transport;
    const { payloadOffset, payloadEnd } = ip;
    switch (ip.protocol) {
      case PROTOCOL_TCP:
        if (parseTcp(header, bytes, payloadOffset, payloadEnd)) this.#flowPacket(bytes, length, timeMicros);
        else this.#malformed += 1;
        return;
      case PROTOCOL_UDP:
        if (parseUdp(header, bytes, payloadOffset, payloadEnd)) this.#flowPacket(bytes, length, timeMicros);
        else this.#malformed += 1;
        return;
      case PROTOCOL_IPIP:
      case PROTOCOL_IPV6:
        if (depth < MAXIMUM_TUNNEL_DEPTH) {
          this.#internet(bytes, payloadOffset, payloadEnd, length, timeMicros, depth + 1);
        }
        return;
      case PROTOCOL_GRE:
        this.#genericEncapsulation(bytes, payloadOffset, payloadEnd, length, timeMicros, depth);
        return;
      default:
        header.sourcePort = header.destinationPort = 0;
        header.flags = 0;
        header.payloadOffset = payloadOffset;
        this.#flowPacket(bytes, length, timeMicros);
    }
  }

  /** RFC 2784, RFC 2890: only what carries IP. */
  #genericEncapsulation(
    bytes: Uint8Array,
    offset: number,
    end: number,
    length: number,
    timeMicros: number,
    depth: number,
  ): void {
    const flags = bytes[offset] ?? 0;
    const etherType = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
    const options = ((flags & 0x80) >>> 7) + ((flags & 0x20) >>> 5) + ((flags & 0x10) >>> 4);
    const inner = offset + 4 + options * 4;
    const isIp = etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6;
    if (isIp && inner < end && depth < MAXIMUM_TUNNEL_DEPTH) {
      this.#internet(bytes, inner, end, length, timeMicros, depth + 1);
    }
  }

  #flowPacket(bytes: Uint8Array, length: number, timeMicros: number): void {
    const table = this.#table;
    const header = this.#transport;
    const side = this.#fillKey();
    const hash = table.hash();
    let slot = table.find(hash);
    const isReopened = slot >= 0 && (header.flags & (SYN | ACK)) === SYN && this.#isOver(slot);
    if (isReopened) {
      this.#endFlow(slot);
      this.#fillKey();
      slot = -1;
    }
    if (slot < 0) slot = this.#openFlow(hash, side, bytes, timeMicros);
    const packetsOfSide = table.packets[side];
    const isFirstOfSide = packetsOfSide[slot] === 0;
    packetsOfSide[slot] = (packetsOfSide[slot] ?? 0) + 1;
    const bytesOfSide = table.bytes[side];
    bytesOfSide[slot] = (bytesOfSide[slot] ?? 0) + length;
    table.lastMicros[slot] = timeMicros;
    const flagsOfSide = table.flags[side];
    flagsOfSide[slot] = (flagsOfSide[slot] ?? 0) | header.flags;
    const detail = this.#details[slot];
    if (detail === undefined) return;
    if (!detail.isDirty) {
      detail.isDirty = true;
      this.#dirty.push(slot);
    }
    if (isFirstOfSide)
      this.#firstPacketOfSide(detail, side === (table.isLowerClient[slot] === 1 ? LOWER : HIGHER), bytes);
    if (detail.inspection !== undefined) this.#inspect(slot, detail, side, bytes);
  }

  /** Fills the key with the ends in canonical order. @returns the side that sent the packet at hand */
  #fillKey(): Side {
    const { key } = this.#table;
    const ip = this.#ip;
    const { sourcePort, destinationPort } = this.#transport;
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
    key[9] = ((this.#frame.vlan + 1) << 12) | (ip.version << 8) | ip.protocol;
    return isSourceLower ? LOWER : HIGHER;
  }

  #isOver(slot: number): boolean {
    const flags = (this.#table.flags[LOWER][slot] ?? 0) | (this.#table.flags[HIGHER][slot] ?? 0);
    return (flags & (FIN | RST)) !== 0;
  }

  #openFlow(hash: number, side: Side, bytes: Uint8Array, timeMicros: number): number {
    const table = this.#table;
    let bucket = hash;
    if (table.isFull) {
      this.#endFlow(table.findIdle());
      this.#fillKey();
      bucket = table.hash();
    }
    const slot = table.insert(bucket);
    table.firstMicros[slot] = timeMicros;
    table.lastMicros[slot] = timeMicros;
    const isFromClient = this.#isFromClient();
    table.isLowerClient[slot] = (side === LOWER) === isFromClient ? 1 : 0;
    this.#flows += 1;
    this.#details[slot] = this.#createDetail(isFromClient, bytes);
    return slot;
  }

  /** Who opened the conversation: the sender of a SYN; else the end with the higher port; else who speaks first. */
  #isFromClient(): boolean {
    const { flags, sourcePort, destinationPort } = this.#transport;
    if (this.#ip.protocol === PROTOCOL_TCP && (flags & SYN) !== 0) return (flags & ACK) === 0;
    if (sourcePort === destinationPort) return true;
    const isSourceWellKnown = sourcePort < 1024;
    const isDestinationWellKnown = destinationPort < 1024;
    if (isSourceWellKnown !== isDestinationWellKnown) return isDestinationWellKnown;
    return this.#ip.protocol === PROTOCOL_UDP ? true : sourcePort > destinationPort;
  }

  #createDetail(isFromClient: boolean, bytes: Uint8Array): FlowDetail {
    const ip = this.#ip;
    const { sourcePort, destinationPort, flags, sequence } = this.#transport;
    const isVersion4 = ip.version === 4;
    const sourceIp = isVersion4 ? formatIpv4(ip.source0) : formatIpv6(ip.source0, ip.source1, ip.source2, ip.source3);
    const destinationIp = isVersion4
      ? formatIpv4(ip.destination0)
      : formatIpv6(ip.destination0, ip.destination1, ip.destination2, ip.destination3);
    const { macOffset, vlan } = this.#frame;
    const sourceMac = macOffset < 0 ? undefined : formatMac(bytes, macOffset + 6);
    const destinationMac = macOffset < 0 ? undefined : formatMac(bytes, macOffset);
    const detail: FlowDetail = {
      id: undefined,
      firstPacketNumber: this.#packets,
      clientIp: isFromClient ? sourceIp : destinationIp,
      serverIp: isFromClient ? destinationIp : sourceIp,
      clientPort: isFromClient ? sourcePort : destinationPort,
      serverPort: isFromClient ? destinationPort : sourcePort,
      transport: transportName(ip.protocol),
      vlan: vlan < 0 ? undefined : vlan,
      clientMac: isFromClient ? sourceMac : destinationMac,
      serverMac: isFromClient ? destinationMac : sourceMac,
      protocol: undefined,
      inspection: undefined,
      isRejected: false,
      counted: { bytesToServer: 0, bytesToClient: 0, packets: 0, key: undefined },
      isDirty: false,
    };
    if (ip.protocol === PROTOCOL_TCP || ip.protocol === PROTOCOL_UDP) this.#beginInspection(detail);
    if (detail.inspection instanceof StreamInspection && (flags & SYN) !== 0) {
      detail.inspection.synchronise(isFromClient ? 'to-server' : 'to-client', sequence);
    }
    return detail;
  }

  #beginInspection(detail: FlowDetail): void {
    const listener: InspectionListener = {
      record: (record, direction) => this.#observe(detail, record, direction),
      protocol: (protocol) => {
        detail.protocol = protocol;
      },
      timeMicros: () => this.#lastMicros,
    };
    const { clientPort, serverPort } = detail;
    detail.inspection =
      detail.transport === 'tcp'
        ? new StreamInspection(this.#index, { transport: 'tcp', clientPort, serverPort }, listener)
        : new DatagramInspection(this.#index, { transport: 'udp', clientPort, serverPort }, listener);
  }

  /** Facts that every packet of a host tells, taken once per flow and direction. */
  #firstPacketOfSide(detail: FlowDetail, isClient: boolean, bytes: Uint8Array): void {
    const { macOffset } = this.#frame;
    const mac = macOffset < 0 ? undefined : formatMac(bytes, macOffset + 6);
    const ip = isClient ? detail.clientIp : detail.serverIp;
    if (isClient) detail.clientMac = mac ?? detail.clientMac;
    else detail.serverMac = mac ?? detail.serverMac;
    this.#hosts.sawAddress(ip, mac, detail.vlan);
    if (!isUnicast(ip)) return;
    const host = {
      ip,
      ...(mac === undefined ? {} : { mac }),
      ...(detail.vlan === undefined ? {} : { vlan: detail.vlan }),
    };
    const role = isClient ? 'client' : 'server';
    const timeMs = Math.floor(this.#lastMicros / MICROS_PER_MS);
    const timeToLive = initialTimeToLive(this.#ip.timeToLive);
    const self = { protocol: 'ip', role: 'self' } as const;
    this.#hosts.add(host, { ...self, attribute: 'ip.ttl', value: String(timeToLive) }, this.#packets, timeMs);
    const isSyn = detail.transport === 'tcp' && (this.#transport.flags & SYN) !== 0;
    if (!isSyn) return;
    const value = synFingerprint(this.#transport, bytes);
    const attribute = 'tcp.syn-fingerprint';
    this.#hosts.add(host, { protocol: 'tcp', role, attribute, value }, this.#packets, timeMs);
  }

  #inspect(slot: number, detail: FlowDetail, side: Side, bytes: Uint8Array): void {
    const isFromClient = (side === LOWER) === (this.#table.isLowerClient[slot] === 1);
    const direction: Direction = isFromClient ? 'to-server' : 'to-client';
    const { payloadEnd } = this.#ip;
    const { payloadOffset, sequence, flags } = this.#transport;
    const { inspection } = detail;
    let isWanted = true;
    if (inspection instanceof StreamInspection) {
      if ((flags & SYN) !== 0) inspection.synchronise(direction, sequence);
      const dataSequence = (flags & SYN) !== 0 ? sequence + 1 : sequence;
      isWanted = inspection.segment(direction, dataSequence >>> 0, bytes, payloadOffset, payloadEnd);
      if (isWanted && (flags & RST) !== 0) {
        inspection.end();
        isWanted = false;
      }
    } else if (inspection !== undefined && payloadEnd > payloadOffset) {
      isWanted = inspection.datagram(direction, bytes.subarray(payloadOffset, payloadEnd));
    }
    if (isWanted) return;
    if (inspection instanceof StreamInspection) this.#gaps += inspection.lostBytes > 0 ? 1 : 0;
    detail.inspection = undefined;
  }

  #parseFrame(
    room: Protocol,
    bytes: Uint8Array,
    offset: number,
    end: number,
    length: number,
    timeMicros: number,
  ): void {
    const totals = this.#totalsOf(room.id);
    totals.packets += 1;
    totals.bytes += length;
    const { macOffset } = this.#frame;
    const sender = macOffset < 0 ? undefined : formatMac(bytes, macOffset + 6);
    const emit = (record: ProtocolRecord) => {
      for (const draft of room.evidence(record)) {
        const about =
          typeof draft.about === 'string' ? { ...(sender === undefined ? {} : { mac: sender }) } : draft.about;
        this.#addEvidence(about, draft, { protocol: room.id, role: 'self' }, Math.floor(timeMicros / MICROS_PER_MS));
      }
    };
    const context = { transport: 'ethernet', clientPort: 0, serverPort: 0, emit, handOver: () => {} } as const;
    room.parseDatagram?.(bytes.subarray(offset, end), 'to-server', context);
  }

  #observe(detail: FlowDetail, record: ProtocolRecord, direction: Direction): void {
    const { clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, transport } = detail;
    const id = this.#flowId(detail);
    if (this.#records.length < MAXIMUM_WAITING_RECORDS) {
      const flow = { id, clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, transport };
      const timeMicros = this.#lastMicros;
      this.#records.push({ record, flow, direction, timeMicros, packetNumber: this.#packets });
    } else this.#recordsDropped += 1;
    const room = this.#index.get(record.protocol) ?? detail.protocol;
    if (room === undefined) return;
    const timeMs = Math.floor(this.#lastMicros / MICROS_PER_MS);
    for (const draft of room.evidence(record)) this.#addFlowEvidence(detail, draft, record.protocol, timeMs);
  }

  #addFlowEvidence(detail: FlowDetail, draft: EvidenceDraft, protocol: string, timeMs: number): void {
    const vlan = detail.vlan === undefined ? {} : { vlan: detail.vlan };
    if (typeof draft.about !== 'string') {
      this.#addEvidence({ ...draft.about, ...vlan }, draft, { protocol, role: 'self' }, timeMs);
      return;
    }
    const isServer = draft.about === 'server';
    const ip = isServer ? detail.serverIp : detail.clientIp;
    if (!isUnicast(ip)) return;
    const mac = isServer ? detail.serverMac : detail.clientMac;
    const host = { ip, ...(mac === undefined ? {} : { mac }), ...vlan };
    const transport = detail.transport === 'udp' ? 'udp' : 'tcp';
    const where = isServer
      ? ({ protocol, role: 'server', port: detail.serverPort, transport } as const)
      : ({ protocol, role: 'client' } as const);
    this.#addEvidence(host, draft, where, timeMs);
  }

  #addEvidence(
    host: { ip?: string; mac?: string; vlan?: number },
    draft: EvidenceDraft,
    where: { protocol: string; role: 'self' | 'client' | 'server'; port?: number; transport?: 'tcp' | 'udp' },
    timeMs: number,
  ): void {
    if (host.ip !== undefined && host.mac !== undefined && typeof draft.about !== 'string') {
      this.#hosts.claimAddress(host.ip, host.mac);
    }
    this.#hosts.add(host, { ...where, attribute: draft.attribute, value: draft.value }, this.#packets, timeMs);
  }

  #expireUnderHand(timeMicros: number): void {
    const table = this.#table;
    const slot = table.nextUnderHand();
    if (!table.isUsed(slot)) return;
    const idleMicros = timeMicros - (table.lastMicros[slot] ?? timeMicros);
    if (idleMicros < ENDED_TCP_IDLE_MICROS) return;
    const isTcp = this.#details[slot]?.transport === 'tcp';
    const limit = isTcp ? (this.#isOver(slot) ? ENDED_TCP_IDLE_MICROS : TCP_IDLE_MICROS) : OTHER_IDLE_MICROS;
    if (idleMicros >= limit) this.#endFlow(slot);
  }

  #endFlow(slot: number): void {
    const detail = this.#details[slot];
    if (detail === undefined) return;
    if (detail.inspection instanceof StreamInspection) {
      detail.inspection.end();
      this.#gaps += detail.inspection.lostBytes > 0 ? 1 : 0;
    }
    detail.inspection = undefined;
    const record = this.#record(slot, detail);
    this.#conversations.add(record, detail.counted);
    this.#finishedFlows.push(record);
    const totals = this.#totalsOf(record.protocol);
    totals.flows += 1;
    totals.packets += record.packetsToServer + record.packetsToClient;
    totals.bytes += record.bytesToServer + record.bytesToClient;
    this.#details[slot] = undefined;
    this.#table.remove(slot);
  }

  #record(slot: number, detail: FlowDetail): FlowRecord {
    const table = this.#table;
    const client: Side = table.isLowerClient[slot] === 1 ? LOWER : HIGHER;
    const server: Side = client === LOWER ? HIGHER : LOWER;
    const tcpFlagsToServer = table.flags[client][slot] ?? 0;
    const tcpFlagsToClient = table.flags[server][slot] ?? 0;
    const packetsToServer = table.packets[client][slot] ?? 0;
    const packetsToClient = table.packets[server][slot] ?? 0;
    return {
      id: this.#flowId(detail),
      clientIp: detail.clientIp,
      serverIp: detail.serverIp,
      clientPort: detail.clientPort,
      serverPort: detail.serverPort,
      clientMac: detail.clientMac,
      serverMac: detail.serverMac,
      vlan: detail.vlan,
      transport: detail.transport,
      protocol: detail.protocol?.id ?? 'unknown',
      isEncrypted: detail.protocol?.isEncrypted ?? false,
      bytesToServer: table.bytes[client][slot] ?? 0,
      bytesToClient: table.bytes[server][slot] ?? 0,
      packetsToServer,
      packetsToClient,
      tcpFlagsToServer,
      tcpFlagsToClient,
      state: flowState(detail.transport, tcpFlagsToServer, tcpFlagsToClient, packetsToServer, packetsToClient),
      firstSeenMicros: table.firstMicros[slot] ?? 0,
      lastSeenMicros: table.lastMicros[slot] ?? 0,
      firstPacketNumber: detail.firstPacketNumber,
    };
  }

  #flowId(detail: FlowDetail): string {
    detail.id ??= deterministicId(
      'flw',
      this.#options.source,
      detail.transport,
      detail.clientIp,
      detail.clientPort,
      detail.serverIp,
      detail.serverPort,
      detail.firstPacketNumber,
    );
    return detail.id;
  }

  #totalsOf(protocol: string): ProtocolTotals {
    const known = this.#protocols.get(protocol);
    if (known !== undefined) return known;
    const totals = { flows: 0, packets: 0, bytes: 0 };
    this.#protocols.set(protocol, totals);
    return totals;
  }
}

function flowState(
  transport: string,
  toServer: number,
  toClient: number,
  packetsToServer: number,
  packetsToClient: number,
): FlowRecord['state'] {
  if (packetsToServer === 0 || packetsToClient === 0) return 'one-way';
  if (transport !== 'tcp') return 'established';
  const isRejected = (toClient & RST) !== 0 && (toClient & SYN) === 0 && (toServer & SYN) !== 0;
  if (isRejected) return 'rejected';
  if (((toServer | toClient) & RST) !== 0) return 'reset';
  if ((toServer & FIN) !== 0 && (toClient & FIN) !== 0) return 'closed';
  return (toClient & SYN) !== 0 && (toServer & ACK) === 0 ? 'new' : 'established';
}

function transportName(protocol: number): string {
  switch (protocol) {
    case PROTOCOL_TCP:
      return 'tcp';
    case PROTOCOL_UDP:
      return 'udp';
    case PROTOCOL_ICMP:
      return 'icmp';
    case PROTOCOL_ICMPV6:
      return 'icmpv6';
    default:
      return `ip-${protocol}`;
  }
}

/** The usual initial values are 32, 64, 128 and 255; every router on the way takes one. */
function initialTimeToLive(timeToLive: number): number {
  if (timeToLive <= 32) return 32;
  if (timeToLive <= 64) return 64;
  return timeToLive <= 128 ? 128 : 255;
}

/** An address that can be one host's: not multicast, broadcast, unspecified. */
function isUnicast(ip: string): boolean {
  if (ip.includes(':')) return !ip.startsWith('ff') && ip !== '::';
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224 && ip !== '255.255.255.255';
}
