import { DottedMessage } from '../files/dotted-message.ts';
import { MailMessage } from '../files/mail-message.ts';
import type { FileSink } from '../files/types.ts';
import type { CarriedMail } from '../mail-session.ts';

/** Commands whose answers may be outstanding (RFC 2449 §6.6, pipelining). */
const MAXIMUM_OUTSTANDING = 1000;

/** Mail that a client fetches with RETR or TOP (RFC 1939 §5, §7); its attachments are files. */
export class RetrievedMail implements CarriedMail {
  readonly #sink: FileSink;
  #outstanding: string[] = [];
  #message: DottedMessage | undefined;

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#message !== undefined;
  }

  /** The client asks for something that is answered with one line, and perhaps more behind it. */
  command(name: string): void {
    if (this.#outstanding.length >= MAXIMUM_OUTSTANDING) this.#outstanding = [];
    this.#outstanding.push(name);
  }

  answer(isGood: boolean): void {
    const name = this.#outstanding.shift();
    if (!isGood || (name !== 'RETR' && name !== 'TOP')) return;
    this.#message = new DottedMessage(new MailMessage('to-client', this.#sink));
  }

  push(bytes: Uint8Array): number {
    const message = this.#message;
    if (message === undefined) return 0;
    const taken = message.push(bytes);
    if (message.hasEnded) this.#message = undefined;
    return taken;
  }

  gap(length: number): void {
    this.#message?.gap(length);
    // An answer may have been lost: which command the next one answers is unknown.
    this.#outstanding = [];
  }

  end(): void {
    this.#message?.end();
    this.#message = undefined;
  }
}
