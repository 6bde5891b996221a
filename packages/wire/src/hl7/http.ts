import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { BodyReader } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';
import { segmentsOfXml } from './xml.ts';

/** Media types of HL7 v2 in its two encodings, as senders write them; the first two are those of HL7 over HTTP (HAPI, §5). */
const ER7_TYPES = new Set(['application/hl7-v2', 'x-application/hl7-v2+er7', 'application/hl7-v2+er7']);
const XML_TYPES = new Set(['application/hl7-v2+xml', 'x-application/hl7-v2+xml']);
/** Where the type says nothing the first bytes are looked at. */
const UNTOLD_TYPES = new Set(['', 'text/plain', 'application/octet-stream', 'text/hl7', 'application/hl7']);
const HEADER = /^(?:MSH|FHS|BHS)[^A-Za-z0-9\s]/;
/** Some senders frame bodies as over MLLP all the same. */
const START_BLOCK = '\x0b';
const END_BLOCK = '\x1c';
const HEADER_BYTES = 5;
/** As over MLLP: headers come first, attached documents after them. */
const MAXIMUM_KEPT_BYTES = 64 * 1024;

/** Takes one body with HL7 v2 in it. @param text segments in the vertical-bar encoding, the head of a longer one */
export type Hl7Listener = (text: string, bytes: number) => void;

/** @returns undefined where a body of this type cannot be HL7 v2 */
export function hl7Body(fields: ReadonlyMap<string, string>, listener: Hl7Listener): BodyReader | undefined {
  const type = mediaType(fields.get('content-type') ?? '');
  if (fields.has('content-encoding')) return undefined;
  const isXml = XML_TYPES.has(type);
  return isXml || ER7_TYPES.has(type) || UNTOLD_TYPES.has(type) ? new Hl7Body(isXml, listener) : undefined;
}

class Hl7Body implements BodyReader {
  readonly #isXml: boolean;
  readonly #listener: Hl7Listener;
  readonly #kept = new ByteCollector(MAXIMUM_KEPT_BYTES);
  #isRead = true;

  constructor(isXml: boolean, listener: Hl7Listener) {
    this.#isXml = isXml;
    this.#listener = listener;
  }

  take(bytes: Uint8Array): boolean {
    if (!this.#isRead) return false;
    this.#kept.add(bytes);
    this.#isRead = this.#isXml || this.#kept.length < HEADER_BYTES || this.#hasHeader();
    if (!this.#isRead) this.#kept.clear();
    return this.#isRead && !this.#kept.isFull;
  }

  complete(bytes: number): void {
    const text = latin1(this.#kept.view());
    this.#kept.clear();
    if (!this.#isRead) return;
    const segments = this.#isXml ? segmentsOfXml(text) : unframed(text);
    if (HEADER.test(segments)) this.#listener(segments, bytes);
  }

  #hasHeader(): boolean {
    return HEADER.test(unframed(latin1(this.#kept.view(), 0, HEADER_BYTES)));
  }
}

function unframed(text: string): string {
  const end = text.indexOf(END_BLOCK);
  return text.slice(text.startsWith(START_BLOCK) ? 1 : 0, end < 0 ? undefined : end);
}
