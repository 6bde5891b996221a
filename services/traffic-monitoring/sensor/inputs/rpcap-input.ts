import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  RPCAP,
  type RpcapMessage,
  RpcapReader,
  readRpcapError,
  readRpcapLosses,
  readRpcapOpened,
  readRpcapPacket,
  readRpcapStarted,
  writeRpcapLogin,
  writeRpcapMessage,
  writeRpcapOpen,
  writeRpcapStart,
} from '@sphinx/wire';
import type { Batcher } from '../batcher.ts';
import type { PacketFeed } from '../packet-feed.ts';
import type { RpcapInput } from '../sensor-messages.ts';
import { FinalInputError, type Input } from './input.ts';
import { keepTrying } from './keep-trying.ts';

const SNAP_LENGTH_BYTES = 262_144;
const READ_TIMEOUT_MS = 500;
const ANSWER_LIMIT_MS = 10_000;
const STATISTICS_INTERVAL_MS = 2000;

/** Reads an interface of another machine through its rpcapd (WinPcap, Npcap, libpcap; many Windows appliances). */
export function openRpcap(input: RpcapInput, feed: PacketFeed): Input {
  return {
    async read(batcher, signal) {
      const losses = new Losses(batcher);
      await keepTrying(batcher, signal, () => capture(input, feed, batcher, signal, losses));
      feed.finish();
      await batcher.finish(null);
      return [];
    },
  };
}

/** Adds up over several captures of the same interface. */
class Losses {
  readonly #batcher: Batcher;
  #earlier = 0;
  #now = 0;

  constructor(batcher: Batcher) {
    this.#batcher = batcher;
  }

  begin(): void {
    this.#earlier += this.#now;
    this.#now = 0;
  }

  note(lost: number): void {
    this.#now = lost;
    this.#batcher.setLostBefore(this.#earlier + lost);
  }
}

async function capture(
  { host, port, login, interface: interfaceName }: RpcapInput,
  feed: PacketFeed,
  batcher: Batcher,
  signal: AbortSignal,
  losses: Losses,
): Promise<void> {
  const control = await Control.open(host, port, signal);
  try {
    await control.ask(RPCAP.login, writeRpcapLogin(login));
    const opened = await control.ask(RPCAP.open, writeRpcapOpen(interfaceName));
    const linkType = readRpcapOpened(opened);
    const started = readRpcapStarted(
      await control.ask(RPCAP.startCapture, writeRpcapStart(SNAP_LENGTH_BYTES, READ_TIMEOUT_MS)),
    );
    if (linkType === undefined || started === undefined) throw new Error(`${host} gives answers that make no sense.`);
    batcher.setNote('');
    losses.begin();
    const data = connect({ host, port: started });
    const stop = () => data.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setInterval(() => control.askForLosses((lost) => losses.note(lost)), STATISTICS_INTERVAL_MS);
    try {
      await readPackets(data, linkType, feed, batcher);
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      data.destroy();
    }
  } finally {
    control.close();
  }
}

async function readPackets(data: Socket, linkType: number, feed: PacketFeed, batcher: Batcher): Promise<void> {
  const reader = new RpcapReader(({ type, payload }) => {
    if (type === RPCAP.packet) readRpcapPacket(payload, linkType, feed);
  });
  for await (const chunk of data) {
    if (!reader.push(chunk as Uint8Array)) throw new Error('The data connection carries something else than packets.');
    await batcher.pace();
  }
}

/** The connection on which questions are asked, one after the other. */
class Control {
  readonly #socket: Socket;
  readonly #host: string;
  #answer: ((message: RpcapMessage) => void) | undefined;
  #onLosses: ((lost: number) => void) | undefined;

  static async open(host: string, port: number, signal: AbortSignal): Promise<Control> {
    const socket = connect({ host, port });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    await once(socket, 'connect');
    return new Control(socket, host);
  }

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    const reader = new RpcapReader((message) => this.#take(message));
    socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) socket.destroy(new Error(`${host} does not speak rpcap.`));
    });
    // What ends this connection ends the data connection too, and that is where it is noticed.
    socket.on('error', () => undefined);
  }

  /** @throws FinalInputError with what the other end says when it refuses */
  async ask(type: number, message: Uint8Array): Promise<Uint8Array> {
    const answered = new Promise<RpcapMessage>((resolve, reject) => {
      this.#answer = ({ payload, ...rest }) => resolve({ ...rest, payload: payload.slice() });
      this.#socket.once('close', () => reject(new Error(`${this.#host} closed the connection.`)));
    });
    this.#socket.write(message);
    const answer = await Promise.race([answered, delay(ANSWER_LIMIT_MS, undefined, { ref: false })]);
    this.#answer = undefined;
    if (answer === undefined) throw new Error(`${this.#host} does not answer.`);
    if (answer.type === RPCAP.error)
      throw new FinalInputError(`${this.#host} refuses: ${readRpcapError(answer.payload)}`);
    if (answer.type !== type || !answer.isReply) throw new Error(`${this.#host} gives answers that make no sense.`);
    return answer.payload;
  }

  askForLosses(onLosses: (lost: number) => void): void {
    this.#onLosses = onLosses;
    if (this.#socket.writable) this.#socket.write(writeRpcapMessage(RPCAP.statistics));
  }

  close(): void {
    if (this.#socket.writable) this.#socket.end(writeRpcapMessage(RPCAP.close));
    this.#socket.destroySoon();
  }

  #take(message: RpcapMessage): void {
    if (message.type === RPCAP.statistics && message.isReply) {
      const lost = readRpcapLosses(message.payload);
      if (lost !== undefined) this.#onLosses?.(lost);
    } else this.#answer?.(message);
  }
}
