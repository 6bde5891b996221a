import { latin1 } from '../bytes/text.ts';

const MAXIMUM_HEAD_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;

/** First line and header fields of a message; names in lower case, the first of equal names wins. */
export interface MessageHead {
  readonly startLine: string;
  readonly fields: ReadonlyMap<string, string>;
  /** Header fields as they stand. */
  readonly fieldText: string;
}

/** How long the body is (RFC 9112 §6.3). */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }
  /** No body, and what follows is no HTTP any more (RFC 9110 §7.8, §9.3.6). */
  | { readonly kind: 'last' };

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
  #isOver = false;
  isBroken = false;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
  }

  push(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length && !this.isBroken && !this.#isOver) offset += this.#step(bytes, offset);
  }

  /** Bytes of the body that nobody wants to see. */
  get skippable(): number {
    return this.#isBodyWanted || (this.#state !== 'body' && this.#state !== 'chunk') ? 0 : this.#remaining;
  }

  /** So many of them came. */
  skipped(length: number): void {
    this.#remaining -= length;
    this.#bodyBytes += length;
    if (this.#remaining === 0) this.#endRange();
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
    this.skipped(length);
    return true;
  }

  /** No more will come: a message whose body was begun is complete as far as it came. */
  end(): void {
    if (this.#state !== 'head') this.#complete();
  }

  /** A head that was begun and never ended, as far as it came. */
  get begunHead(): MessageHead | undefined {
    if (this.#state !== 'head' || this.#headText === '') return undefined;
    return parseHead(`${this.#headText}${this.#line}\n`);
  }

  #step(bytes: Uint8Array, offset: number): number {
    switch (this.#state) {
      case 'head':
        return this.#takeWholeHead(bytes, offset) || this.#takeLine(bytes, offset, (line) => this.#headLine(line));
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

  /** The usual case: a head that came in one piece is decoded at once. @returns its length, 0 when it goes on elsewhere */
  #takeWholeHead(bytes: Uint8Array, offset: number): number {
    if (this.#line !== '' || this.#headText !== '' || bytes[offset] === CR || bytes[offset] === LF) return 0;
    for (let end = bytes.indexOf(LF, offset); end >= 0; end = bytes.indexOf(LF, end + 1)) {
      const isCrLf = bytes[end + 1] === CR && bytes[end + 2] === LF;
      if (!isCrLf && bytes[end + 1] !== LF) continue;
      if (end - offset > MAXIMUM_HEAD_BYTES) return 0;
      this.#headText = latin1(bytes, offset, end + 1);
      this.#endHead();
      return end + (isCrLf ? 3 : 2) - offset;
    }
    return 0;
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
    if (this.#headText !== '') this.#endHead();
  }

  #endHead(): void {
    const head = parseHead(this.#headText);
    this.#headText = '';
    this.#bodyBytes = 0;
    this.#isBodyWanted = true;
    const framing = this.#handler.head(head);
    switch (framing.kind) {
      case 'none':
        this.#complete();
        return;
      case 'last':
        this.#isOver = true;
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
    // An empty line too many before a size is forgiven, as browsers do.
    if (line.trim() === '') return;
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
  const end = text.indexOf('\n');
  const startLine = text.slice(0, text.charCodeAt(end - 1) === CR ? end - 1 : end);
  const fields = new Map<string, string>();
  for (let start = end + 1; start < text.length; ) {
    const stop = text.indexOf('\n', start);
    const colon = text.indexOf(':', start);
    if (colon > start && colon < stop) {
      const name = text.slice(start, colon).trim().toLowerCase();
      if (!fields.has(name)) fields.set(name, text.slice(colon + 1, stop).trim());
    }
    start = stop + 1;
  }
  return { startLine, fields, fieldText: text.slice(end + 1) };
}
