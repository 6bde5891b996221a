import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Conversation } from './conversation.ts';
import type { CountedDuplex } from './counted-duplex.ts';
import type { Exchange } from './exchange.ts';

const ANSWER_WAIT_MS = 3000;
const HANDSHAKE_WAIT_MS = 5000;

/** What a server showed of itself while TLS began. */
export interface TlsFacts {
  /** Of the leaf certificate, DER. */
  readonly certificate: Uint8Array | undefined;
}

/** A connection as a probe sees it: sends, and waits for an answer for a while. */
export class ProbeStream {
  readonly #stream: Duplex;
  readonly #raw: CountedDuplex;
  readonly #exchange: Exchange;
  readonly #conversation: Conversation;
  readonly #tls: TlsFacts | undefined;
  #waiting: Buffer[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  constructor(options: {
    stream: Duplex;
    raw: CountedDuplex;
    exchange: Exchange;
    conversation: Conversation;
    tls?: TlsFacts;
  }) {
    this.#stream = options.stream;
    this.#raw = options.raw;
    this.#exchange = options.exchange;
    this.#conversation = options.conversation;
    this.#tls = options.tls;
    this.#stream.on('data', this.#take);
    this.#stream.on('end', this.#end);
    this.#stream.on('close', this.#end);
    this.#stream.on('error', this.#end);
  }

  /** Present after TLS has begun. */
  get tls(): TlsFacts | undefined {
    return this.#tls;
  }

  /** The other end has closed the connection. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * @param what in words, for the record
   * @param isSecret holds a password, which is not put on record
   * @throws ProbeStopped
   */
  send(bytes: Uint8Array | string, what: string, isSecret = false): void {
    this.#exchange.budget.check();
    if (this.#isOver) return;
    this.#raw.what = what;
    this.#raw.isSecret = isSecret;
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    if (this.#conversation.isInsideTls) this.#keep('to-server', data);
    this.#stream.write(data);
  }

  /**
   * Waits until what came is enough, the other end closes, or the time is up.
   *
   * @param isEnough is asked with everything that came since the last call
   * @returns what came, which may be nothing
   * @throws ProbeStopped
   */
  async receive(isEnough: (bytes: Buffer) => boolean, waitMs = ANSWER_WAIT_MS): Promise<Buffer> {
    const { budget } = this.#exchange;
    const until = budget.now() + budget.wait(waitMs);
    for (;;) {
      this.#exchange.budget.check();
      const bytes = Buffer.concat(this.#waiting);
      const left = until - budget.now();
      if (this.#isOver || left <= 0 || (bytes.length > 0 && isEnough(bytes))) {
        this.#waiting = [];
        return bytes;
      }
      await this.#news(left);
    }
  }

  /**
   * Begins TLS on this connection, taking any certificate.
   *
   * @param serverName host name that the server is told (SNI, RFC 6066 §3); none where absent
   * @returns undefined where the server does not go along
   */
  async startTls(applicationProtocols: readonly string[] = [], serverName?: string): Promise<ProbeStream | undefined> {
    this.#stream.off('data', this.#take);
    this.#stream.off('end', this.#end);
    this.#stream.off('close', this.#end);
    this.#raw.what = 'TLS handshake';
    const socket = connectTls({
      socket: this.#stream,
      rejectUnauthorized: false,
      // Old devices are met as they are: what they speak is a finding, not a reason to learn nothing.
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(applicationProtocols.length === 0 ? {} : { ALPNProtocols: [...applicationProtocols] }),
    });
    if (!(await this.#isSecured(socket))) {
      socket.destroy();
      this.#isOver = true;
      this.#exchange.budget.check();
      return undefined;
    }
    const certificate = socket.getPeerX509Certificate()?.raw;
    const conversation = this.#exchange.inside(this.#conversation);
    const tls = { certificate: certificate === undefined ? undefined : new Uint8Array(certificate) };
    return new ProbeStream({ stream: socket, raw: this.#raw, exchange: this.#exchange, conversation, tls });
  }

  /**
   * Forgets what came since this end spoke last, but for its beginning: where an answer may hold what nobody should keep.
   *
   * @param length bytes that stay
   */
  keepOfAnswer(length: number): void {
    const { turns } = this.#conversation;
    let left = Math.max(0, length);
    for (let at = turns.findLastIndex(({ direction }) => direction === 'to-server') + 1; at < turns.length; at += 1) {
      const turn = turns[at];
      if (turn === undefined) continue;
      turns[at] = { ...turn, bytes: turn.bytes.slice(0, left) };
      left -= Math.min(left, turn.bytes.length);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#stream.destroy();
    this.#raw.destroy();
    this.#isOver = true;
    this.#wake();
  }

  #isSecured(socket: TLSSocket): Promise<boolean> {
    const { budget } = this.#exchange;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), budget.wait(HANDSHAKE_WAIT_MS));
      const finish = (isSecured: boolean) => {
        clearTimeout(timer);
        resolve(isSecured);
      };
      socket.once('secureConnect', () => finish(true));
      socket.once('close', () => finish(false));
      socket.on('error', () => finish(false));
      budget.signal.addEventListener('abort', () => finish(false), { once: true });
    });
  }

  async #news(waitMs: number): Promise<void> {
    const { signal } = this.#exchange.budget;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
    signal.removeEventListener('abort', this.#wake);
  }

  #keep(direction: 'to-server' | 'to-client', bytes: Uint8Array): void {
    this.#conversation.turns.push({ direction, bytes: new Uint8Array(bytes), time: this.#exchange.budget.now() });
  }

  readonly #take = (bytes: Buffer) => {
    if (this.#conversation.isInsideTls) this.#keep('to-client', bytes);
    this.#waiting.push(bytes);
    this.#wake();
  };

  readonly #end = () => {
    this.#isOver = true;
    this.#wake();
  };
}
