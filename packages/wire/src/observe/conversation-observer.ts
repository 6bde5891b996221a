import type { Conversation } from '@sphinx/schema';
import type { FlowRecord } from '../sensor.ts';
import type { HostObserver } from './host-observer.ts';

const MAXIMUM_CONVERSATIONS = 200_000;
/** Unanswered ports of one pair that are told apart; further ones (a scan) are folded into port 0. */
const MAXIMUM_UNANSWERED_PORTS = 32;
const MICROS_PER_MS = 1000;

interface ConversationEntry {
  conversation: Conversation;
  isChanged: boolean;
}

/** What of a flow was counted already. */
export interface CountedFlow {
  bytesToServer: number;
  bytesToClient: number;
  packets: number;
  key: string | undefined;
}

/** Adds flows up to conversations: who talks to whom over what, with totals since the start. */
export class ConversationObserver {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts: HostObserver;
  readonly #entries = new Map<string, ConversationEntry>();
  readonly #unansweredPorts = new Map<string, number>();
  #changed: ConversationEntry[] = [];
  dropped = 0;

  constructor(source: string, isSample: boolean, hosts: HostObserver) {
    this.#source = source;
    this.#isSample = isSample;
    this.#hosts = hosts;
  }

  /** @param counted what earlier calls for this flow added; kept up to date here */
  add(flow: FlowRecord, counted: CountedFlow): void {
    const isAnswered = flow.packetsToClient > 0 && flow.state !== 'rejected';
    const key = counted.key ?? this.#keyOf(flow, isAnswered);
    const entry = this.#entries.get(key) ?? this.#create(key, flow);
    if (entry === undefined) return;
    const { conversation } = entry;
    if (counted.key === undefined) conversation.flows += 1;
    conversation.isAnswered ||= isAnswered;
    conversation.isEncrypted = flow.isEncrypted;
    conversation.bytesToServer += flow.bytesToServer - counted.bytesToServer;
    conversation.bytesToClient += flow.bytesToClient - counted.bytesToClient;
    const packets = flow.packetsToServer + flow.packetsToClient;
    conversation.packets += packets - counted.packets;
    conversation.firstSeen = Math.min(conversation.firstSeen, Math.floor(flow.firstSeenMicros / MICROS_PER_MS));
    conversation.lastSeen = Math.max(conversation.lastSeen, Math.floor(flow.lastSeenMicros / MICROS_PER_MS));
    counted.key = key;
    counted.bytesToServer = flow.bytesToServer;
    counted.bytesToClient = flow.bytesToClient;
    counted.packets = packets;
    if (entry.isChanged) return;
    entry.isChanged = true;
    this.#changed.push(entry);
  }

  takeChanged(): Conversation[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed.map((entry) => {
      entry.isChanged = false;
      return { ...entry.conversation };
    });
  }

  #keyOf(flow: FlowRecord, isAnswered: boolean): string {
    const pair = `${flow.clientIp}|${flow.serverIp}|${flow.transport}`;
    const key = `${pair}|${flow.serverPort}|${flow.protocol}`;
    if (isAnswered || this.#entries.has(key)) return key;
    const ports = this.#unansweredPorts.get(pair) ?? 0;
    if (ports >= MAXIMUM_UNANSWERED_PORTS) return `${pair}|0|${flow.protocol}`;
    this.#unansweredPorts.set(pair, ports + 1);
    return key;
  }

  #create(key: string, flow: FlowRecord): ConversationEntry | undefined {
    if (this.#entries.size >= MAXIMUM_CONVERSATIONS) {
      this.dropped += 1;
      return undefined;
    }
    const clientMac = this.#hosts.ownMac(flow.clientIp, flow.clientMac);
    const serverMac = this.#hosts.ownMac(flow.serverIp, flow.serverMac);
    const firstSeen = Math.floor(flow.firstSeenMicros / MICROS_PER_MS);
    const vlan = flow.vlan === undefined ? {} : { vlan: flow.vlan };
    const conversation: Conversation = {
      source: this.#source,
      sample: this.#isSample,
      client: { ip: flow.clientIp, ...(clientMac === undefined ? {} : { mac: clientMac }), ...vlan },
      server: { ip: flow.serverIp, ...(serverMac === undefined ? {} : { mac: serverMac }), ...vlan },
      transport: flow.transport,
      serverPort: key.includes(`|0|`) ? 0 : flow.serverPort,
      protocol: flow.protocol,
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
    const entry = { conversation, isChanged: false };
    this.#entries.set(key, entry);
    return entry;
  }
}
