import { latin1 } from '../bytes/text.ts';
import type { FileEnding } from '../files/types.ts';
import type { BodyOddity } from './events.ts';
import { type MessageHead, parseHead } from './message-head.ts';
import { findMessageStart, type MessageSide } from './message-start.ts';
import { mayBeRequestLine } from './request-line.ts';

const MAXIMUM_HEAD_BYTES = 64 * 1024;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;

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
  /** So many bytes of the body were lost; 0 where it was a part of the head. @returns false, as where this is absent, when the rest is of no interest */
  lost?(length: number): boolean;
  /** @param isWhole the body came to the end that its framing says */
  complete(bodyBytes: number, isWhole: FileEnding): void;
  /** Bytes where a head should begin and none does: a body that should not be there, or an answer without a head. */
  stray?(bytes: Uint8Array): void;
  /** Bytes of the message at hand as they came; those that end it come right behind `complete`, where they came. */
  wire?(bytes: Uint8Array): void;
  /** What is odd about the framing of the body at hand. */
  odd?(oddity: BodyOddity): void;
}

/** Whether a head may begin at a place, as far as the bytes go. */
type MayBegin = (bytes: Uint8Array, offset: number) => boolean;

/**
 * Cuts one direction of a connection into HTTP/1 messages (RFC 9112). Bodies pass through, they are never kept here. Forgives
 * what browsers forgive: lines that end in CR alone, folded fields, a blank line made of blanks, chunks that are none.
 */
export class MessageStream {
  readonly #handler: MessageHandler;
  #state: 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close' | 'stray' | 'lost' =
    'head';
  readonly #side: MessageSide;
  #line = '';
  #headText = '';
  #remaining = 0;
  #bodyBytes = 0;
  #isBodyWanted = true;
  #isOver = false;
  /** Where something else comes behind a message, it is no head. Any first request is one. */
  #mayBegin: MayBegin;
  isBroken = false;

  /** @param side whose messages they are */
  constructor(handler: MessageHandler, side: MessageSide) {
    this.#handler = handler;
    this.#side = side;
    this.#mayBegin = side === 'response' ? mayBeStatusLine : () => true;
  }

  /** @returns how many of the bytes belong to messages: the rest follows the last of them */
  push(bytes: Uint8Array): number {
    let offset = 0;
    while (offset < bytes.length && !this.isBroken && !this.#isOver) {
      const isInMessage = this.#state !== 'stray' && this.#state !== 'lost';
      const taken = this.#step(bytes, offset);
      if (isInMessage) this.#handler.wire?.(bytes.subarray(offset, offset + taken));
      offset += taken;
    }
    return offset;
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

  /**
   * So many bytes were lost.
   *
   * @returns false where they were more than a part of one body: messages may be lost, and the next one is looked for
   */
  gap(length: number): boolean {
    const isInBody = (this.#state === 'body' || this.#state === 'chunk') && length <= this.#remaining;
    if (!isInBody && this.#state !== 'until-close') {
      this.#breakOff(length);
      return false;
    }
    this.#isBodyWanted = this.#handler.lost?.(length) ?? false;
    if (isInBody) this.skipped(length);
    else this.#bodyBytes += length;
    return true;
  }

  /** The message at hand ends with what came of it. */
  #breakOff(length: number): void {
    switch (this.#state) {
      case 'head':
        this.#breakOffHead();
        break;
      case 'body':
        this.#bodyBytes += this.#remaining;
        this.#handler.lost?.(this.#remaining);
        this.#complete(false);
        break;
      case 'trailer':
        this.#complete();
        break;
      case 'chunk':
      case 'chunk-size':
      case 'chunk-end':
        this.#handler.lost?.(length);
        this.#complete(false);
        break;
      default:
    }
    this.#remaining = 0;
    this.#line = '';
    this.#headText = '';
    this.#state = 'lost';
  }

  /** Lines that came whole are told. */
  #breakOffHead(): void {
    const lines = this.#headText.slice(0, this.#headText.lastIndexOf('\n') + 1);
    if (lines === '') return;
    this.#bodyBytes = 0;
    this.#handler.head(parseHead(lines));
    this.#handler.lost?.(0);
    this.#complete(false);
  }

  /** No more will come: a message whose body was begun is complete as far as it came. */
  end(): void {
    if (this.#state === 'chunk-size' && this.#line !== '') this.#passUnframed(this.#line);
    if (this.#state === 'head' || this.#state === 'stray' || this.#state === 'lost') return;
    this.#complete(this.#state === 'until-close' ? 'closed' : this.#state === 'trailer');
  }

  /** A head that was begun and never ended, as far as it came. */
  get begunHead(): MessageHead | undefined {
    if (this.#state !== 'head' || this.#headText === '') return undefined;
    return parseHead(`${this.#headText}\n`);
  }

  #step(bytes: Uint8Array, offset: number): number {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(bytes, offset);
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
      case 'stray':
        return this.#takeStray(bytes, offset);
      case 'lost':
        return this.#takeLost(bytes, offset);
      default:
        return this.#state satisfies never;
    }
  }

  /** Until a packet begins with an answer. */
  #takeStray(bytes: Uint8Array, offset: number): number {
    if (offset === 0 && bytes.length > STATUS_LINE.length && this.#mayBegin(bytes, 0)) {
      this.#state = 'head';
      return 0;
    }
    this.#handler.stray?.(bytes.subarray(offset));
    return bytes.length - offset;
  }

