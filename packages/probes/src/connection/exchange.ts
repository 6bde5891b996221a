import type { ProbeLimits } from '../probe.ts';
import { Budget } from './budget.ts';
import type { Conversation } from './conversation.ts';
import { CountedDuplex } from './counted-duplex.ts';
import { type ExchangeRecord, packetsOf } from './exchange-record.ts';
import type { ProbeNetwork } from './network.ts';
import { ProbeDatagrams } from './probe-datagrams.ts';
import { ProbeStream } from './probe-stream.ts';

/** SYN and the acknowledgement of its answer (RFC 9293 §3.5). */
const OPENING_PACKETS = 2;
/** FIN, or RST where something was not read any more (RFC 9293 §3.6). */
const ENDING_PACKETS = 1;
/**
 * Where nobody answers, the operating system asks again by itself: after one second (RFC 6298 §2.1), then after two (Linux from 6.5
 * on) or three. One repetition is waited for, which the opening packets cover; a second is not.
 */
const CONNECT_TIMEOUT_MS = 1900;

export interface ExchangeOptions {
  readonly ip: string;
  readonly port: number;
  readonly network: ProbeNetwork;
  readonly limits: ProbeLimits;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Hears of every packet before it leaves. */
  readonly onRecord: (record: ExchangeRecord) => void;
}

/** All connections of one run of a probe on one port: counted, recorded, within its limits, and what was said kept for reading. */
export class Exchange {
  readonly budget: Budget;
  readonly conversations: Conversation[] = [];
  readonly #options: ExchangeOptions;
  readonly #open = new Set<{ close(): void }>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.budget = new Budget(options.limits, options.signal, options.now);
  }

  /** @returns undefined when nobody answers. @throws ProbeStopped */
  async connect(): Promise<ProbeStream | undefined> {
    const { ip, port, network, signal } = this.#options;
    // What is opened has to be ended: that is set aside at once.
    this.budget.spend({ connections: 1, packets: OPENING_PACKETS + ENDING_PACKETS, bytes: 0 });
    const connection = this.#begin('tcp');
    const channel = await network.openTcp(ip, port, this.budget.wait(CONNECT_TIMEOUT_MS), signal);
    if (channel === undefined) {
      this.budget.giveBack(ENDING_PACKETS);
      this.budget.check();
      return undefined;
    }
    const conversation = this.#converse(connection, 'tcp', channel);
    const counted = new CountedDuplex(channel.stream, this, connection);
    const stream = new ProbeStream({ stream: counted, raw: counted, exchange: this, conversation });
    this.#open.add(stream);
    this.budget.check();
    return stream;
  }

  /** @throws ProbeStopped */
  async datagrams(): Promise<ProbeDatagrams | undefined> {
    const { ip, port, network } = this.#options;
    this.budget.spend({ connections: 1, packets: 0, bytes: 0 });
    const channel = await network.openUdp(ip, port);
    if (channel === undefined) return undefined;
    const connection = this.budget.connections;
    const socket = new ProbeDatagrams(channel, this, connection);
    this.#converse(connection, 'udp', channel);
    this.#open.add(socket);
    return socket;
  }

  /** A conversation inside another one, in clear text. */
  inside(outer: Conversation): Conversation {
    const conversation = { ...outer, isInsideTls: true, turns: [] };
    this.conversations.push(conversation);
    return conversation;
  }

  /** Counts, records and keeps what is about to be sent. @throws ProbeStopped when it may not be */
  noteSent(connection: number, bytes: Uint8Array, what: string, isSecret: boolean): void {
    const packets = Math.max(1, packetsOf(bytes.length));
    this.budget.spend({ packets, bytes: bytes.length });
    const data = isSecret ? undefined : new Uint8Array(bytes);
    this.#record(connection, { direction: 'sent', kind: 'data', packets, bytes: bytes.length, what, data });
    this.#keep(connection, 'to-server', bytes);
  }

  /** Records that this end closes a connection; it was counted when it was opened. */
  noteEnd(connection: number): void {
    const fields = { direction: 'sent', kind: 'end', bytes: 0, data: undefined } as const;
    this.#record(connection, { ...fields, packets: ENDING_PACKETS, what: 'ends the connection' });
  }

  /** @returns whether more may come */
  noteReceived(connection: number, bytes: Uint8Array): boolean {
    const packets = packetsOf(bytes.length);
    const fields = { direction: 'received', kind: 'data', what: 'answer', data: undefined } as const;
    this.#record(connection, { ...fields, packets, bytes: bytes.length });
    this.#keep(connection, 'to-client', bytes);
    return this.budget.takeAnswer(bytes.length);
  }

  /** Ends whatever is still open. */
  close(): void {
    for (const open of this.#open) open.close();
    this.#open.clear();
  }

  #begin(transport: 'tcp' | 'udp'): number {
    const connection = this.budget.connections;
    const fields = { direction: 'sent', kind: 'open', bytes: 0, data: undefined } as const;
    this.#record(connection, {
      ...fields,
      packets: OPENING_PACKETS,
      what: `opens a ${transport.toUpperCase()} connection`,
    });
    return connection;
  }

  readonly #conversationOf = new Map<number, Conversation>();

  #converse(
    connection: number,
    transport: 'tcp' | 'udp',
    channel: { readonly localAddress: string; readonly localPort: number },
  ): Conversation {
    const { ip, port } = this.#options;
    const { localAddress, localPort } = channel;
    const conversation = { transport, localAddress, localPort, ip, port, isInsideTls: false, turns: [] };
    this.#conversationOf.set(connection, conversation);
    this.conversations.push(conversation);
    return conversation;
  }

  #keep(connection: number, direction: 'to-server' | 'to-client', bytes: Uint8Array): void {
    this.#conversationOf
      .get(connection)
      ?.turns.push({ direction, bytes: new Uint8Array(bytes), time: this.budget.now() });
  }

  #record(connection: number, fields: Omit<ExchangeRecord, 'time' | 'ip' | 'port' | 'transport' | 'connection'>): void {
    const { ip, port, onRecord } = this.#options;
    const transport = this.#conversationOf.get(connection)?.transport ?? 'tcp';
    onRecord({ time: this.budget.now(), ip, port, transport, connection, ...fields });
  }
}
