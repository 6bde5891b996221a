import type { Conversation } from '@sphinx/schema';
import type { Address } from '../flow/address-book.ts';
import type { FlowRecord } from '../sensor.ts';
import type { HostObserver } from './host-observer.ts';

const MAXIMUM_CONVERSATIONS = 200_000;
/** Unanswered ports of one pair that are told apart; further ones (a scan) are folded into port 0. */
const MAXIMUM_UNANSWERED_PORTS = 32;
const MICROS_PER_MS = 1000;

/** A conversation with what is needed to tell its changes; others of the same two ends are chained. */
export interface ObservedConversation {
  readonly conversation: Conversation;
  readonly next: ObservedConversation | undefined;
  isChanged: boolean;
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

/** Conversations of a client with one server. */
export interface Peer {
  first: ObservedConversation | undefined;
  /** Ports of TCP, UDP and others that did not answer. */
  readonly unansweredPorts: Map<string, number>;
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
    const observed = flow.conversation ?? this.#conversationOf(flow, isAnswered);
    if (observed === undefined) return;
    const { conversation } = observed;
    if (flow.conversation === undefined) conversation.flows += 1;
    conversation.isAnswered ||= isAnswered;
    conversation.isEncrypted = flow.isEncrypted;
    conversation.bytesToServer += bytesToServer - flow.reportedBytesToServer;
    conversation.bytesToClient += bytesToClient - flow.reportedBytesToClient;
    conversation.packets += packets - flow.reportedPackets;
    conversation.firstSeen = Math.min(conversation.firstSeen, Math.floor(flow.firstMicros / MICROS_PER_MS));
    conversation.lastSeen = Math.max(conversation.lastSeen, Math.floor(flow.lastMicros / MICROS_PER_MS));
    flow.conversation = observed;
    flow.reportedBytesToServer = bytesToServer;
    flow.reportedBytesToClient = bytesToClient;
    flow.reportedPackets = packets;
    if (observed.isChanged) return;
    observed.isChanged = true;
    this.#changed.push(observed);
  }

  takeChanged(): Conversation[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed.map((observed) => {
      observed.isChanged = false;
      return { ...observed.conversation };
    });
  }

  #conversationOf(flow: ConversingFlow, isAnswered: boolean): ObservedConversation | undefined {
    const { client, server, serverPort, transport } = flow;
    client.peers ??= new Map();
    let peer = client.peers.get(server);
    if (peer === undefined) {
      peer = { first: undefined, unansweredPorts: new Map() };
      client.peers.set(server, peer);
    }
    const known = find(peer, flow, serverPort);
    if (known !== undefined) return known;
    if (isAnswered) return this.#create(peer, flow, serverPort);
    const ports = peer.unansweredPorts.get(transport) ?? 0;
    if (ports >= MAXIMUM_UNANSWERED_PORTS) return find(peer, flow, 0) ?? this.#create(peer, flow, 0);
    peer.unansweredPorts.set(transport, ports + 1);
    return this.#create(peer, flow, serverPort);
  }

  #create(peer: Peer, flow: ConversingFlow, serverPort: number): ObservedConversation | undefined {
    if (this.#count >= MAXIMUM_CONVERSATIONS) {
      this.dropped += 1;
      return undefined;
    }
    this.#count += 1;
    const clientMac = this.#hosts.ownMac(flow.client.text, flow.clientMac);
    const serverMac = this.#hosts.ownMac(flow.server.text, flow.serverMac);
    const firstSeen = Math.floor(flow.firstMicros / MICROS_PER_MS);
    const conversation: Conversation = {
      source: this.#source,
      sample: this.#isSample,
      client: hostReference(flow.client.text, clientMac, flow.vlan),
      server: hostReference(flow.server.text, serverMac, flow.vlan),
      transport: flow.transport,
      serverPort,
      protocol: flow.protocol ?? 'unknown',
      isEncrypted: flow.isEncrypted,
      isAnswered: false,
      bytesToServer: 0,
      bytesToClient: 0,
      packets: 0,
      flows: 0,
      firstSeen,
      lastSeen: firstSeen,
      packet: { source: this.#source, number: flow.firstPacketNumber, time: firstSeen },
    };
    peer.first = { conversation, next: peer.first, isChanged: false };
    return peer.first;
  }
}

function find({ first }: Peer, flow: ConversingFlow, serverPort: number): ObservedConversation | undefined {
  const protocol = flow.protocol ?? 'unknown';
  for (let known = first; known !== undefined; known = known.next) {
    const { conversation } = known;
    const isSame = conversation.serverPort === serverPort && conversation.transport === flow.transport;
    if (isSame && conversation.protocol === protocol) return known;
  }
  return undefined;
}

function hostReference(ip: string, mac: string | undefined, vlan: number | undefined): Conversation['client'] {
  if (vlan === undefined) return mac === undefined ? { ip } : { ip, mac };
  return mac === undefined ? { ip, vlan } : { ip, mac, vlan };
}
