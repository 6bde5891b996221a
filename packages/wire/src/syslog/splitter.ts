import { latin1 } from '../bytes/text.ts';

/** Of a message: its header and an audit message behind it. */
export const MAXIMUM_MESSAGE = 32 * 1024;
const OCTET_COUNT = /^(\d{1,9}) </;
const BEGUN_COUNT = /^\d{1,9} ?$/;

/** Cuts a stream into messages: by the length in front of each (RFC 6587 §3.4.1), or by line feeds where there is none (§3.4.2). */
export class SyslogSplitter {
  #text = '';
  /** Characters of the counted message at hand that are still to come beyond what is kept. */
  #skip = 0;

  /** @returns messages that are whole now, each as far as it is kept */
  push(bytes: Uint8Array): readonly string[] {
    const messages: string[] = [];
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    this.#text += latin1(bytes, skipped);
    for (let message = this.#take(); message !== undefined; message = this.#take()) messages.push(message);
    return messages;
  }

  clear(): void {
    this.#text = '';
    this.#skip = 0;
  }

  #take(): string | undefined {
    const count = OCTET_COUNT.exec(this.#text)?.[1];
    if (count !== undefined) return this.#takeCounted(count.length + 1, Number(count));
    if (BEGUN_COUNT.test(this.#text)) return undefined;
    const end = this.#text.indexOf('\n');
    if (end < 0) {
      this.#text = this.#text.slice(0, MAXIMUM_MESSAGE);
      return undefined;
    }
    const line = this.#text.slice(0, Math.min(end, MAXIMUM_MESSAGE)).replace(/\r$/, '');
    this.#text = this.#text.slice(end + 1);
    return line;
  }

  #takeCounted(start: number, length: number): string | undefined {
    const kept = Math.min(length, MAXIMUM_MESSAGE);
    if (this.#text.length < start + kept) return undefined;
    const message = this.#text.slice(start, start + kept);
    const rest = length - kept;
    const here = Math.min(rest, this.#text.length - start - kept);
    this.#skip = rest - here;
    this.#text = this.#text.slice(start + kept + here);
    return message;
  }
}
