import type { Conversation } from '@sphinx/schema';
import type { Address } from '../flow/address-book.ts';
import type { FlowRecord } from '../sensor.ts';
import { type HostObserver, hostReference } from './host-observer.ts';
import { type Peer, PeerList } from './peer-list.ts';

const MAXIMUM_CONVERSATIONS = 200_000;
/** Unanswered ports of one pair that are told apart; further ones (a scan) are folded into port 0. */
const MAXIMUM_UNANSWERED_PORTS = 32;
const MICROS_PER_MS = 1000;
const UNKNOWN_PROTOCOL = 'unknown';

/** One conversation: its totals so far, and what is needed to tell its changes. Kept small, there are many of them. */
export class ObservedConversation {
  /** Of the frames of its first flow, whosever they are. */
  clientMac: string | undefined;
  serverMac: string | undefined;
  vlan: number | undefined;
  readonly client: Address;
  readonly server: Address;
  readonly transport: string;
  readonly serverPort: number;
  readonly protocol: string;
  firstPacketNumber: number;
  /** Milliseconds since the epoch. */
  firstPacketTime: number;
  firstSeen: number;
  lastSeen: number;
  isEncrypted = false;
  isAnswered = false;
  bytesToServer = 0;
  bytesToClient = 0;
  packets = 0;
  flows = 0;
  isChanged = false;
  /** Another of the same two ends. */
  readonly next: ObservedConversation | undefined;

  constructor(flow: ConversingFlow, serverPort: number, next: ObservedConversation | undefined) {
    this.client = flow.client;
    this.server = flow.server;
    this.clientMac = flow.clientMac;
    this.serverMac = flow.serverMac;
    this.vlan = flow.vlan;
    this.transport = flow.transport;
    this.serverPort = serverPort;
    this.protocol = flow.protocol ?? UNKNOWN_PROTOCOL;
    this.firstPacketNumber = flow.firstPacketNumber;
    this.firstPacketTime = Math.floor(flow.firstMicros / MICROS_PER_MS);
    this.firstSeen = this.firstPacketTime;
    this.lastSeen = this.firstPacketTime;
    this.next = next;
  }

  /** Flows are told when they end or grow, which may be in another order than they began in. */
  beginsWith(flow: ConversingFlow): void {
    this.firstPacketNumber = flow.firstPacketNumber;
    this.firstPacketTime = Math.floor(flow.firstMicros / MICROS_PER_MS);
    this.clientMac = flow.clientMac;
    this.serverMac = flow.serverMac;
    this.vlan = flow.vlan;
  }
}

/** A flow as its conversation sees it. */
export interface ConversingFlow
  extends Pick<FlowRecord, 'serverPort' | 'clientMac' | 'serverMac' | 'vlan' | 'transport' | 'state' | 'isEncrypted'>,
    Pick<FlowRecord, 'bytesToServer' | 'bytesToClient' | 'packetsToServer' | 'packetsToClient' | 'firstPacketNumber'> {
  readonly client: Address;
  readonly server: Address;
  readonly protocol: string | undefined;
  readonly firstMicros: number;
  readonly lastMicros: number;
  /** What was added to its conversation already; kept up to date by the observer. */
  conversation: ObservedConversation | undefined;
  reportedBytesToServer: number;
  reportedBytesToClient: number;
  reportedPackets: number;
}

