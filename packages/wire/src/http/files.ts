import { declaredTypeOf, isClinicalType, multipartFiles } from '../files/body-files.ts';
import { fileNameOf, nameOfTarget } from '../files/field-values.ts';
import type { PartSink } from '../files/multipart.ts';
import type { FileEnding, FileRecord, FileSink, FileTransfer } from '../files/types.ts';
import type { Direction } from '../protocol.ts';
import { codingsOf } from './fields.ts';
import type { MessageHead } from './message-head.ts';
import type { MessageHandler } from './message-stream.ts';
import { splitRequestLine } from './request-line.ts';

/** Part of a file that an answer gives (RFC 9110 §14.4). */
interface ByteRange {
  readonly first: number;
  readonly total: number | undefined;
}

/** A file that comes range by range, in several answers. */
interface RangedFile {
  readonly target: string;
  readonly total: number | undefined;
  readonly file: FileTransfer;
  next: number;
}

const NO_HEAD: MessageHead = { startLine: '', fields: new Map(), fieldText: '' };

/** Bodies of HTTP/1 messages as files, both ways. */
export class HttpFiles {
  readonly #sink: FileSink;
  readonly #targetOf: () => string;
  readonly #last: Record<Direction, FileRecord | undefined> = { 'to-server': undefined, 'to-client': undefined };
  #ranged: RangedFile | undefined;
  #lastAnswer: MessageHead | undefined;
  #lastTarget = '';
  /** The last answer. */
  #hadBody = false;
  #stray: FileTransfer | undefined;

  /** @param targetOf target of the request that the answer at hand answers */
  constructor(sink: FileSink, targetOf: () => string) {
    this.#sink = sink;
    this.#targetOf = targetOf;
  }

  /** @returns the file of the message that has just been completed, once */
  takeLast(direction: Direction): FileRecord | undefined {
    const last = this.#last[direction];
    this.#last[direction] = undefined;
    return last;
  }

  /** @returns a handler that does what `handler` does, and hands over the body as a file */
  watch(direction: Direction, handler: MessageHandler): MessageHandler {
    let head: MessageHead | undefined;
    let body: PartSink | undefined;
    let isWanted = true;
    let isBegun = false;
    const begin = () => {
      if (isBegun || head === undefined) return;
      isBegun = true;
      body = this.#begin(direction, head);
    };
    return {
      head: (next) => {
        head = next;
        if (direction === 'to-client') this.#lastAnswer = next;
        body = undefined;
        isWanted = true;
        isBegun = false;
        return handler.head(next);
      },
      body: (bytes) => {
        if (isWanted) isWanted = handler.body(bytes);
        begin();
        body?.write(bytes);
        return isWanted || body !== undefined;
      },
      lost: (length) => {
        isWanted = handler.lost?.(length) ?? false;
        if (length > 0) begin();
        body?.gap(length);
        return isWanted || body !== undefined;
      },
      complete: (bytes, isWhole) => {
        if (direction === 'to-client') {
          this.#lastTarget = this.#targetOf();
          this.#hadBody = isBegun;
        }
        body?.end(isWhole);
        body = undefined;
        head = undefined;
        handler.complete(bytes, isWhole);
      },
      ...(handler.odd === undefined ? {} : { odd: handler.odd }),
      ...(handler.stray === undefined
        ? {}
        : {
            stray: direction === 'to-server' ? handler.stray.bind(handler) : (bytes) => this.#takeStray(bytes, handler),
          }),
    };
  }

  /** The connection is over. @returns the file of bytes that came where none should, where there were some */
  endStray(): FileRecord | undefined {
    const record = this.#stray?.end('closed');
    this.#stray = undefined;
    return record;
  }

  /** The body of an answer that should have none, or an answer without a head (HTTP/0.9). Behind a body, of no answer. */
  #takeStray(bytes: Uint8Array, handler: MessageHandler): void {
    this.#stray ??= this.#hadBody
      ? this.#open('to-client', '', NO_HEAD)
      : this.#open('to-client', this.#lastTarget, this.#lastAnswer ?? NO_HEAD);
    this.#stray?.write(bytes);
    handler.stray?.(bytes);
  }

  #begin(direction: Direction, head: MessageHead): PartSink | undefined {
    const { fields } = head;
    const contentType = fields.get('content-type') ?? '';
    const type = declaredTypeOf(contentType);
    if (type.startsWith('multipart/')) {
      // A field of a form that is no file has no name (RFC 7578 §4.2).
      const isForm = type === 'multipart/form-data';
      const wants = (part: ReadonlyMap<string, string>) =>
        !isForm || /filename/i.test(part.get('content-disposition') ?? '');
      const parts = multipartFiles(contentType, direction, this.#sink, wants);
      if (parts !== undefined) return parts;
    }
    const target = direction === 'to-server' ? splitRequestLine(head.startLine).target : this.#targetOf();
    const range = direction === 'to-client' ? rangeOf(head) : undefined;
    if (range !== undefined) return this.#range(range, target, head);
    const file = this.#open(direction, target, head);
    if (file === undefined) return undefined;
    return { write: (bytes) => file.write(bytes), gap: (length) => file.gap(length), end: this.#ends(direction, file) };
  }

  #open(direction: Direction, target: string, head: MessageHead): FileTransfer | undefined {
    const { fields } = head;
    const contentType = fields.get('content-type') ?? '';
    const name = fileNameOf(fields.get('content-disposition') ?? '', '');
    return this.#sink.begin({
      direction,
      ...(name === '' ? { name: nameOfTarget(target), isNamedByAddress: true } : { name }),
      declaredType: declaredTypeOf(contentType),
      isClinical: isClinicalType(contentType),
      codings: codingsOf(head),
    });
  }

  #ends(direction: Direction, file: FileTransfer): (isWhole: FileEnding) => void {
    return (isWhole) => {
      this.#last[direction] = file.end(isWhole);
    };
  }

  /** Ranges that follow one another are one file. */
  #range({ first, total }: ByteRange, target: string, head: MessageHead): PartSink | undefined {
    let ranged = this.#ranged;
    if (ranged === undefined || ranged.target !== target || ranged.next !== first || ranged.total !== total) {
      ranged?.file.end(false);
      const file = this.#open('to-client', target, head);
      ranged = file === undefined ? undefined : { target, total, file, next: first };
      if (first > 0) ranged?.file.gap(first);
      this.#ranged = ranged;
    }
    if (ranged === undefined) return undefined;
    const present = ranged;
    const move = (length: number) => {
      present.next += length;
    };
    return {
      write: (bytes) => {
        present.file.write(bytes);
        move(bytes.length);
      },
      gap: (length) => {
        present.file.gap(length);
        move(length);
      },
      end: (isWhole) => {
        if (isWhole !== false && present.next !== present.total) return;
        this.#ends('to-client', present.file)(isWhole);
        this.#ranged = undefined;
      },
    };
  }
}

/** `Content-Range` of an answer 206; coded content comes whole. */
function rangeOf({ startLine, fields }: MessageHead): ByteRange | undefined {
  if (!/^\S+ +206/.test(startLine) || fields.has('content-encoding')) return undefined;
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)/i.exec(fields.get('content-range') ?? '');
  if (match === null) return undefined;
  return { first: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) };
}
