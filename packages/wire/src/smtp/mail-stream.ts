import { DottedMessage } from '../files/dotted-message.ts';
import { MailMessage } from '../files/mail-message.ts';
import type { FileSink } from '../files/types.ts';

/** What a client sends behind `DATA` (RFC 5321 §4.1.1.4) or `BDAT` (RFC 3030 §2): mail, whose attachments are files. */
export class MailStream {
  readonly #sink: FileSink;
  #dotted: DottedMessage | undefined;
  #chunked: MailMessage | undefined;
  #chunkBytes = 0;
  #isLastChunk = false;

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  /** What comes next is mail. */
  get isOpen(): boolean {
    return this.#dotted !== undefined || this.#chunkBytes > 0;
  }

  beginData(): void {
    this.end();
    this.#dotted = new DottedMessage(new MailMessage('to-server', this.#sink));
  }

  /** @param argument of the command: length, perhaps `LAST` */
  beginChunk(argument: string): void {
    const [length = '', last = ''] = argument.trim().split(/\s+/);
    this.#chunked ??= new MailMessage('to-server', this.#sink);
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