/** Adds flows up to conversations: who talks to whom over what, with totals since the start. */
export class ConversationObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts: HostObserver;
  #count = 0;
  #changed: ObservedConversation[] = [];
  dropped = 0;

  constructor(source: string, isSample: boolean, hosts: HostObserver) {
    this.#source = source;
    this.#isSample = isSample;
    this.#hosts = hosts;
  }

  /** Adds what the flow has grown by since the last call. */
  add(flow: ConversingFlow): void {
    const { bytesToServer, bytesToClient, packetsToClient } = flow;
    const packets = flow.packetsToServer + packetsToClient;
    const isAnswered = packetsToClient > 0 && flow.state !== 'rejected';
    const conversation = flow.conversation ?? this.#conversationOf(flow, isAnswered);
    if (conversation === undefined) return;
    if (flow.conversation === undefined) {
      conversation.flows += 1;
      if (flow.firstPacketNumber < conversation.firstPacketNumber) conversation.beginsWith(flow);
    }
    conversation.isAnswered ||= isAnswered;
    conversation.isEncrypted = flow.isEncrypted;
    conversation.bytesToServer += bytesToServer - flow.reportedBytesToServer;
    conversation.bytesToClient += bytesToClient - flow.reportedBytesToClient;
    conversation.packets += packets - flow.reportedPackets;
    conversation.firstSeen = Math.min(conversation.firstSeen, Math.floor(flow.firstMicros / MICROS_PER_MS));
    conversation.lastSeen = Math.max(conversation.lastSeen, Math.floor(flow.lastMicros / MICROS_PER_MS));
    flow.conversation = conversation;
    flow.reportedBytesToServer = bytesToServer;
    flow.reportedBytesToClient = bytesToClient;
    flow.reportedPackets = packets;
    if (conversation.isChanged) return;
    conversation.isChanged = true;
    this.#changed.push(conversation);
  }

  takeChanged(): Conversation[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed.map((conversation) => {
      conversation.isChanged = false;
      return this.#describe(conversation);
    });
  }

  #conversationOf(flow: ConversingFlow, isAnswered: boolean): ObservedConversation | undefined {
    const { client, server, serverPort, transport } = flow;
    if (this.#count >= MAXIMUM_CONVERSATIONS) return this.#knownOf(flow, isAnswered);
    client.peers ??= new PeerList();
    const peer = client.peers.of(server);
    const known = find(peer, flow, serverPort);
    if (known !== undefined) return known;
    if (isAnswered) return this.#create(peer, flow, serverPort);
    if (peer.unansweredPorts(transport) >= MAXIMUM_UNANSWERED_PORTS) {
      return find(peer, flow, 0) ?? this.#create(peer, flow, 0);
    }
    peer.countUnansweredPort(transport);
    return this.#create(peer, flow, serverPort);
  }

  /** There is no room for further ones, nor for peers that would have none. */
  #knownOf(flow: ConversingFlow, isAnswered: boolean): ObservedConversation | undefined {
    const { client, server, serverPort, transport } = flow;
    const peer = client.peers?.find(server);
    if (peer !== undefined) {
      const known = find(peer, flow, serverPort);
      if (known !== undefined) return known;
      const isFolded = !isAnswered && peer.unansweredPorts(transport) >= MAXIMUM_UNANSWERED_PORTS;
      const folded = isFolded ? find(peer, flow, 0) : undefined;
      if (folded !== undefined) return folded;
    }
    this.dropped += 1;
    return undefined;
  }

  #create(peer: Peer, flow: ConversingFlow, serverPort: number): ObservedConversation {
    this.#count += 1;
    peer.first = new ObservedConversation(flow, serverPort, peer.first);
    return peer.first;
  }

  #describe(conversation: ObservedConversation): Conversation {
    const { client, server, vlan, firstPacketNumber, firstPacketTime } = conversation;
    const clientMac = this.#hosts.ownMac(client.text, conversation.clientMac);
    const serverMac = this.#hosts.ownMac(server.text, conversation.serverMac);
    return {
      source: this.#source,
      sample: this.#isSample,
      client: hostReference(client.text, clientMac, vlan),
      server: hostReference(server.text, serverMac, vlan),
      transport: conversation.transport,
      serverPort: conversation.serverPort,
      protocol: conversation.protocol,
      isEncrypted: conversation.isEncrypted,
      isAnswered: conversation.isAnswered,
      bytesToServer: conversation.bytesToServer,
      bytesToClient: conversation.bytesToClient,
      packets: conversation.packets,
      flows: conversation.flows,
      firstSeen: conversation.firstSeen,
      lastSeen: conversation.lastSeen,
      packet: { source: this.#source, number: firstPacketNumber, time: firstPacketTime },
    };
  }
}

function find({ first }: Peer, flow: ConversingFlow, serverPort: number): ObservedConversation | undefined {
  const protocol = flow.protocol ?? UNKNOWN_PROTOCOL;
  for (let known = first; known !== undefined; known = known.next) {
    const isSame = known.serverPort === serverPort && known.transport === flow.transport;
    if (isSame && known.protocol === protocol) return known;
  }
  return undefined;
}
