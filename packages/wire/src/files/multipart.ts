import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { FileEnding } from './types.ts';

const LF = 10;
const CR = 13;
const MAXIMUM_HEADER_BYTES = 16 * 1024;
const MAXIMUM_BOUNDARY = 70;
const MAXIMUM_PARTS = 1000;

/** Header fields of a part or a message; names in lower case, the first of equal names wins. */
export type Fields = ReadonlyMap<string, string>;

/** Takes the content of one part. */
export interface PartSink {
  write(bytes: Uint8Array): void;
  gap(length: number): void;
  end(isWhole: FileEnding): void;
}

/** @returns fields of a block of header lines, folded ones joined (RFC 5322 §2.2.3) */
export function parseFields(text: string): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of parseAllFields(text)) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

/** @returns every field of a block of header lines in its order, folded ones joined; names in lower case */
export function parseAllFields(text: string): readonly (readonly [name: string, value: string])[] {
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const] : [];
    });
}

/**
 * Cuts a multipart body into its parts as it comes (RFC 2046 §5.1). A delimiter is a line of its own; what precedes the first
 * and follows the last is left out.
 */
export class MultipartReader {
  readonly #delimiter: string;
  readonly #begin: (fields: Fields) => PartSink | undefined;
  #state: 'preamble' | 'header' | 'content' | 'epilogue' = 'preamble';
  /** The line at hand, as far as it may be a delimiter or belongs to a header. */
  readonly #line = new ByteCollector(MAXIMUM_HEADER_BYTES);
  #header = '';
  #part: PartSink | undefined;
  /** End of a line that is content unless a delimiter follows it. */
  #lineEnd: Uint8Array = NOTHING;
  /** The line at hand is longer than any delimiter: it passes as it comes. */
  #isPassing = false;
  #parts = 0;

  /** @param boundary as the content type names it. @param begin told of every part; undefined where it is of no interest */
  constructor(boundary: string, begin: (fields: Fields) => PartSink | undefined) {
    this.#delimiter = `--${boundary.slice(0, MAXIMUM_BOUNDARY)}`;
    this.#begin = begin;
  }

  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; ) {
      const end = bytes.indexOf(LF, offset);
      const stop = end < 0 ? bytes.length : end + 1;
      this.#take(bytes.subarray(offset, stop), end >= 0);
      offset = stop;
    }
  }

  gap(length: number): void {
    this.#flushLine();
    if (this.#lineEnd.length > 0) this.#part?.write(this.#lineEnd);
    this.#lineEnd = NOTHING;
    this.#isPassing = true;
    this.#part?.gap(length);
  }

  /** @param isWhole the body came to its own end */
  end(isWhole: FileEnding): void {
    if (this.#state === 'content') {
      // The last line may be the closing delimiter, without an end of its own.
      const kind = this.#isPassing ? 'none' : this.#kindOf(latin1(this.#line.view()));
      if (kind === 'none') this.#flushLine();
      this.#part?.end(kind === 'none' ? false : isWhole);
    }
    this.#part = undefined;
    this.#state = 'epilogue';
  }

  #take(piece: Uint8Array, endsLine: boolean): void {
    if (this.#state === 'epilogue') return;
    if (this.#isPassing) {
      this.#content(piece, endsLine);
      this.#isPassing = !endsLine;
      return;
    }
    this.#line.add(piece);
    if (endsLine) this.#wholeLine();
    else if (this.#state !== 'header' && this.#isLongerThanDelimiter()) {
      this.#flushLine();
      this.#isPassing = true;
    }
  }

  /** A line that no delimiter can be any more, or the closing one with something behind it. */
  #isLongerThanDelimiter(): boolean {
    if (this.#line.length <= this.#delimiter.length + 8) return false;
    if (!this.#mayBeDelimiter()) return true;
    if (this.#kindOf(latin1(this.#line.view())) === 'close') this.#wholeLine();
    return false;
  }

  #mayBeDelimiter(): boolean {
    return latin1(this.#line.view(), 0, this.#delimiter.length) === this.#delimiter && !this.#line.isFull;
  }

  #wholeLine(): void {
    const text = this.#state === 'header' || this.#mayBeDelimiter() ? latin1(this.#line.view()) : '';
    if (this.#state === 'header') {
      this.#line.clear();
      this.#headerLine(text);
      return;
    }
    const kind = this.#kindOf(text);
    if (kind === 'none') {
      this.#flushLine();
      return;
    }
    this.#line.clear();
    this.#lineEnd = NOTHING;
    this.#part?.end(true);
    this.#part = undefined;
    this.#header = '';
    this.#parts += 1;
    this.#state = kind === 'close' || this.#parts > MAXIMUM_PARTS ? 'epilogue' : 'header';
  }

  #headerLine(line: string): void {
    if (line.trim() !== '' && this.#header.length + line.length <= MAXIMUM_HEADER_BYTES) {
      this.#header += line;
      return;
    }
    this.#state = 'content';
    this.#part = this.#begin(parseFields(this.#header));
  }

  #kindOf(line: string): 'none' | 'open' | 'close' {
    const text = line.trimEnd();
    if (text === this.#delimiter) return 'open';
    return text.startsWith(`${this.#delimiter}--`) ? 'close' : 'none';
  }

  #flushLine(): void {
    const line = this.#line.view();
    if (this.#state === 'content') this.#content(line, line.at(-1) === LF);
    this.#line.clear();
  }

  /** The end of the last line belongs to the delimiter behind it (§5.1.1): it is held back until another line follows. */
  #content(piece: Uint8Array, endsLine: boolean): void {
    if (this.#state !== 'content' || piece.length === 0) return;
    const isRestOfEnd = this.#lineEnd === CARRIAGE_RETURN && piece.length === 1 && piece[0] === LF;
    if (isRestOfEnd) {
      this.#lineEnd = CRLF;
      return;
    }
    if (this.#lineEnd.length > 0) this.#part?.write(this.#lineEnd);
    this.#lineEnd = endOfLine(piece, endsLine);
    const length = piece.length - this.#lineEnd.length;
    if (length > 0) this.#part?.write(piece.subarray(0, length));
  }
}

/** @returns what of the end of a line the bytes end with; a CR may be followed by LF in the next piece */
function endOfLine(piece: Uint8Array, endsLine: boolean): Uint8Array {
  if (endsLine) return piece.at(-2) === CR ? CRLF : LINE_FEED;
  return piece.at(-1) === CR ? CARRIAGE_RETURN : NOTHING;
}

const NOTHING = new Uint8Array(0);
const CRLF = new Uint8Array([CR, LF]);
const LINE_FEED = new Uint8Array([LF]);
const CARRIAGE_RETURN = new Uint8Array([CR]);
