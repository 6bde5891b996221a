import { Duplex } from 'node:stream';
import type { Exchange } from './exchange.ts';

/** A connection whose every byte is counted, recorded and kept within the budget, whoever writes to it: also TLS. */
export class CountedDuplex extends Duplex {
  /** What is being sent, in words; changed by whoever sends. */
  what = 'data';
  /** What is being sent holds a password. */
  isSecret = false;
  readonly #inner: Duplex;
  readonly #exchange: Exchange;
  readonly #connection: number;
  #isOver = false;
  /** This end has closed it. */
  #isClosed = false;

  constructor(inner: Duplex, exchange: Exchange, connection: number) {
    super();
    this.#inner = inner;
    this.#exchange = exchange;
    this.#connection = connection;
    inner.on('data', (bytes: Buffer) => this.#take(bytes));
    inner.on('end', () => this.#end());
    inner.on('close', () => this.#end());
    inner.on('error', () => this.#end());
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    try {
      this.#exchange.noteSent(this.#connection, bytes, this.what, this.isSecret);
    } catch (error) {
      this.#close();
      this.#inner.destroy();
      done(error as Error);
      return;
    }
    if (this.#inner.destroyed) done();
    else this.#inner.write(bytes, () => done());
  }

  override _final(done: () => void): void {
    this.#close();
    this.#inner.end();
    done();
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.#close();
    this.#inner.destroy();
    done(null);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#exchange.noteEnd(this.#connection);
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    if (this.#exchange.noteReceived(this.#connection, bytes)) {
      if (!this.push(bytes)) this.#inner.pause();
      return;
    }
    this.#close();
    this.#inner.destroy();
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }
}