  #takeLost(bytes: Uint8Array, offset: number): number {
    const start = findMessageStart(bytes, offset, this.#side);
    if (start < 0) return bytes.length - offset;
    this.#state = 'head';
    return start - offset;
  }

  #takeHead(bytes: Uint8Array, offset: number): number {
    if (this.#headText === '') {
      if (isBlank(bytes[offset])) return 1;
      if (this.#handler.stray !== undefined && !this.#mayBegin(bytes, offset)) return this.#takeNoHead(bytes, offset);
      // The usual case: a head that came in one piece is decoded at once.
      const end = findHeadEnd(bytes, offset);
      if (end < 0 || end - offset > MAXIMUM_HEAD_BYTES) return this.#takeHeadLine(bytes, offset);
      this.#headText = latin1(bytes, offset, end);
      this.#endHead();
      return end + blankLineLength(bytes, end) - offset;
    }
    const blank = this.#headText.endsWith('\n') ? blankLineLength(bytes, offset) : 0;
    if (blank === 0) return this.#takeHeadLine(bytes, offset);
    this.#endHead();
    return blank;
  }

  /** A line before an answer is passed over; all else is no answer. */
  #takeNoHead(bytes: Uint8Array, offset: number): number {
    const next = bytes.indexOf(LF, offset) + 1;
    if (next > 0 && this.#mayBegin === mayBeStatusLine && bytes[next] === STATUS_LINE[0]) return next - offset;
    this.#state = 'stray';
    return 0;
  }

  /** A head that comes in pieces is gathered line by line. */
  #takeHeadLine(bytes: Uint8Array, offset: number): number {
    const end = bytes.indexOf(LF, offset);
    const stop = end < 0 ? bytes.length : end + 1;
    const text = latin1(bytes, offset, stop);
    const gathered = this.#headText + text;
    if (BLANK_LINE.test(gathered.slice(-5))) {
      this.#headText = gathered.slice(0, gathered.lastIndexOf('\n', gathered.length - 2) + 1);
      this.#endHead();
    } else this.#headText = gathered;
    if (this.#headText.length > MAXIMUM_HEAD_BYTES) this.isBroken = true;
    return stop - offset;
  }

  #takeLine(bytes: Uint8Array, offset: number, whole: (line: string) => void): number {
    const end = bytes.indexOf(LF, offset);
    const stop = end < 0 ? bytes.length : end;
    this.#line += latin1(bytes, offset, stop);
    if (this.#line.length > MAXIMUM_HEAD_BYTES) this.isBroken = true;
    if (end < 0) return stop - offset;
    const line = this.#line;
    this.#line = '';
    whole(line.charCodeAt(line.length - 1) === CR ? line.slice(0, -1) : line);
    return end + 1 - offset;
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
    const size = Number.parseInt(/^\s*([0-9a-f]{1,8})/i.exec(line)?.[1] ?? '', 16);
    if (line.includes(';')) this.#handler.odd?.('chunk-extension');
    if (Number.isNaN(size)) {
      this.#handler.odd?.('invalid-chunk-length');
      this.#passUnframed(`${line}\r\n`);
      return;
    }
    this.#remaining = size;
    this.#state = size === 0 ? 'trailer' : 'chunk';
  }

  /** What was called chunked is not: it is a body to the end of the connection, as browsers take it. */
  #passUnframed(line: string): void {
    this.#line = '';
    this.#state = 'until-close';
    const part = Buffer.from(line, 'latin1');
    this.#bodyBytes += part.length;
    if (this.#isBodyWanted) this.#isBodyWanted = this.#handler.body(part);
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

  #complete(isWhole: FileEnding = true): void {
    this.#state = 'head';
    if (this.#mayBegin !== mayBeStatusLine) this.#mayBegin = mayBeRequestLine;
    this.#handler.complete(this.#bodyBytes, isWhole);
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === LF || byte === CR || byte === SPACE || byte === TAB || byte === 0;
}

/** A line that ends a head, at the end of what was gathered of it. */
const BLANK_LINE = /(?:\n\r?|\n[ \t]|[^\r]\n\r\r)\n$/;
const STATUS_LINE = Buffer.from('HTTP');

/** Whether an answer may begin here, as far as the bytes go. */
function mayBeStatusLine(bytes: Uint8Array, offset: number): boolean {
  const count = Math.min(STATUS_LINE.length, bytes.length - offset);
  for (let index = 0; index < count; index++) {
    if (((bytes[offset + index] ?? 0) & 0xdf) !== STATUS_LINE[index]) return false;
  }
  return true;
}

/** @returns where the blank line behind a head begins; −1 where there is none */
function findHeadEnd(bytes: Uint8Array, offset: number): number {
  for (let end = bytes.indexOf(LF, offset); end >= 0; end = bytes.indexOf(LF, end + 1)) {
    if (blankLineLength(bytes, end + 1) > 0) return end + 1;
  }
  return -1;
}

/** @returns length of the line that ends a head, in the forms that browsers take for one; 0 where it is another line */
function blankLineLength(bytes: Uint8Array, at: number): number {
  const [first, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (first === LF) return 1;
  if (first === CR && second === LF) return 2;
  if (first === CR && second === CR && third === LF && bytes[at - 2] !== CR) {
    return bytes[at + 3] === CR && bytes[at + 4] === LF ? 5 : 3;
  }
  return (first === SPACE || first === TAB) && second === LF && third !== LF ? 2 : 0;
}
