import { latin1 } from '../bytes/text.ts';
import type { PartSink } from './multipart.ts';
import type { FileEnding } from './types.ts';

const LINE_LIMIT = 4096;

/** @returns what decodes the content of a part before it goes to `sink` (RFC 2045 §6) */
export function decodeTransfer(encoding: string, sink: PartSink): PartSink {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return new Base64Part(sink);
    case 'quoted-printable':
      return new QuotedPrintablePart(sink);
    default:
      return sink;
  }
}

/** RFC 2045 §6.8: characters that are not of the alphabet are left out; what is decoded ends with the padding. */
class Base64Part implements PartSink {
  readonly #sink: PartSink;
  #rest = '';

  constructor(sink: PartSink) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    const text = this.#rest + latin1(bytes).replace(/[^A-Za-z0-9+/]/g, '');
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    if (whole > 0) this.#sink.write(Buffer.from(text.slice(0, whole), 'base64'));
  }

  gap(length: number): void {
    this.#rest = '';
    this.#sink.gap(Math.ceil((length * 3) / 4));
  }

  end(isWhole: FileEnding): void {
    if (this.#rest.length > 1) this.#sink.write(Buffer.from(this.#rest, 'base64'));
    this.#sink.end(isWhole);
  }
}

/** RFC 2045 §6.7: a line at a time. */
class QuotedPrintablePart implements PartSink {
  readonly #sink: PartSink;
  #line = '';

  constructor(sink: PartSink) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    const text = this.#line + latin1(bytes);
    const end = text.length > LINE_LIMIT ? text.length - 2 : text.lastIndexOf('\n') + 1;
    this.#line = text.slice(end);
    if (end > 0) this.#sink.write(decodeQuoted(text.slice(0, end)));
  }

  gap(length: number): void {
    this.#sink.gap(length);
  }

  end(isWhole: FileEnding): void {
    if (this.#line !== '') this.#sink.write(decodeQuoted(this.#line));
    this.#sink.end(isWhole);
  }
}

function decodeQuoted(text: string): Buffer {
  const joined = text.replace(/[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
}
