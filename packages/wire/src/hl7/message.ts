import { cleanText } from '../bytes/text.ts';
import type { Hl7Message } from './types.ts';

const MAXIMUM_FIELD = 64;
const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/;
const MAXIMUM_SEGMENTS = 4096;
const MAXIMUM_MESSAGES = 256;
const MAXIMUM_ERRORS = 8;
/** Table 0357 and local codes: no words. */
const ERROR_CODE = /^[A-Z0-9._-]{1,16}$/i;

/** A message with what pairs it with its acknowledgement; the control ids go into no record. */
export interface ReadMessage {
  readonly message: Hl7Message;
  /** As they were sent: for rules, never for a record. */
  readonly segments: readonly string[];
  /** MSH-10. */
  readonly controlId: string;
  /** MSA-2: control id of the message that this one answers. */
  readonly answeredId: string;
}

/**
 * Reads what one frame holds: a message, or a batch of them (HL7 v2.9 chapter 2 §2.10.3: FHS, BHS … BTS, FTS around messages,
 * each of which begins with MSH).
 *
 * @param bytes length of the whole frame, of which `text` may be the head only
 */
export function readMessages(text: string, bytes: number, sentBy: 'client' | 'server'): readonly ReadMessage[] {
  const segments = text.split(/\r\n|\r|\n/, MAXIMUM_SEGMENTS);
  const starts = segments.flatMap((segment, index) => (isHeader(segment) ? [index] : [])).slice(0, MAXIMUM_MESSAGES);
  const isBatched = segments.some((segment) => /^[BF]HS[^A-Za-z0-9]/.test(segment));
  const counted = isBatched ? batchCount(segments) : undefined;
  return starts.map((start, index) => {
    const own = segments.slice(start, starts[index + 1]);
    const length = starts.length === 1 ? bytes : own.reduce((sum, segment) => sum + segment.length + 1, 0);
    return readMessage(own, length, sentBy, { isBatched, batchMessages: counted });
  });
}

/** BTS-1 (chapter 2 §2.14.3), behind whatever separator the batch has. */
function batchCount(segments: readonly string[]): number | undefined {
  const trailer = segments.find((segment) => /^BTS[^A-Za-z0-9]\d{1,9}/.test(segment));
  return trailer === undefined ? undefined : Number.parseInt(trailer.slice(4), 10);
}

function isHeader(segment: string): boolean {
  return segment.startsWith('MSH') && segment.length > 3 && !/[A-Za-z0-9]/.test(segment[3] ?? '');
}

/** HL7 v2.9 chapter 2 §2.14 (MSH, MSA, ERR, SFT), chapter 5 §5.5.2 (QAK). Of the other segments only the name is taken. */
function readMessage(
  segments: readonly string[],
  bytes: number,
  sentBy: 'client' | 'server',
  batch: Pick<Hl7Message, 'isBatched' | 'batchMessages'>,
): ReadMessage {
  const separator = segments[0]?.[3] ?? '|';
  const fieldsOf = (name: string) =>
    segments.filter((segment) => segment.startsWith(name + separator)).map((segment) => segment.split(separator));
  const header = fieldsOf('MSH')[0] ?? [];
  // MSH-1 is the separator itself: MSH-n stands at n - 1.
  const field = (number: number) => cleanText(header[number - 1] ?? '', MAXIMUM_FIELD);
  const component = header[1]?.[0] ?? '^';
  const first = (value: string) => value.split(component)[0] ?? '';
  const [acknowledgement] = fieldsOf('MSA');
  const [query] = fieldsOf('QAK');
  const hits = Number.parseInt(query?.[4] ?? '', 10);
  const message: Hl7Message = {
    protocol: 'hl7',
    activity: acknowledgement === undefined ? 'message' : 'acknowledgement',
    messageType: field(9).split(component).slice(0, 2).join('^'),
    version: first(field(12)),
    sendingApplication: first(field(3)),
    sendingFacility: first(field(4)),
    receivingApplication: first(field(5)),
    receivingFacility: first(field(6)),
    processingId: first(field(11)),
    hasSecurity: field(8) !== '',
    ...batch,
    acknowledgementCode: cleanText(acknowledgement?.[1] ?? '', 2) || undefined,
    acknowledgedType: undefined,
    durationMs: undefined,
    errorCodes: fieldsOf('ERR')
      .slice(0, MAXIMUM_ERRORS)
      .map((error) => cleanText(first(error[3] ?? ''), 16))
      .filter((code) => ERROR_CODE.test(code)),
    queryStatus: cleanText(query?.[2] ?? '', 2) || undefined,
    queryHits: Number.isSafeInteger(hits) && hits >= 0 ? hits : undefined,
    segments: namesOf(segments, separator),
    software: fieldsOf('SFT').map((fields) => software(fields, component)),
    bytes,
    sentBy,
  };
  return { message, segments, controlId: field(10), answeredId: cleanText(acknowledgement?.[2] ?? '', MAXIMUM_FIELD) };
}

/** A line break inside a field begins a line too, with what a patient is called perhaps: only a segment has its separator. */
function namesOf(segments: readonly string[], separator: string): readonly string[] {
  const names = segments
    .filter((segment) => segment.length === 3 || segment[3] === separator)
    .map((segment) => segment.slice(0, 3))
    .filter((name) => SEGMENT_NAME.test(name));
  return [...new Set(names)];
}

/** SFT-1 vendor, SFT-3 product, SFT-2 version. */
function software([, vendor = '', version = '', product = '']: readonly string[], component: string): string {
  return cleanText([vendor.split(component)[0], product, version].filter(Boolean).join(' '), 2 * MAXIMUM_FIELD);
}
