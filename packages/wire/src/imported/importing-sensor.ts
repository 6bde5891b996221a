import { type Conversation, deterministicId } from '@sphinx/schema';
import { NO_FILES } from '../files/file-extractor.ts';
import { ConversationObserver } from '../observe/conversation-observer.ts';
import { type EvidencePlace, HostObserver, type ObservedHost } from '../observe/host-observer.ts';
import { ProtocolTotals } from '../observe/protocol-totals.ts';
import type { EvidenceDraft } from '../protocol.ts';
import type { FlowRecord, ObservedRecord, SensorBatch, SensorOptions } from '../sensor.ts';
import type { ImportedEnds, ImportedFlow, ImportedRecord, TrafficImporter } from './imported-traffic.ts';
import { TextAddressBook } from './text-address-book.ts';

const MAXIMUM_WAITING = 250_000;
const MAXIMUM_KINDS = 100;
const MAXIMUM_PARTIAL_CONVERSATIONS = 200_000;
const MAXIMUM_PROTOCOLS = 500;
const PROTOCOL_NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;
const MICROS_PER_MS = 1000;
const REPORTED: EvidencePlace = { protocol: 'flow', role: 'self' };
/** Another sensor tells of a flow once, as a whole. */
const UNREPORTED = { conversation: undefined, reportedBytesToServer: 0, reportedBytesToClient: 0, reportedPackets: 0 };
/** Rooms whose traffic is encrypted, whoever has seen it. */
const ENCRYPTED: ReadonlySet<string> = new Set(['tls', 'ssh', 'quic', 'dtls', 'wireguard', 'openvpn', 'ipsec', 'ike']);

/**
 * Makes of what other sensors saw the same batches that our own sensor makes of packets, so that no service has to know
 * the difference. Entries are counted as packets are: the n-th entry of a source is its packet reference n.
 */
export class ImportingSensor implements TrafficImporter {
  readonly #source: string;
  readonly #addresses = new TextAddressBook();
  readonly #hosts: HostObserver;
  readonly #conversations: ConversationObserver;
  readonly #protocols = new ProtocolTotals();
  readonly #protocolNames = new Set<string>();
  readonly #partial = new Set<string>();
  readonly #leftOut = new Map<string, number>();
  #flows: FlowRecord[] = [];
  #records: ObservedRecord[] = [];
  #entries = 0;
  #packets = 0;
  #bytes = 0;
  #flowCount = 0;
  #firstMicros = 0;
  #lastMicros = 0;
  #unreadable = 0;
  #unreadableReason = '';
  #lost = 0;
  #dropped = 0;

  constructor({ source, isSample }: Pick<SensorOptions, 'source' | 'isSample'>) {
    this.#source = source;
    this.#hosts = new HostObserver(source, isSample);
    this.#conversations = new ConversationObserver(source, isSample, this.#hosts);
  }

