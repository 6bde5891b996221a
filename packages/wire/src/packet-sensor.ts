// Hot path, guarded by bench/analyze.ts: `packet` touches typed arrays only, until a flow begins or is inspected.
import type { DecoderEvent, StreamEvent } from '@sphinx/schema';
import { Sample } from './detection/detect.ts';
import { ExpectedFlows } from './detection/expected-flows.ts';
import { PacketView } from './detection/packet-view.ts';
import { PayloadInspector } from './detection/payload-inspector.ts';
import { ProtocolIndex } from './detection/protocol-index.ts';
import { UndecidedBytes } from './detection/undecided-bytes.ts';
import { FileExtractor, NO_FILES } from './files/file-extractor.ts';
import { filesOf } from './files/flow-files.ts';
import { AddressBook } from './flow/address-book.ts';
import type { Flow } from './flow/flow.ts';
import { FlowRecorder } from './flow/flow-record.ts';
import { FlowTracker } from './flow/flow-tracker.ts';
import { parseSctp, parseTcp, parseUdp } from './flow/transport-header.ts';
import { FragmentReassembler, withHeader } from './ip/fragments.ts';
import {
  type IpPacket,
  PROTOCOL_GRE,
  PROTOCOL_IPIP,
  PROTOCOL_IPV6,
  PROTOCOL_SCTP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  parseIpv4,
  parseIpv6,
} from './ip/ip-packet.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, LINKTYPE_ETHERNET, LINKTYPE_RAW, parseLink } from './link/link-layer.ts';
import { ConversationObserver } from './observe/conversation-observer.ts';
import { FlowObserver } from './observe/flow-observer.ts';
import { HostObserver } from './observe/host-observer.ts';
import { ProtocolTotals } from './observe/protocol-totals.ts';
import { Packet } from './packet.ts';
import type { Protocol } from './protocol.ts';
import type { FlowRecord, Sensor, SensorBatch, SensorOptions, SensorStatistics } from './sensor.ts';
import { ConnectionWatches } from './tcp/connection-watches.ts';
import { ReassemblyBudget } from './tcp/reassembly-budget.ts';
import { Retransmissions } from './tcp/retransmissions.ts';
import { findGenericEncapsulation } from './tunnel/generic-encapsulation.ts';
import { readIpTunnel } from './tunnel/ip-tunnel-rooms.ts';
import { TunnelPayload } from './tunnel/tunnel-payload.ts';
import { findUdpTunnel, isTunnelPort } from './tunnel/udp-tunnel.ts';

const DEFAULT_MAXIMUM_FLOWS = 262_144;
const MAXIMUM_TUNNEL_DEPTH = 4;
/** Reserved by IANA: none was read. */
const NO_PROTOCOL = 255;
const NO_EVENTS: readonly DecoderEvent[] = [];

/** The sensor: see `Sensor` for the contract. One instance per source, single-threaded. */
export class PacketSensor implements Sensor {
  readonly #options: SensorOptions;
  readonly #index: ProtocolIndex;
  readonly #packet = new Packet();
  readonly #tunnel = new TunnelPayload();
  readonly #fragments: FragmentReassembler;
  readonly #flows: FlowTracker;
  readonly #recorder: FlowRecorder;
  readonly #payloads: PayloadInspector;
  readonly #observer: FlowObserver;
  readonly #hosts: HostObserver;
  readonly #conversations: ConversationObserver;
  readonly #protocols = new ProtocolTotals();
  readonly #reassembly: ReassemblyBudget;
  readonly #files: FileExtractor | undefined;
  readonly #view: PacketView | undefined;
  readonly #connections: ConnectionWatches | undefined;
  #finishedFlows: FlowRecord[] = [];
  #dirty: Flow[] = [];
  #packets = 0;
  #number = 0;
  #bytes = 0;
  #firstMicros = 0;
  #lastMicros = 0;
  #malformed = 0;
  #unsupported = 0;

