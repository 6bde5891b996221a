import type { ProtocolIndex } from '../detection/protocol-index.ts';
import type { InspectionListener } from '../detection/room-context.ts';
import type { Flow } from '../flow/flow.ts';
import { flowId } from '../flow/flow-record.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { SYN, synFingerprint } from '../flow/transport-header.ts';
import { formatMac } from '../ip/address.ts';
import type { Packet } from '../packet.ts';
import type { Direction, EvidenceDraft, ParserContext, Protocol, ProtocolRecord } from '../protocol.ts';
import type { ObservedRecord } from '../sensor.ts';
import type { EvidenceItem, HostObserver } from './host-observer.ts';

/** Records that wait to be taken; further ones are dropped and counted. */
const MAXIMUM_WAITING_RECORDS = 250_000;
const MICROS_PER_MS = 1000;

/** Where evidence was read, without what it says. */
type EvidencePlace = Omit<EvidenceItem, 'attribute' | 'value'>;

/** Gathers what flows and frames show: records, and evidence about hosts. */
export class FlowObserver implements InspectionListener {
  readonly #source: string;
  readonly #index: ProtocolIndex;
  readonly #table: FlowTable;
  readonly #hosts: HostObserver;
  #records: ObservedRecord[] = [];
  recordsDropped = 0;

  constructor(source: string, index: ProtocolIndex, table: FlowTable, hosts: HostObserver) {
    this.#source = source;
    this.#index = index;
    this.#table = table;
    this.#hosts = hosts;
  }

  takeRecords(): ObservedRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Facts that every packet of a host tells, taken once per flow and direction. */
  firstPacketOfSide(packet: Packet, flow: Flow, isClient: boolean): void {
    const { frame, bytes, ip, transport, number, timeMicros } = packet;
    const mac = frame.sourceMacOffset < 0 ? undefined : formatMac(bytes, frame.sourceMacOffset);
    const address = isClient ? flow.clientIp : flow.serverIp;
    if (isClient) flow.clientMac = mac ?? flow.clientMac;
    else flow.serverMac = mac ?? flow.serverMac;
    this.#hosts.sawAddress(address, mac, flow.vlan);
    if (!isUnicast(address)) return;
    const host = hostOf(address, mac, flow.vlan);
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    const timeToLive = String(initialTimeToLive(ip.timeToLive));
    const self = { protocol: 'ip', role: 'self' } as const;
    this.#hosts.add(host, { ...self, attribute: 'ip.ttl', value: timeToLive }, number, timeMs);
    const isSyn = flow.transport === 'tcp' && (transport.flags & SYN) !== 0;
    if (!isSyn) return;
    const value = synFingerprint(transport, bytes);
    const role = isClient ? 'client' : 'server';
    this.#hosts.add(host, { protocol: 'tcp', role, attribute: 'tcp.syn-fingerprint', value }, number, timeMs);
  }

  record(flow: Flow, record: ProtocolRecord, direction: Direction): void {
    const { clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, transport } = flow;
    // Not the packet at hand: a flow that is over for its silence is ended by some later packet of another flow.
    const timeMicros = this.#table.lastMicros[flow.slot] ?? 0;
    const packetNumber = this.#table.lastPacket[flow.slot] ?? 0;
    const id = flowId(flow, this.#source);
    if (this.#records.length < MAXIMUM_WAITING_RECORDS) {
      const reference = { id, clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, transport };
      this.#records.push({ record, flow: reference, direction, timeMicros, packetNumber });
    } else this.recordsDropped += 1;
    const room = this.#index.get(record.protocol) ?? flow.room;
    if (room === undefined) return;
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    for (const draft of room.evidence(record)) {
      this.#addFlowEvidence(flow, draft, record.protocol, packetNumber, timeMs);
    }
  }

  /** Lets a room on the link layer read a frame. */
  frame(room: Protocol, packet: Packet, payload: Uint8Array): void {
    const { frame, bytes, number, timeMicros } = packet;
    const mac = frame.sourceMacOffset < 0 ? undefined : formatMac(bytes, frame.sourceMacOffset);
    const sender = mac === undefined ? {} : { mac };
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    const place = { protocol: room.id, role: 'self' } as const;
    const context: ParserContext = {
      transport: 'ethernet',
      clientPort: 0,
      serverPort: 0,
      emit: (record) => {
        for (const draft of room.evidence(record)) {
          this.#add(typeof draft.about === 'string' ? sender : draft.about, draft, place, number, timeMs);
        }
      },
      handOver: () => {},
    };
    room.parseDatagram?.(payload, 'to-server', context);
  }

  #addFlowEvidence(flow: Flow, draft: EvidenceDraft, protocol: string, packetNumber: number, timeMs: number): void {
    if (typeof draft.about !== 'string') {
      const host = flow.vlan === undefined ? draft.about : { ...draft.about, vlan: flow.vlan };
      this.#add(host, draft, { protocol, role: 'self' }, packetNumber, timeMs);
      return;
    }
    const isServer = draft.about === 'server';
    const ip = isServer ? flow.serverIp : flow.clientIp;
    if (!isUnicast(ip)) return;
    const host = hostOf(ip, isServer ? flow.serverMac : flow.clientMac, flow.vlan);
    const transport = flow.transport === 'udp' ? 'udp' : 'tcp';
    const place: EvidencePlace = isServer
      ? { protocol, role: 'server', port: flow.serverPort, transport }
      : { protocol, role: 'client' };
    this.#add(host, draft, place, packetNumber, timeMs);
  }

  #add(
    host: { ip?: string; mac?: string; vlan?: number },
    { attribute, value, about }: EvidenceDraft,
    place: EvidencePlace,
    packetNumber: number,
    timeMs: number,
  ): void {
    if (host.ip !== undefined && host.mac !== undefined && typeof about !== 'string') {
      this.#hosts.claimAddress(host.ip, host.mac);
    }
    this.#hosts.add(host, { ...place, attribute, value }, packetNumber, timeMs);
  }
}

function hostOf(
  ip: string,
  mac: string | undefined,
  vlan: number | undefined,
): { ip: string; mac?: string; vlan?: number } {
  return { ip, ...(mac === undefined ? {} : { mac }), ...(vlan === undefined ? {} : { vlan }) };
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
