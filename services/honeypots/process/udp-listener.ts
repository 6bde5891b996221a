import { randomBytes, randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { DecoyService } from '../decoys/persona.ts';
import type { Conversation, Peer } from '../protocols/conversation.ts';
import { openConversation } from '../protocols/registry.ts';
import type { DecoyTask, FromProcess } from './messages.ts';
import type { NeedleFinder } from './needle-finder.ts';
import { SessionRecorder } from './session-recorder.ts';

const SILENCE_MS = 30_000;
const MAXIMUM_SESSIONS = 200;
/** Of one sender: whoever forges an address gets little sent to it. */
const MAXIMUM_ANSWERS = 60;

interface UdpSession {
  readonly id: string;
  readonly recorder: SessionRecorder;
  readonly conversation: Conversation;
  timer: NodeJS.Timeout;
  bytesIn: number;
  bytesOut: number;
  answers: number;
}

export interface UdpParts {
  readonly decoy: DecoyTask;
  readonly service: DecoyService;
  readonly address: string;
  readonly needles: NeedleFinder;
  readonly send: (message: FromProcess) => void;
  /** Sends an answer; the sockets themselves may not. */
  readonly answer: Socket['send'];
}

/** Datagrams of strangers: those of one sender are one session until it falls silent. */
export class UdpListener {
  readonly #parts: UdpParts;
  readonly #socket: Socket;
  readonly #sessions = new Map<string, UdpSession>();

  constructor(parts: UdpParts) {
    this.#parts = parts;
    this.#socket = createSocket({ type: parts.address.includes(':') ? 'udp6' : 'udp4' });
    this.#socket.on('message', (bytes, from) => this.#take(bytes, from));
  }

  /** @returns its port, or why it cannot */
  async open(): Promise<number | NodeJS.ErrnoException> {
    const { promise, resolve } = Promise.withResolvers<number | NodeJS.ErrnoException>();
    this.#socket.on('error', resolve);
    this.#socket.bind({ address: this.#parts.address, port: this.#parts.service.port, exclusive: true }, () =>
      resolve(this.#socket.address().port),
    );
    return promise;
  }

  close(): void {
    for (const key of [...this.#sessions.keys()]) this.#end(key);
    this.#socket.close();
  }

  #take(bytes: Buffer, from: RemoteInfo): void {
    const key = `${from.address} ${from.port}`;
    const session = this.#sessions.get(key) ?? this.#begin(key, from);
    if (session === undefined) return;
    session.bytesIn += bytes.length;
    session.timer.refresh();
    session.recorder.received(bytes);
    try {
      session.conversation.receive(bytes);
    } catch (error) {
      session.recorder.note('malformed', `met a fault of the decoy: ${error instanceof Error ? error.message : ''}`);
      this.#end(key);
    }
  }

  #begin(key: string, from: RemoteInfo): UdpSession | undefined {
    const { decoy, service, needles, send, address } = this.#parts;
    if (this.#sessions.size >= MAXIMUM_SESSIONS) {
      send({ kind: 'refused', decoy: decoy.id, remoteAddress: from.address, count: 1 });
      return undefined;
    }
    const id = `dse_${randomUUID().replaceAll('-', '')}`;
    const startedAt = Date.now();
    const start = { id, decoy: decoy.id, protocol: service.protocol, address, port: this.#socket.address().port };
    send({ kind: 'session', session: { ...start, remoteAddress: from.address, remotePort: from.port, startedAt } });
    const recorder = new SessionRecorder({
      now: Date.now,
      startedAt,
      needles,
      tell: (events) => send({ kind: 'events', session: id, events }),
      keep: (name, content) => send({ kind: 'sample', session: id, name, content }),
    });
    const peer = this.#peer(key, from, recorder);
    const timer = setTimeout(() => this.#end(key), SILENCE_MS);
    const conversation = openConversation(service, decoy.context, decoy.keys, peer);
    const session = { id, recorder, conversation, timer, bytesIn: 0, bytesOut: 0, answers: 0 };
    this.#sessions.set(key, session);
    return session;
  }

  #peer(key: string, from: RemoteInfo, recorder: SessionRecorder): Peer {
    return {
      localAddress: this.#parts.address,
      localPort: this.#parts.service.port,
      remoteAddress: from.address,
      note: (kind, text, data) => recorder.note(kind, text, data),
      logOn: (attempt) => recorder.logOn(attempt),
      sample: (name, bytes) => recorder.sample(name, bytes),
      frame: (direction, text) => recorder.frame(direction, text),
      reveal: (text) => recorder.reveal(text),
      send: (bytes) => this.#answer(key, Buffer.from(bytes as Uint8Array), from),
      end: () => this.#end(key),
      later: () => undefined,
      now: Date.now,
      random: randomBytes,
      expectData: async () => 0,
    };
  }

  #answer(key: string, bytes: Buffer, { port, address }: RemoteInfo): void {
    const session = this.#sessions.get(key);
    if (session === undefined || session.answers >= MAXIMUM_ANSWERS) return;
    session.answers += 1;
    session.bytesOut += bytes.length;
    Reflect.apply(this.#parts.answer, this.#socket, [bytes, port, address]);
  }

  #end(key: string): void {
    const session = this.#sessions.get(key);
    if (session === undefined) return;
    this.#sessions.delete(key);
    clearTimeout(session.timer);
    const { id, bytesIn, bytesOut, recorder } = session;
    this.#parts.send({ kind: 'ended', session: id, endedAt: Date.now(), bytesIn, bytesOut, frames: recorder.frames });
  }
}
