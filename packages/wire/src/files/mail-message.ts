import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { Direction } from '../protocol.ts';
import { declaredTypeOf, multipartFiles } from './body-files.ts';
import { fileNameOf } from './field-values.ts';
import { type Fields, type PartSink, parseFields } from './multipart.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import type { FileBeginner, FileEnding } from './types.ts';

const LF = 10;
const CR = 13;
const MAXIMUM_HEADER_BYTES = 256 * 1024;

/** Whom a message tells what it says, beside its files. */
export interface MailObserver {
  /** The header as it stands. */
  header?(text: string): void;
  /** Some of what is behind the header, as it stands. */
  body?(bytes: Uint8Array): void;
  /** Some of a part that is text and no attachment, decoded. */
  text?(bytes: Uint8Array): void;
  endText?(): void;
  /** A file: its name, empty where it has none. */
  attachment(name: string): void;
}

/** The attachments of one mail message (RFC 5322, RFC 2045) as files; its text only goes to an observer. */
export class MailMessage implements PartSink {
  readonly #direction: Direction;
  readonly #sink: FileBeginner;
  readonly #header = new ByteCollector(MAXIMUM_HEADER_BYTES);
  #isInHeader = true;
  #body: PartSink | undefined;
  readonly #observer: MailObserver | undefined;

  constructor(direction: Direction, sink: FileBeginner, observer?: MailObserver) {
    this.#direction = direction;
    this.#sink = observer === undefined ? sink : observedSink(sink, observer);
    this.#observer = observer;
  }

  write(bytes: Uint8Array): void {
    if (!this.#isInHeader) {
      this.#observer?.body?.(bytes);
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
    const header = latin1(this.#header.view(), 0, end);
    this.#observer?.header?.(header);
    this.#body = this.#begin(parseFields(header));
    this.#header.clear();
    const rest = bytes.subarray(Math.max(0, end - known));
    if (rest.length > 0) this.write(rest);
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

  #textOf(fields: Fields): PartSink | undefined {
    const observer = this.#observer;
    const type = declaredTypeOf(fields.get('content-type') ?? '');
    if (observer?.text === undefined || !(type === '' || type.startsWith('text/'))) return undefined;
    return { write: (bytes) => observer.text?.(bytes), gap: () => {}, end: () => observer.endText?.() };
  }

  #begin(fields: Fields): PartSink | undefined {
    const contentType = fields.get('content-type') ?? '';
    if (declaredTypeOf(contentType).startsWith('multipart/')) {
      return multipartFiles(contentType, this.#direction, this.#sink, isAttachment, (part) => this.#textOf(part));
    }
    if (!isAttachment(fields)) {
      const text = this.#textOf(fields);
      return text === undefined ? undefined : decodeTransfer(fields.get('content-transfer-encoding') ?? '', text);
    }
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

/** Tells of every file, taken or not. */
function observedSink(sink: FileBeginner, observer: MailObserver): FileBeginner {
  return {
    begin: (start) => {
      observer.attachment(start.name);
      return sink.begin(start);
    },
  };
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
