import type { ProtocolIndex } from '../detection/protocol-index.ts';
import type { InspectionListener } from '../detection/room-context.ts';
import type { AddressBook } from '../flow/address-book.ts';
import type { Flow } from '../flow/flow.ts';
import type { FlowRecorder } from '../flow/flow-record.ts';
import { SYN, SynFingerprints } from '../flow/transport-header.ts';
import type { Packet } from '../packet.ts';
import type { Direction, EvidenceDraft, ParserContext, Protocol, ProtocolRecord } from '../protocol.ts';
import type { ObservedRecord } from '../sensor.ts';
import { EvidencePlaces } from './evidence-places.ts';
import type { EvidencePlace, HostObserver } from './host-observer.ts';

/** Records that wait to be taken; further ones are dropped and counted. */
const MAXIMUM_WAITING_RECORDS = 250_000;
const MICROS_PER_MS = 1000;
const IP_SELF = { protocol: 'ip', role: 'self' } as const;
const TCP_CLIENT = { protocol: 'tcp', role: 'client' } as const;
const TCP_SERVER = { protocol: 'tcp', role: 'server' } as const;

/** Gathers what flows and frames show: records, and evidence about hosts. */
export class FlowObserver implements InspectionListener {
  readonly #index: ProtocolIndex;
  readonly #recorder: FlowRecorder;
  readonly #addresses: AddressBook;
  readonly #hosts: HostObserver;
  readonly #synFingerprints = new SynFingerprints();
  #records: ObservedRecord[] = [];
  recordsDropped = 0;

  constructor(index: ProtocolIndex, recorder: FlowRecorder, addresses: AddressBook, hosts: HostObserver) {
    this.#index = index;
    this.#recorder = recorder;
    this.#addresses = addresses;
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
    this.#hosts.packetNumber = number;
    const address = isClient ? flow.client : flow.server;
    const mac = frame.sourceMacOffset < 0 ? undefined : this.#addresses.linkAddress(bytes, frame.sourceMacOffset);
    if (mac !== undefined) rememberMac(flow, isClient, mac);
    this.#hosts.sawAddress(address, mac, flow.vlan);
    if (!address.isUnicast) return;
    const host = this.#hosts.hostOf(address, mac, flow.vlan);
    if (host === undefined) return;
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    this.#hosts.add(host, 'ip.ttl', initialTimeToLive(ip.timeToLive), IP_SELF, number, timeMs);
    if (flow.transport !== 'tcp' || (transport.flags & SYN) === 0) return;
    const place = isClient ? TCP_CLIENT : TCP_SERVER;
    this.#hosts.add(host, 'tcp.syn-fingerprint', this.#synFingerprints.of(transport, bytes), place, number, timeMs);
  }

  record(flow: Flow, record: ProtocolRecord, direction: Direction): void {
    // Not the packet at hand: a flow that is over for its silence is ended by some later packet of another flow.
    const { lastMicros: timeMicros, lastPacketNumber: packetNumber } = flow;
    if (this.#records.length < MAXIMUM_WAITING_RECORDS) {
      const reference = this.#recorder.reference(flow);
      this.#records.push({ record, flow: reference, direction, timeMicros, packetNumber });
    } else this.recordsDropped += 1;
    this.#hosts.packetNumber = packetNumber;
    const room = this.#index.get(record.protocol) ?? flow.room;
    if (room === undefined) return;
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    if (flow.evidencePlaces?.protocol !== record.protocol)
      flow.evidencePlaces = new EvidencePlaces(flow, record.protocol);
    const places = flow.evidencePlaces;
    for (const draft of room.evidence(record)) {
      const { about } = draft;
      if (typeof about === 'string') this.#addOfEnd(flow, draft, places, packetNumber, timeMs);
      else this.#addOfNamed(about, flow.vlan, draft, places.self, packetNumber, timeMs);
    }
  }

  /** Lets a room on the link layer read a frame. */
  frame(room: Protocol, packet: Packet, payload: Uint8Array): void {
    const { frame, bytes, number, timeMicros } = packet;
    this.#hosts.packetNumber = number;
    const mac = frame.sourceMacOffset < 0 ? undefined : this.#addresses.linkAddress(bytes, frame.sourceMacOffset);
    const sender = mac === undefined ? {} : { mac };
    const timeMs = Math.floor(timeMicros / MICROS_PER_MS);
    const place = { protocol: room.id, role: 'self' } as const;
    const context: ParserContext = {
      transport: 'ethernet',
      clientPort: 0,
      serverPort: 0,
      emit: (record) => {
        for (const draft of room.evidence(record)) {
          const about = typeof draft.about === 'string' ? sender : draft.about;
          this.#addOfNamed(about, undefined, draft, place, number, timeMs);
        }
      },
      handOver: () => {},
    };
    room.parseDatagram?.(payload, 'to-server', context);
  }

  #addOfEnd(flow: Flow, draft: EvidenceDraft, places: EvidencePlaces, packetNumber: number, timeMs: number): void {
    const isServer = draft.about === 'server';
    const address = isServer ? flow.server : flow.client;
    if (!address.isUnicast) return;
    const host = this.#hosts.hostOf(address, isServer ? flow.serverMac : flow.clientMac, flow.vlan);
    if (host === undefined) return;
    const place = isServer ? places.server : places.client;
    this.#hosts.add(host, draft.attribute, draft.value, place, packetNumber, timeMs);
  }

  #addOfNamed(
    { ip, mac }: { readonly ip?: string; readonly mac?: string },
    vlan: number | undefined,
    { attribute, value, about }: EvidenceDraft,
    place: EvidencePlace,
    packetNumber: number,
    timeMs: number,
  ): void {
    if (ip !== undefined && mac !== undefined && typeof about !== 'string') this.#hosts.claimAddress(ip, mac);
    const host = this.#hosts.find(ip, mac, vlan);
    if (host !== undefined) this.#hosts.add(host, attribute, value, place, packetNumber, timeMs);
  }
}

/** Frames from an end know its link address better than frames to it, which a switch may have flooded or a router sent on. */
function rememberMac(flow: Flow, isClient: boolean, mac: string): void {
  if (mac === (isClient ? flow.clientMac : flow.serverMac)) return;
  if (isClient) flow.clientMac = mac;
  else flow.serverMac = mac;
  flow.reference = undefined;
}

/** The usual initial values are 32, 64, 128 and 255; every router on the way takes one. */
function initialTimeToLive(timeToLive: number): string {
  if (timeToLive <= 32) return '32';
  if (timeToLive <= 64) return '64';
  return timeToLive <= 128 ? '128' : '255';
}
