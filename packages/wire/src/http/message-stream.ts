import { latin1 } from '../bytes/text.ts';

const MAXIMUM_HEAD_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;

/** First line and header fields of a message; names in lower case, the first of equal names wins. */
export interface MessageHead {
  readonly startLine: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** How long the body is (RFC 9112 §6.3). */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

export interface MessageHandler {
  /** @returns how the body is framed, decided from the head and, for answers, from the request */
  head(head: MessageHead): BodyFraming;
  /** @returns false when the rest of the body is of no interest */
  body(bytes: Uint8Array): boolean;
  complete(bodyBytes: number): void;
}

/** Cuts one direction of a connection into HTTP/1 messages (RFC 9112). Bodies pass through, they are never kept here. */
export class MessageStream {
  readonly #handler: MessageHandler;
  #state: 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close' = 'head';
  #line = '';
  #headText = '';
  #remaining = 0;
  #bodyBytes = 0;
  #isBodyWanted = true;
  isBroken = false;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
  }

  push(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length && !this.isBroken) offset += this.#step(bytes, offset);
  }

  takeSkippable(): number {
    if (this.#isBodyWanted || (this.#state !== 'body' && this.#state !== 'chunk')) return 0;
    const length = this.#remaining;
    this.#bodyBytes += length;
    this.#endRange();
    return length;
  }

  gap(length: number): boolean {
    const isInBody = (this.#state === 'body' || this.#state === 'chunk') && length <= this.#remaining;
    if (this.#state === 'until-close') {
      this.#isBodyWanted = false;
      this.#bodyBytes += length;
      return true;
    }
    if (!isInBody) {
      this.isBroken = true;
      return false;
    }
    this.#isBodyWanted = false;
    this.#remaining -= length;
    this.#bodyBytes += length;
    if (this.#remaining === 0) this.#endRange();
    return true;
  }

  end(): void {
    if (this.#state === 'until-close') this.#complete();
  }

  #step(bytes: Uint8Array, offset: number): number {
    switch (this.#state) {
      case 'head':
        return this.#takeLine(bytes, offset, (line) => this.#headLine(line));
      case 'chunk-size':
        return this.#takeLine(bytes, offset, (line) => this.#chunkSize(line));
      case 'chunk-end':
        return this.#takeLine(bytes, offset, () => {
          this.#state = 'chunk-size';
        });
      case 'trailer':
        return this.#takeLine(bytes, offset, (line) => {
          if (line === '') this.#complete();
        });
      case 'body':
      case 'chunk':
        return this.#passBody(bytes, offset);
      case 'until-close': {
        const part = bytes.subarray(offset);
        this.#bodyBytes += part.length;
        if (this.#isBodyWanted) this.#isBodyWanted = this.#handler.body(part);
        return part.length;
      }
      default:
        return this.#state satisfies never;
    }
  }

  #takeLine(bytes: Uint8Array, offset: number, whole: (line: string) => void): number {
    const end = bytes.indexOf(LF, offset);
    const stop = end < 0 ? bytes.length : end;
    this.#line += latin1(bytes, offset, stop);
    if (this.#line.length > MAXIMUM_HEAD_BYTES) this.isBroken = true;
    if (end < 0) return stop - offset;
    const line = this.#line.charCodeAt(this.#line.length - 1) === CR ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    whole(line);
    return end + 1 - offset;
  }

  #headLine(line: string): void {
    if (line !== '') {
      this.#headText += `${line}\n`;
      if (this.#headText.length > MAXIMUM_HEAD_BYTES) this.isBroken = true;
      return;
    }
    if (this.#headText === '') return;
    const head = parseHead(this.#headText);
    this.#headText = '';
    this.#bodyBytes = 0;
    this.#isBodyWanted = true;
    const framing = this.#handler.head(head);
    switch (framing.kind) {
      case 'none':
        this.#complete();
        return;
      case 'length':
        this.#remaining = framing.bytes;
        this.#state = 'body';
        if (framing.bytes === 0) this.#complete();
        return;
      case 'chunked':
        this.#state = 'chunk-size';
        return;
      case 'until-close':
        this.#state = 'until-close';
        return;
      default:
        framing satisfies never;
    }
  }

  #chunkSize(line: string): void {
    const size = Number.parseInt(line.split(';', 1)[0]?.trim() ?? '', 16);
    if (!Number.isSafeInteger(size) || size < 0) {
      this.isBroken = true;
      return;
    }
    this.#remaining = size;
    this.#state = size === 0 ? 'trailer' : 'chunk';
  }

  #passBody(bytes: Uint8Array, offset: number): number {
    const taken = Math.min(this.#remaining, bytes.length - offset);
    this.#bodyBytes += taken;
    if (this.#isBodyWanted) this.#isBodyWanted = this.#handler.body(bytes.subarray(offset, offset + taken));
    this.#remaining -= taken;
    if (this.#remaining === 0) this.#endRange();
    return taken;
  }

  #endRange(): void {
    this.#remaining = 0;
    if (this.#state === 'chunk') this.#state = 'chunk-end';
    else this.#complete();
  }

  #complete(): void {
    this.#state = 'head';
    this.#handler.complete(this.#bodyBytes);
  }
}

function parseHead(text: string): MessageHead {
  const [startLine = '', ...lines] = text.split('\n');
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return { startLine, fields };
}
