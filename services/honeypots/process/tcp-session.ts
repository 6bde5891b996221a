import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { DecoyService } from '../decoys/persona.ts';
import type { Conversation, DataChannel, Peer } from '../protocols/conversation.ts';
import { GrowingBytes } from '../protocols/growing-bytes.ts';
import { openConversation } from '../protocols/registry.ts';
import type { DecoyLimits, DecoyTask, FromProcess } from './messages.ts';
import type { NeedleFinder } from './needle-finder.ts';
import { SessionRecorder } from './session-recorder.ts';

const MAXIMUM_UNSENT_BYTES = 4 * 1024 * 1024;
const DATA_PATIENCE_MS = 20_000;
const MAXIMUM_DATA_BYTES = 16 * 1024 * 1024;
const MS_PER_SECOND = 1000;

export interface SessionParts {
  readonly decoy: DecoyTask;
  readonly service: DecoyService;
  readonly limits: DecoyLimits;
  readonly needles: NeedleFinder;
  readonly send: (message: FromProcess) => void;
  readonly ended: () => void;
}

/** One connection of a stranger, from its first byte to its end. */
export function serveTcp(socket: Socket, parts: SessionParts): void {
  new TcpSession(socket, parts).open();
}

class TcpSession {
  readonly #socket: Socket;
  readonly #parts: SessionParts;
  readonly #id = `dse_${randomUUID().replaceAll('-', '')}`;
  readonly #startedAt = Date.now();
  readonly #recorder: SessionRecorder;
  readonly #timers = new Set<NodeJS.Timeout>();
  #conversation: Conversation | undefined;
  #bytesIn = 0;
  #bytesOut = 0;
  #isOver = false;

  constructor(socket: Socket, parts: SessionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#recorder = new SessionRecorder({
      now: Date.now,
      startedAt: this.#startedAt,
      needles: parts.needles,
      tell: (events) => parts.send({ kind: 'events', session: this.#id, events }),
      keep: (name, content) => parts.send({ kind: 'sample', session: this.#id, name, content }),
    });
  }

  open(): void {
    const { decoy, service, limits, send } = this.#parts;
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = this.#socket;
    send({
      kind: 'session',
      session: {
        id: this.#id,
        decoy: decoy.id,
        protocol: service.protocol,
        address: plainAddress(localAddress),
        port: localPort,
        remoteAddress: plainAddress(remoteAddress),
        remotePort,
        startedAt: this.#startedAt,
      },
    });
    this.#socket.setNoDelay(true);
    this.#socket.setTimeout(limits.idleSeconds * MS_PER_SECOND, () => this.#cutOff('nothing was said for too long'));
    this.#later(limits.secondsPerSession * MS_PER_SECOND, () => this.#cutOff('the session took too long'));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => this.#end());
    this.#socket.on('end', () => this.#guarded(() => this.#conversation?.ended?.()));
    this.#guarded(() => {
      const peer = this.#peer(plainAddress(localAddress), localPort, plainAddress(remoteAddress));
      this.#conversation = openConversation(service, decoy.context, decoy.keys, peer);
      this.#socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    });
  }

  #receive(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#bytesIn += bytes.length;
    if (this.#bytesIn > this.#parts.limits.bytesPerSession) {
      this.#cutOff('more was sent than a session may');
      return;
    }
    this.#recorder.received(bytes);
    this.#guarded(() => this.#conversation?.receive(bytes));
  }

  #peer(localAddress: string, localPort: number, remoteAddress: string): Peer {
    const recorder = this.#recorder;
    return {
      localAddress,
      localPort,
      remoteAddress,
      note: (kind, text, data) => recorder.note(kind, text, data),
      logOn: (attempt) => recorder.logOn(attempt),
      sample: (name, bytes) => recorder.sample(name, bytes),
      frame: (direction, text) => recorder.frame(direction, text),
      reveal: (text) => recorder.reveal(text),
      send: (bytes) => this.#send(bytes),
      end: () => this.#socket.end(),
      later: (ms, work) => this.#later(ms, work),
      now: Date.now,
      random: randomBytes,
      expectData: (take) => this.#expectData(localAddress, remoteAddress, take),
    };
  }

  #send(bytes: Uint8Array | string): void {
    if (this.#isOver || this.#socket.writableEnded) return;
    this.#bytesOut += bytes.length;
    this.#socket.write(bytes);
    // Somebody who asks and never reads.
    if (this.#socket.writableLength > MAXIMUM_UNSENT_BYTES) this.#cutOff('did not read what it had asked for');
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isOver) this.#guarded(work);
    }, ms);
    this.#timers.add(timer);
  }

  /** Listens for one connection of the same source. */
  async #expectData(address: string, source: string, take: (channel: DataChannel) => void): Promise<number> {
    const server = createServer({ pauseOnConnect: false });
    server.maxConnections = 1;
    const { promise, resolve } = Promise.withResolvers<number>();
    server.on('error', () => resolve(0));
    server.on('connection', (socket) => {
      server.close();
      if (plainAddress(socket.remoteAddress ?? '') !== source) socket.destroy();
      else this.#guarded(() => take(this.#dataChannel(socket)));
    });
    server.listen(0, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
    this.#later(DATA_PATIENCE_MS, () => server.close());
    this.#socket.once('close', () => server.close());
    return promise;
  }

  #dataChannel(socket: Socket): DataChannel {
    const content = new GrowingBytes(MAXIMUM_DATA_BYTES);
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    socket.setTimeout(DATA_PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      this.#bytesIn += bytes.length;
      content.add(bytes);
      this.#recorder.received(bytes);
      if (this.#bytesIn > this.#parts.limits.bytesPerSession) socket.destroy();
    });
    socket.on('close', () => resolve(content.take()));
    this.#socket.once('close', () => socket.destroy());
    return {
      send: (bytes) => {
        this.#bytesOut += bytes.length;
        socket.write(bytes);
      },
      end: () => socket.end(),
      received: promise,
    };
  }

  #cutOff(reason: string): void {
    if (this.#isOver) return;
    this.#recorder.note('limit', `cut off: ${reason}`);
    this.#socket.destroy();
  }

  /** A fault of a protocol ends the session that met it, and no other. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#recorder.note(
        'malformed',
        `met a fault of the decoy: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.#socket.destroy();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#guarded(() => this.#conversation?.ended?.());
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#parts.send({
      kind: 'ended',
      session: this.#id,
      endedAt: Date.now(),
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      frames: this.#recorder.frames,
    });
    this.#parts.ended();
  }
}

/** @returns an IPv4 address that came over a socket of IPv6 as itself */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}