  flow(flow: ImportedFlow): void {
    if (!this.#enter(flow.lastSeenMicros)) return;
    if (this.#flows.length >= MAXIMUM_WAITING) {
      this.#dropped += 1;
      return;
    }
    const record = this.#flowRecord(flow);
    this.#flows.push(record);
    const client = this.#addresses.address(flow.clientIp);
    const server = this.#addresses.address(flow.serverIp);
    this.#hosts.sawAddress(client, flow.clientMac, flow.vlan);
    this.#hosts.sawAddress(server, flow.serverMac, flow.vlan);
    this.#conversations.add({ ...record, ...UNREPORTED, client, server, ...timesOf(record) });
    if (flow.isPartial === true && this.#partial.size < MAXIMUM_PARTIAL_CONVERSATIONS) {
      this.#partial.add(pairKey(flow.clientIp, flow.serverIp, flow.transport));
    }
    this.#addEnds(flow, record);
    this.#count(record);
  }

  record({ ends, record, direction, timeMicros, evidence }: ImportedRecord): void {
    if (!this.#enter(timeMicros)) return;
    for (const draft of evidence) this.#addEvidence(ends, draft, record.protocol, timeMicros);
    if (this.#records.length >= MAXIMUM_WAITING) {
      this.#dropped += 1;
      return;
    }
    const { clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, vlan, transport } = ends;
    const id = this.#flowId(ends, timeMicros);
    const macs = { clientMac, serverMac };
    const flow = { id, clientIp, serverIp, clientPort, serverPort, ...macs, vlan, transport, firstPacketNumber: 0 };
    this.#records.push({ record, flow, direction, timeMicros, packetNumber: this.#entries });
  }

  unreadable(reason: string): void {
    this.#entries += 1;
    this.#unreadable += 1;
    this.#unreadableReason = reason;
  }

  leftOut(kind: string): void {
    this.#entries += 1;
    const known = this.#leftOut.get(kind);
    const key = known === undefined && this.#leftOut.size >= MAXIMUM_KINDS ? 'other kinds' : kind;
    this.#leftOut.set(key, (this.#leftOut.get(key) ?? 0) + 1);
  }

  lost(count: number): void {
    this.#lost += count;
  }

  /** Entries read so far, whatever became of them. */
  get entries(): number {
    return this.#entries;
  }

  /** What did not become a flow or a record, and why. */
  get account(): {
    readonly lost: number;
    readonly unreadable: number;
    readonly leftOut: number;
    readonly dropped: number;
  } {
    const leftOut = [...this.#leftOut.values()].reduce((sum, count) => sum + count, 0);
    return { lost: this.#lost, unreadable: this.#unreadable, leftOut, dropped: this.#dropped };
  }

  /** @returns what did not go in, in a person's words; empty where everything did */
  warnings(): readonly string[] {
    const total = `of ${this.#entries} entries`;
    const kinds = [...this.#leftOut].map(([kind, count]) => `${count} ${kind}`).join(', ');
    return [
      ...(this.#unreadable === 0
        ? []
        : [`${this.#unreadable} ${total} could not be read; the last one: ${this.#unreadableReason}`]),
      ...(kinds === '' ? [] : [`Left out because they tell nothing of traffic that is used here: ${kinds}.`]),
      ...(this.#lost === 0 ? [] : [`${this.#lost} packets or records were lost before they came here.`]),
    ];
  }

  takeBatch(): SensorBatch {
    const batch: SensorBatch = {
      flows: this.#flows,
      records: this.#records,
      hosts: this.#hosts.takeChanged(),
      conversations: this.#conversations.takeChanged().map((conversation) => this.#withDoubt(conversation)),
      files: [],
      statistics: {
        packets: this.#packets,
        bytes: this.#bytes,
        firstPacketMicros: this.#firstMicros,
        lastPacketMicros: this.#lastMicros,
        malformedPackets: this.#unreadable,
        unsupportedPackets: 0,
        activeFlows: 0,
        flows: this.#flowCount,
        recordsDropped: this.#dropped + this.#hosts.dropped + this.#conversations.dropped,
        reassemblyGaps: 0,
        files: NO_FILES,
        protocols: this.#protocols.copy(),
      },
    };
    this.#flows = [];
    this.#records = [];
    return batch;
  }

  /** @returns whether the entry has a time: without one nothing can be said about it */
  #enter(timeMicros: number): boolean {
    if (!(timeMicros > 0)) {
      this.unreadable('An entry names no time.');
      return false;
    }
    this.#entries += 1;
    if (this.#firstMicros === 0 || timeMicros < this.#firstMicros) this.#firstMicros = timeMicros;
    if (timeMicros > this.#lastMicros) this.#lastMicros = timeMicros;
    return true;
  }

  #flowRecord(flow: ImportedFlow): FlowRecord {
    const protocol = this.#knownProtocol(flow.protocol);
    return {
      id: this.#flowId(flow, flow.firstSeenMicros),
      clientIp: flow.clientIp,
      serverIp: flow.serverIp,
      clientPort: flow.clientPort,
      serverPort: flow.serverPort,
      clientMac: flow.clientMac,
      serverMac: flow.serverMac,
      vlan: flow.vlan,
      transport: flow.transport,
      protocol,
      isEncrypted: ENCRYPTED.has(protocol),
      bytesToServer: flow.bytesToServer,
      bytesToClient: flow.bytesToClient,
      packetsToServer: flow.packetsToServer,
      packetsToClient: flow.packetsToClient,
      tcpFlagsToServer: flow.tcpFlagsToServer ?? 0,
      tcpFlagsToClient: flow.tcpFlagsToClient ?? 0,
      state: flow.state,
      firstSeenMicros: flow.firstSeenMicros,
      lastSeenMicros: Math.max(flow.firstSeenMicros, flow.lastSeenMicros),
      firstPacketNumber: this.#entries,
    };
  }

  /** Names of protocols are free text of somebody else: as many are believed as there can be. */
  #knownProtocol(name: string): string {
    if (this.#protocolNames.has(name)) return name;
    if (!PROTOCOL_NAME.test(name) || this.#protocolNames.size >= MAXIMUM_PROTOCOLS) return 'unknown';
    this.#protocolNames.add(name);
    return name;
  }

  /** Whoever sent something is there, though nothing else is known of it: that another sensor said so is the evidence. */
  #addEnds(flow: ImportedFlow, { packetsToServer, packetsToClient }: FlowRecord): void {
    const hasAnswerOnly = packetsToServer === 0 && packetsToClient > 0;
    const draft = { attribute: 'flow.reported-by', value: flow.reportedBy };
    if (!hasAnswerOnly) this.#add(this.#hostOf(flow, 'client'), draft, REPORTED, flow.lastSeenMicros);
    if (packetsToClient > 0) this.#add(this.#hostOf(flow, 'server'), draft, REPORTED, flow.lastSeenMicros);
  }

  #add(
    host: ObservedHost | undefined,
    { attribute, value }: Pick<EvidenceDraft, 'attribute' | 'value'>,
    place: EvidencePlace,
    timeMicros: number,
  ): void {
    if (host === undefined) return;
    this.#hosts.add(host, attribute, value, place, this.#entries, Math.floor(timeMicros / MICROS_PER_MS));
  }

  #hostOf(ends: ImportedEnds, end: 'client' | 'server'): ObservedHost | undefined {
    const address = this.#addresses.address(end === 'server' ? ends.serverIp : ends.clientIp);
    const mac = end === 'server' ? ends.serverMac : ends.clientMac;
    return address.isUnicast ? this.#hosts.hostOf(address, mac, ends.vlan) : undefined;
  }

  #count({ protocol, packetsToServer, packetsToClient, bytesToServer, bytesToClient }: FlowRecord): void {
    const packets = packetsToServer + packetsToClient;
    const bytes = bytesToServer + bytesToClient;
    this.#flowCount += 1;
    this.#packets += packets;
    this.#bytes += bytes;
    this.#protocols.add(protocol, 1, packets, bytes);
  }

  /** The same for the flow and for its records: other sensors tell of both in entries of their own. */
  #flowId({ uid, transport, clientIp, clientPort, serverIp, serverPort }: ImportedEnds, timeMicros: number): string {
    if (uid !== undefined) return deterministicId('flw', this.#source, uid);
    return deterministicId('flw', this.#source, transport, clientIp, clientPort, serverIp, serverPort, timeMicros);
  }

  #addEvidence(ends: ImportedEnds, draft: EvidenceDraft, protocol: string, timeMicros: number): void {
    const { about } = draft;
    if (typeof about !== 'string') {
      const { ip, mac } = about;
      if (ip !== undefined && mac !== undefined) this.#hosts.claimAddress(ip, mac);
      this.#add(this.#hosts.find(ip, mac, undefined), draft, { protocol, role: 'self' }, timeMicros);
      return;
    }
    const transport = ends.transport === 'udp' ? 'udp' : 'tcp';
    const place: EvidencePlace =
      about === 'server'
        ? { protocol, role: 'server', port: ends.serverPort, transport }
        : { protocol, role: 'client' };
    this.#add(this.#hostOf(ends, about), draft, place, timeMicros);
  }

  #withDoubt(conversation: Conversation): Conversation {
    const { client, server, transport, isAnswered } = conversation;
    const isPartial = !isAnswered && this.#partial.has(pairKey(client.ip ?? '', server.ip ?? '', transport));
    return isPartial ? { ...conversation, isPartial } : conversation;
  }
}

function pairKey(clientIp: string, serverIp: string, transport: string): string {
  return `${clientIp}|${serverIp}|${transport}`;
}

function timesOf({ firstSeenMicros, lastSeenMicros }: FlowRecord): { firstMicros: number; lastMicros: number } {
  return { firstMicros: firstSeenMicros, lastMicros: lastSeenMicros };
}
