import { DottedMessage } from '../files/dotted-message.ts';
import type { PartSink } from '../files/multipart.ts';

/** What a client sends behind `DATA` (RFC 5321 §4.1.1.4) or `BDAT` (RFC 3030 §2): messages. */
export class MailStream {
  /** Called when a message begins. */
  readonly #begin: () => PartSink;
  #dotted: DottedMessage | undefined;
  #chunked: PartSink | undefined;
  #chunkBytes = 0;
  #isLastChunk = false;

  /** @param begin gives what takes the message that begins */
  constructor(begin: () => PartSink) {
    this.#begin = begin;
  }

  /** What comes next is mail. */
  get isOpen(): boolean {
    return this.#dotted !== undefined || this.#chunkBytes > 0;
  }

  beginData(): void {
    this.end();
    this.#dotted = new DottedMessage(this.#begin());
  }

  /** @param argument of the command: length, perhaps `LAST` */
  beginChunk(argument: string): void {
    const [length = '', last = ''] = argument.trim().split(/\s+/);
    this.#chunked ??= this.#begin();
    this.#chunkBytes = /^\d{1,12}$/.test(length) ? Number(length) : 0;
    this.#isLastChunk = last.toUpperCase() === 'LAST';
    this.#endChunk();
  }

  /** The server takes no mail: what comes next are commands. */
  refuse(): void {
    this.#dotted = undefined;
  }

  /** @returns bytes that were mail, at least one */
  push(bytes: Uint8Array): number {
    if (this.#dotted !== undefined) {
      const taken = this.#dotted.push(bytes);
      if (this.#dotted.hasEnded) this.#dotted = undefined;
      return taken;
    }
    const taken = Math.min(this.#chunkBytes, bytes.length);
    this.#chunked?.write(bytes.subarray(0, taken));
    this.#chunkBytes -= taken;
    this.#endChunk();
    return taken;
  }

  gap(length: number): void {
    this.#dotted?.gap(length);
    if (this.#chunkBytes === 0) return;
    this.#chunked?.gap(Math.min(length, this.#chunkBytes));
    this.#chunkBytes = Math.max(0, this.#chunkBytes - length);
    this.#endChunk();
  }

  end(): void {
    this.#dotted?.end();
    this.#chunked?.end(false);
    this.#dotted = undefined;
    this.#chunked = undefined;
    this.#chunkBytes = 0;
  }

  #endChunk(): void {
    if (this.#chunkBytes > 0 || !this.#isLastChunk) return;
    this.#chunked?.end(true);
    this.#chunked = undefined;
  }
}
