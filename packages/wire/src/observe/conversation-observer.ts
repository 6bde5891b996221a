import type { Conversation } from '@sphinx/schema';
import type { Flow } from '../flow/flow.ts';
import type { HostObserver } from './host-observer.ts';

const MAXIMUM_CONVERSATIONS = 200_000;
/** Unanswered ports of one pair that are told apart; further ones (a scan) are folded into port 0. */
const MAXIMUM_UNANSWERED_PORTS = 32;
const MICROS_PER_MS = 1000;

/** A conversation with what is needed to tell its changes. */
export interface ObservedConversation {
  readonly conversation: Conversation;
  isChanged: boolean;
}

/** Adds flows up to conversations: who talks to whom over what, with totals since the start. */
export class ConversationObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts: HostObserver;
  readonly #observed = new Map<string, ObservedConversation>();
  readonly #unansweredPorts = new Map<string, number>();
  #changed: ObservedConversation[] = [];
  dropped = 0;

  constructor(source: string, isSample: boolean, hosts: HostObserver) {
    this.#source = source;
    this.#isSample = isSample;
    this.#hosts = hosts;
  }

  /** Adds what the flow has grown by since the last call. */
  add(flow: Flow): void {
    const { bytesToServer, bytesToClient, packetsToClient } = flow;
    const packets = flow.packetsToServer + packetsToClient;
    const isAnswered = packetsToClient > 0 && flow.state !== 'rejected';
    const observed = flow.conversation ?? this.#conversationOf(flow, isAnswered);
    if (observed === undefined) return;
    const { conversation } = observed;
    if (flow.conversation === undefined) conversation.flows += 1;
    conversation.isAnswered ||= isAnswered;
    conversation.isEncrypted = flow.room?.isEncrypted ?? false;
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

  #conversationOf(flow: Flow, isAnswered: boolean): ObservedConversation | undefined {
    const pair = `${flow.clientIp}|${flow.serverIp}|${flow.transport}`;
    const protocol = flow.room?.id ?? 'unknown';
    const key = `${pair}|${flow.serverPort}|${protocol}`;
    const known = this.#observed.get(key);
    if (known !== undefined) return known;
    if (isAnswered) return this.#create(key, flow, flow.serverPort);
    const ports = this.#unansweredPorts.get(pair) ?? 0;
    if (ports < MAXIMUM_UNANSWERED_PORTS) {
      this.#unansweredPorts.set(pair, ports + 1);
      return this.#create(key, flow, flow.serverPort);
    }
    const folded = `${pair}|0|${protocol}`;
    return this.#observed.get(folded) ?? this.#create(folded, flow, 0);
  }

  #create(key: string, flow: Flow, serverPort: number): ObservedConversation | undefined {
    if (this.#observed.size >= MAXIMUM_CONVERSATIONS) {
      this.dropped += 1;
      return undefined;
    }
    const clientMac = this.#hosts.ownMac(flow.clientIp, flow.clientMac);
    const serverMac = this.#hosts.ownMac(flow.serverIp, flow.serverMac);
    const firstSeen = Math.floor(flow.firstMicros / MICROS_PER_MS);
    const vlan = flow.vlan === undefined ? {} : { vlan: flow.vlan };
    const conversation: Conversation = {
      source: this.#source,
      sample: this.#isSample,
      client: { ip: flow.clientIp, ...(clientMac === undefined ? {} : { mac: clientMac }), ...vlan },
      server: { ip: flow.serverIp, ...(serverMac === undefined ? {} : { mac: serverMac }), ...vlan },
      transport: flow.transport,
      serverPort,
      protocol: flow.room?.id ?? 'unknown',
      isEncrypted: flow.room?.isEncrypted ?? false,
      isAnswered: false,
      bytesToServer: 0,
      bytesToClient: 0,
      packets: 0,
      flows: 0,
      firstSeen,
      lastSeen: firstSeen,
      packet: { source: this.#source, number: flow.firstPacketNumber, time: firstSeen },
    };
    const observed = { conversation, isChanged: false };
    this.#observed.set(key, observed);
    return observed;
  }
}
