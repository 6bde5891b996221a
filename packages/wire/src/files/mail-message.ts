import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { Direction } from '../protocol.ts';
import { declaredTypeOf, multipartFiles } from './body-files.ts';
import { fileNameOf } from './field-values.ts';
import { type Fields, type PartSink, parseFields } from './multipart.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import type { FileEnding, FileSink } from './types.ts';

const LF = 10;
const CR = 13;
const MAXIMUM_HEADER_BYTES = 256 * 1024;

/** The attachments of one mail message (RFC 5322, RFC 2045) as files; its text is never taken. */
export class MailMessage implements PartSink {
  readonly #direction: Direction;
  readonly #sink: FileSink;
  readonly #header = new ByteCollector(MAXIMUM_HEADER_BYTES);
  #isInHeader = true;
  #body: PartSink | undefined;

  constructor(direction: Direction, sink: FileSink) {
    this.#direction = direction;
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    if (!this.#isInHeader) {
      this.#body?.write(bytes);
      return;
    }
    const before = Math.max(0, this.#header.length - 3);
    const known = this.#header.length;
    this.#header.add(bytes);
    const end = headerEnd(this.#header.view(), before);
    if (end < 0) {
      if (this.#header.isFull) this.#isInHeader = false;
      return;
    }
    this.#isInHeader = false;
    this.#body = this.#begin(parseFields(latin1(this.#header.view(), 0, end)));
    this.#header.clear();
    const rest = end - known;
    if (rest < bytes.length) this.#body?.write(bytes.subarray(Math.max(0, rest)));
  }

  gap(length: number): void {
    this.#isInHeader = false;
    this.#body?.gap(length);
  }

  end(isWhole: FileEnding): void {
    this.#isInHeader = false;
    this.#body?.end(isWhole);
    this.#body = undefined;
  }

  #begin(fields: Fields): PartSink | undefined {
    const contentType = fields.get('content-type') ?? '';
    if (declaredTypeOf(contentType).startsWith('multipart/')) {
      return multipartFiles(contentType, this.#direction, this.#sink, isAttachment);
    }
    if (!isAttachment(fields)) return undefined;
    const disposition = fields.get('content-disposition') ?? '';
    const file = this.#sink.begin({
      direction: this.#direction,
      name: fileNameOf(disposition, contentType),
      declaredType: declaredTypeOf(contentType),
    });
    if (file === undefined) return undefined;
    return decodeTransfer(fields.get('content-transfer-encoding') ?? '', {
      write: (bytes) => file.write(bytes),
      gap: (length) => file.gap(length),
      end: (isWhole) => void file.end(isWhole),
    });
  }
}

/** What has a name, is meant to be saved, or is no text. */
function isAttachment(fields: Fields): boolean {
  const contentType = fields.get('content-type') ?? '';
  const disposition = fields.get('content-disposition') ?? '';
  if (/^attachment/i.test(disposition) || fileNameOf(disposition, contentType) !== '') return true;
  const type = declaredTypeOf(contentType);
  return type !== '' && !type.startsWith('text/');
}

/** @returns offset behind the empty line; −1 where there is none */
function headerEnd(bytes: Uint8Array, from: number): number {
  for (let end = bytes.indexOf(LF, from); end >= 0; end = bytes.indexOf(LF, end + 1)) {
    if (end === 0 || bytes[end - 1] === LF || (bytes[end - 1] === CR && (end === 1 || bytes[end - 2] === LF)))
      return end + 1;
  }
  return -1;
}
