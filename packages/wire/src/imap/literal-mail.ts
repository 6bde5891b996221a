import { MailMessage } from '../files/mail-message.ts';
import type { FileSink } from '../files/types.ts';
import type { CarriedMail } from '../mail-session.ts';
import type { Direction } from '../protocol.ts';

/** Length of what follows the line, `~` before it for bytes that are no text, `+` behind it where nobody waits (RFC 9051 §4.3, RFC 7888). */
const LITERAL = /~?\{(\d{1,10})\+?\}$/;
/** A whole message, or a part of it from an offset on (§7.5.2); the older names of the same (RFC 3501 §6.4.5). */
const WHOLE = /\b(?:BODY\[\](?:<(\d{1,10})>)?|RFC822) ~?\{\d+\+?\}$/i;
const APPEND = /^[^ ]+ APPEND /i;

/**
 * Mail in the literals of one direction of IMAP: what FETCH gives whole, or piece by piece from its start, and what APPEND
 * brings. Its attachments are files. Single parts of a message are none: their own headers are not with them.
 */
export class LiteralMail implements CarriedMail {
  readonly #direction: Direction;
  readonly #sink: FileSink;
  #remaining = 0;
  /** Takes the literal at hand; absent where it is no mail. */
  #message: MailMessage | undefined;
  /** The message comes in pieces: where the next one begins. */
  #pieces: { readonly message: MailMessage; next: number } | undefined;

  constructor(direction: Direction, sink: FileSink) {
    this.#direction = direction;
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#remaining > 0;
  }

  /** @param line may announce a literal */
  line(line: string): void {
    const length = Number(LITERAL.exec(line)?.[1] ?? 0);
    if (length === 0) return;
    this.#remaining = length;
    if (this.#direction === 'to-server') {
      this.#message = APPEND.test(line) ? new MailMessage('to-server', this.#sink) : undefined;
      return;
    }
    const whole = WHOLE.exec(line);
    if (whole !== null) this.#message = whole[1] === undefined ? this.#whole() : this.#piece(Number(whole[1]), length);
  }

  push(bytes: Uint8Array): number {
    const taken = Math.min(this.#remaining, bytes.length);
    this.#message?.write(bytes.subarray(0, taken));
    this.#pass(taken);
    return taken;
  }

  gap(length: number): void {
    const within = Math.min(this.#remaining, length);
    if (within === 0) return;
    this.#message?.gap(within);
    this.#pass(within);
  }

  end(): void {
    if (this.#message !== this.#pieces?.message) this.#message?.end(false);
    this.#message = undefined;
    this.#endPieces();
  }

  #whole(): MailMessage {
    this.#endPieces();
    return new MailMessage(this.#direction, this.#sink);
  }

  #piece(offset: number, length: number): MailMessage | undefined {
    if (this.#pieces?.next !== offset) {
      this.#endPieces();
      if (offset > 0) return undefined;
      this.#pieces = { message: new MailMessage(this.#direction, this.#sink), next: 0 };
    }
    this.#pieces.next += length;
    return this.#pieces.message;
  }

  #pass(length: number): void {
    this.#remaining -= length;
    if (this.#remaining > 0) return;
    if (this.#message !== this.#pieces?.message) this.#message?.end(true);
    this.#message = undefined;
  }

  /** Nobody says which piece is the last: what the message itself has ended is whole. */
  #endPieces(): void {
    this.#pieces?.message.end(false);
    this.#pieces = undefined;
  }
}