  /** @param expectedFlows what was agreed on; given where others hear of it too */
  constructor(options: SensorOptions, protocols: readonly Protocol[], expectedFlows = new ExpectedFlows()) {
    const { source, isSample, inspector } = options;
    this.#options = options;
    this.#index = new ProtocolIndex(protocols);
    this.#reassembly = new ReassemblyBudget({
      ...(options.maximumReassemblyBytes === undefined ? {} : { maximumBytes: options.maximumReassemblyBytes }),
      ...(options.maximumReassemblyBytesPerFlow === undefined
        ? {}
        : { maximumBytesPerDirection: options.maximumReassemblyBytesPerFlow / 2 }),
    });
    this.#fragments = new FragmentReassembler(options.maximumFragmentBytes);
    const addresses = new AddressBook();
    const capacity = options.maximumFlows ?? DEFAULT_MAXIMUM_FLOWS;
    this.#flows = new FlowTracker(capacity, addresses, (flow) => this.#flowEnded(flow));
    const { table } = this.#flows;
    this.#recorder = new FlowRecorder(source);
    this.#hosts = new HostObserver(source, isSample, options.isPart === true);
    this.#conversations = new ConversationObserver(source, isSample, this.#hosts);
    this.#observer = new FlowObserver(this.#index, this.#recorder, addresses, this.#hosts);
    this.#files = options.files === undefined ? undefined : new FileExtractor(options.files);
    this.#connections = inspector?.streamEvents === undefined ? undefined : new ConnectionWatches();
    this.#payloads = new PayloadInspector(table, {
      index: this.#index,
      listener: this.#observer,
      inspector,
      reassembly: this.#reassembly,
      connections: this.#connections,
      filesOf: this.#files === undefined ? undefined : filesOf(this.#files, this.#recorder, inspector),
      expectedFlows,
      sample: new Sample(),
      undecidedBytes: new UndecidedBytes(),
    });
    this.#view = inspector === undefined ? undefined : new PacketView();
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
    this.#number += 1;
    this.#bytes += originalLength;
    if (this.#packets === 1) this.#firstMicros = timeMicros;
    if (timeMicros > this.#lastMicros) this.#lastMicros = timeMicros;
    this.#flows.expireUnderHand(timeMicros);
    const packet = this.#packet;
    packet.bytes = bytes;
    packet.length = originalLength;
    packet.timeMicros = timeMicros;
    packet.number = this.#number;
    packet.frameOffset = offset;
    packet.linkType = linkType;
    packet.outerIpOffset = -1;
    packet.tunnelDepth = 0;
    const end = offset + capturedLength;
    if (parseLink(packet.frame, bytes, offset, end, linkType)) this.#network(bytes, end, 0);
    else this.#unsupported += 1;
  }

  /** The packet that comes next is the one of this number, from 1. */
  skipTo(number: number): void {
    this.#number = number - 1;
  }

  takeBatch(): SensorBatch {
    if (this.#options.isLive === true) this.#flows.endSettled(this.#lastMicros);
    for (const flow of this.#dirty) {
      if (!flow.isDirty) continue;
      flow.isDirty = false;
      // A flow whose protocol is still being found out is reported with the packet that tells it, or once it has ended.
      if (flow.inspection === undefined || flow.room !== undefined) this.#conversations.add(flow);
    }
    this.#dirty = [];
    const flows = this.#finishedFlows;
    this.#finishedFlows = [];
    const links = this.#options.isPart === true ? { links: this.#hosts.takeLinks() } : {};
    return {
      ...links,
      flows,
      records: this.#observer.takeRecords(),
      hosts: this.#hosts.takeChanged(),
      conversations: this.#conversations.takeChanged(),
      files: this.#files?.takeRecords() ?? [],
      statistics: this.#statistics(),
    };
  }

  finish(): void {
    this.#flows.endAll();
  }

  #network(bytes: Uint8Array, end: number, depth: number): void {
    const { etherType, payloadOffset } = this.#packet.frame;
    if (etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6) {
      this.#internet(bytes, payloadOffset, end, depth);
      return;
    }
    const room = this.#index.ofEtherType(etherType);
    if (room === undefined) {
      this.#unsupported += 1;
      return;
    }
    this.#protocols.add(room.id, 0, 1, this.#packet.length);
    const payload = bytes.subarray(payloadOffset, end);
    this.#observer.frame(room, this.#packet, payload);
    this.#options.inspector?.frame?.(room.id, payload, this.#packet.timeMicros, this.#packet.number);
  }

  #internet(bytes: Uint8Array, offset: number, end: number, depth: number): void {
    const packet = this.#packet;
    const { ip } = packet;
    const isVersion4 = (bytes[offset] ?? 0) >>> 4 === 4;
    const isWhole = isVersion4 ? parseIpv4(ip, bytes, offset, end) : parseIpv6(ip, bytes, offset, end);
    packet.bytes = bytes;
    packet.ipOffset = offset;
    packet.capturedEnd = end;
    if (!isWhole) {
      this.#malformed += 1;
      this.#showMalformed(isVersion4, end - offset);
      return;
    }
    if (!ip.isFragment) {
      this.#carried(depth);
      return;
    }
    if (this.#view !== undefined) packet.fragmentEvents = this.#fragments.eventsOf(ip);
    this.#showToInspector(false, undefined, true);
    packet.fragmentEvents = NO_EVENTS;
    const payload = this.#fragments.add(ip, bytes, packet.timeMicros);
    if (payload === undefined) return;
    packet.bytes = withHeader(ip, bytes, offset, payload);
    packet.ipOffset = packet.frameOffset = 0;
    packet.linkType = LINKTYPE_RAW;
    packet.outerIpOffset = -1;
    packet.capturedEnd = packet.bytes.length;
    packet.frame.sourceMacOffset = packet.frame.destinationMacOffset = packet.frame.ethernetOffset = -1;
    this.#carried(depth);
  }

  /** What IP carries. */
  #carried(depth: number): void {
    const { ip, transport, bytes } = this.#packet;
    const { payloadOffset, payloadEnd } = ip;
    let hasTransport = true;
    switch (ip.protocol) {
      case PROTOCOL_TCP:
        hasTransport = parseTcp(transport, bytes, payloadOffset, payloadEnd);
        break;
      case PROTOCOL_UDP:
        hasTransport = parseUdp(transport, bytes, payloadOffset, payloadEnd);
        break;
      case PROTOCOL_SCTP:
        hasTransport = parseSctp(transport, bytes, payloadOffset, payloadEnd);
        break;
      case PROTOCOL_IPIP:
      case PROTOCOL_IPV6:
        this.#showToInspector(false, undefined, true);
        this.#tunnelPacket();
        this.#noteTunnel(depth);
        if (depth < MAXIMUM_TUNNEL_DEPTH) this.#internet(bytes, payloadOffset, payloadEnd, depth + 1);
        return;
      case PROTOCOL_GRE:
        this.#showToInspector(false, undefined, true);
        this.#tunnelPacket();
        if (findGenericEncapsulation(this.#tunnel, bytes, payloadOffset, payloadEnd)) {
          this.#enter(this.#tunnel, bytes, payloadEnd, depth);
        }
        return;
      default:
        transport.sourcePort = transport.destinationPort = transport.flags = 0;
        transport.payloadOffset = payloadOffset;
    }
    if (hasTransport) {
      this.#flowPacket();
      if (ip.protocol === PROTOCOL_UDP) this.#datagramTunnel(depth);
      return;
    }
    this.#malformed += 1;
    this.#showToInspector(false, undefined, true);
  }

  /** What a tunnel on IP is counted as, beside what goes through it: rules look at that only. */
  #tunnelPacket(): void {
    const { ip, transport, bytes } = this.#packet;
    transport.sourcePort = transport.destinationPort = transport.flags = 0;
    transport.payloadOffset = ip.payloadOffset;
    const flow = this.#tracked();
    if (flow.room !== undefined) return;
    const record = readIpTunnel(ip.protocol, bytes.subarray(ip.payloadOffset, ip.payloadEnd));
    if (record === undefined) return;
    flow.room = this.#index.get(record.protocol);
    this.#observer.record(flow, record, this.#flows.side === flow.clientSide ? 'to-server' : 'to-client');
  }

  /** The inner packet of a tunnel, in place of the outer one. */
  #enter(tunnel: TunnelPayload, bytes: Uint8Array, end: number, depth: number): void {
    if (depth >= MAXIMUM_TUNNEL_DEPTH) return;
    const { frame, ip } = this.#packet;
    this.#noteTunnel(depth);
    const id = tunnel.isMirrored ? 0 : tunnelId(ip, tunnel.networkId);
    if (tunnel.kind === 'ip') {
      frame.tunnel = id;
      this.#internet(bytes, tunnel.offset, end, depth + 1);
      return;
    }
    if (!parseLink(frame, bytes, tunnel.offset, end, LINKTYPE_ETHERNET)) return;
    frame.tunnel = id;
    this.#network(bytes, end, depth + 1);
  }

  /** The packet at hand is around the next one. */
  #noteTunnel(depth: number): void {
    const packet = this.#packet;
    packet.outerIpOffset = packet.ipOffset;
    packet.tunnelDepth = depth + 1;
    packet.linkType = LINKTYPE_RAW;
  }

  /** Both are traffic: the datagrams between the ends of the tunnel, and what goes through it. */
  #datagramTunnel(depth: number): void {
    const { ip, transport, bytes } = this.#packet;
    const { sourcePort, destinationPort, payloadOffset } = transport;
    const port = isTunnelPort(destinationPort) ? destinationPort : sourcePort;
    if (!isTunnelPort(port)) return;
    const { payloadEnd } = ip;
    if (findUdpTunnel(this.#tunnel, port, bytes, payloadOffset, payloadEnd)) {
      this.#enter(this.#tunnel, bytes, payloadEnd, depth);
    }
  }

  /** @returns the flow of the packet at hand, which is counted */
  #tracked(): Flow {
    const flow = this.#flows.track(this.#packet);
    if (!flow.isDirty) {
      flow.isDirty = true;
      this.#dirty.push(flow);
    }
    if (this.#flows.isRepeated) this.#repeated(flow);
    if (this.#flows.isFirstOfSide) {
      this.#observer.firstPacketOfSide(this.#packet, flow, this.#flows.side === flow.clientSide);
    }
    return flow;
  }

  /** The segment at hand was sent before. */
  #repeated(flow: Flow): void {
    const { timeMicros } = this.#packet;
    flow.retransmissions ??= new Retransmissions(timeMicros);
    flow.retransmissions.add(this.#flows.side === flow.clientSide);
    if (flow.retransmissions.isDue(timeMicros)) this.#tellRetransmissions(flow);
  }

  #tellRetransmissions(flow: Flow): void {
    const record = flow.retransmissions?.take(flow.packetsToServer + flow.packetsToClient, flow.lastMicros);
    if (record !== undefined) this.#observer.record(flow, record, 'to-server');
  }

  #flowPacket(): void {
    const packet = this.#packet;
    const flow = this.#tracked();
    const { side } = this.#flows;
    const isFromClient = side === flow.clientSide;
    this.#showToInspector(true, flow, isFromClient);
    const connections = this.#options.inspector?.wantsStreamEvents === true ? this.#connections : undefined;
    if (connections !== undefined && this.#view !== undefined) connections.packet(this.#view);
    this.#payloads.inspect(packet, flow, side);
    if (connections !== undefined) this.#tellStreamEvents(connections.take());
  }

  #tellStreamEvents(events: readonly StreamEvent[]): void {
    if (events.length > 0 && this.#view !== undefined) this.#options.inspector?.streamEvents?.(this.#view, events);
  }

  #showToInspector(hasTransport: boolean, flow: Flow | undefined, isFromClient: boolean): void {
    const view = this.#view;
    if (view === undefined) return;
    const direction = isFromClient ? 'to-server' : 'to-client';
    this.#options.inspector?.packet(view.show(this.#packet, hasTransport, flow, direction));
  }

  /** Whose addresses are there: what is wrong with it is of interest. */
  #showMalformed(isVersion4: boolean, length: number): void {
    const { ip } = this.#packet;
    if (this.#view === undefined || length < (isVersion4 ? 20 : 40)) return;
    ip.version = isVersion4 ? 4 : 6;
    ip.isFragment = false;
    ip.protocol = NO_PROTOCOL;
    ip.payloadOffset = ip.payloadEnd = this.#packet.capturedEnd;
    this.#showToInspector(false, undefined, true);
  }

  #flowEnded(flow: Flow): void {
    this.#payloads.end(flow);
    this.#tellRetransmissions(flow);
    // Rules were shown what went through a tunnel on IP, not the tunnel.
    if (flow.room?.transports.includes('ip') !== true) this.#options.inspector?.flowEnded(flow);
    this.#connections?.flowEnded(flow);
    const record = this.#recorder.record(flow);
    this.#conversations.add(flow);
    flow.isDirty = false;
    this.#finishedFlows.push(record);
    const packets = record.packetsToServer + record.packetsToClient;
    this.#protocols.add(record.protocol, 1, packets, record.bytesToServer + record.bytesToClient);
  }

  #statistics(): SensorStatistics {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      firstPacketMicros: this.#firstMicros,
      lastPacketMicros: this.#lastMicros,
      malformedPackets: this.#malformed,
      unsupportedPackets: this.#unsupported,
      activeFlows: this.#flows.table.size,
      flows: this.#flows.begun,
      recordsDropped: this.#observer.recordsDropped + this.#hosts.dropped + this.#conversations.dropped,
      reassemblyGaps: this.#reassembly.incompleteConnections,
      shed: {
        flows: this.#flows.evicted,
        datagrams: this.#fragments.discarded,
        segments: this.#reassembly.waitingShed + this.#reassembly.undecidedShed,
      },
      files: this.#files?.statistics() ?? NO_FILES,
      protocols: this.#protocols.copy(),
    };
  }
}

/** @returns a number that is the same for both directions of a tunnel, and another for another tunnel */
function tunnelId(ip: IpPacket, networkId: number): number {
  const ends = mixed(ip.source0 ^ ip.source1 ^ ip.source2 ^ ip.source3);
  const others = mixed(ip.destination0 ^ ip.destination1 ^ ip.destination2 ^ ip.destination3);
  return Math.imul(networkId + 1, 0x9e3779b1) ^ (ends + others);
}

/** The finalizer of MurmurHash3: pairs of addresses that lie next to other pairs do not share a number with them. */
function mixed(end: number): number {
  let hash = Math.imul(end ^ (end >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
