import { latin1 } from '../bytes/text.ts';
import { BodyHead, type BodyReader } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';

/** What is read of an answer to a store, or of a change to a workitem. */
const KEPT_BYTES = 256 * 1024;
/** RFC 2046 §5.1.1. */
const MAXIMUM_BOUNDARY = 70;
const PART_HEAD_BYTES = 512;
/** Searches and metadata are counted as far as this. */
const MAXIMUM_COUNTED_BYTES = 16 * 1024 * 1024;

/** @returns what reads a body of this type; undefined where nothing of it is of interest */
export function dicomBody(fields: ReadonlyMap<string, string>): BodyReader | undefined {
  const value = fields.get('content-type') ?? '';
  const type = mediaType(value);
  if (fields.has('content-encoding')) return undefined;
  if (type === 'multipart/related') return partCounter(value);
  if (type === 'application/dicom+xml') return new BodyHead(KEPT_BYTES);
  return type === 'application/dicom+json' ? new JsonObjects() : undefined;
}

/** Counts the parts of a multipart body (RFC 2046 §5.1, RFC 2387); of their content nothing is kept. */
export class PartCounter implements BodyReader {
  readonly #delimiter: Buffer;
  #rest: Uint8Array = new Uint8Array(0);
  #head = '';
  parts = 0;
  /** The end of the last part was seen. */
  isWhole = false;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1');
  }

  /** Media type of the first part. */
  get partType(): string {
    return mediaType(/(?:^|\n)content-type:[ \t]*([^\r\n]{1,100})/i.exec(this.#head)?.[1] ?? '');
  }

  take(bytes: Uint8Array): boolean {
    if (this.#head.length < PART_HEAD_BYTES) this.#head += latin1(bytes, 0, PART_HEAD_BYTES - this.#head.length);
    const window = Buffer.concat([this.#rest, bytes]);
    let from = 0;
    for (let at = window.indexOf(this.#delimiter); at >= 0; at = window.indexOf(this.#delimiter, from)) {
      const behind = at + this.#delimiter.length;
      if (window.length < behind + 2) {
        this.#rest = new Uint8Array(window.subarray(at));
        return true;
      }
      this.isWhole = window[behind] === 0x2d && window[behind + 1] === 0x2d;
      if (this.isWhole) return false;
      this.parts += 1;
      from = behind;
    }
    this.#rest = new Uint8Array(window.subarray(Math.max(from, window.length - this.#delimiter.length + 1)));
    return true;
  }
}

function partCounter(contentType: string): PartCounter | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? '';
  return boundary === '' || boundary.length > MAXIMUM_BOUNDARY ? undefined : new PartCounter(boundary);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];

/** Counts the objects of a DICOM JSON array (PS3.18 annex F), and keeps its beginning. */
export class JsonObjects extends BodyHead {
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #bytes = 0;
  /** Objects of the outermost array, or 1 for an object that stands alone. */
  objects = 0;
  isWhole = false;
  #isArray = false;

  constructor() {
    super(KEPT_BYTES);
  }

  override take(bytes: Uint8Array): boolean {
    super.take(bytes);
    this.#bytes += bytes.length;
    for (const byte of bytes) this.#byte(byte);
    return this.#bytes < MAXIMUM_COUNTED_BYTES;
  }

  #byte(byte: number): void {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInText = false;
    } else if (byte === QUOTE) this.#isInText = true;
    else if (OPENING.includes(byte)) this.#open(byte);
    else if (CLOSING.includes(byte)) {
      this.#depth -= 1;
      this.isWhole = this.#depth === 0;
    }
  }

  #open(byte: number): void {
    const isObject = byte === OPENING[0];
    if (this.#depth === 0) this.#isArray = !isObject;
    if (isObject && this.#depth === (this.#isArray ? 1 : 0)) this.objects += 1;
    this.#depth += 1;
  }
}
