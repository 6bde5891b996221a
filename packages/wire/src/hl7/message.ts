import { cleanText } from '../bytes/text.ts';
import type { Hl7Message } from './types.ts';

const MAXIMUM_FIELD = 64;
const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/;
const MAXIMUM_SEGMENTS = 4096;

/**
 * Reads the facts of one message (HL7 v2.9 chapter 2 §2.14 MSH, §2.15.8 MSA, SFT). Of the other segments only the name is
 * taken.
 *
 * @returns undefined when it has no MSH segment
 */
export function readMessage(text: string, bytes: number, sentBy: 'client' | 'server'): Hl7Message | undefined {
  const segments = text.split(/\r\n|\r|\n/, MAXIMUM_SEGMENTS);
  const header = segments.find((segment) => segment.startsWith('MSH'));
  const separator = header?.[3];
  if (header === undefined || separator === undefined || /[A-Za-z0-9]/.test(separator)) return undefined;
  const fields = header.split(separator);
  // MSH-1 is the separator itself: MSH-n stands at n - 1.
  const field = (number: number) => cleanText(fields[number - 1] ?? '', MAXIMUM_FIELD);
  const component = fields[1]?.[0] ?? '^';
  const firstComponent = (value: string) => value.split(component)[0] ?? '';
  const acknowledgement = segments.find((segment) => segment.startsWith(`MSA${separator}`));
  // A line break inside a field begins a line too, with what a patient is called perhaps: only a segment has its separator.
  const names = segments
    .filter((segment) => segment.length === 3 || segment[3] === separator)
    .map((segment) => segment.slice(0, 3))
    .filter((name) => SEGMENT_NAME.test(name));
  return {
    protocol: 'hl7',
    activity: acknowledgement === undefined ? 'message' : 'acknowledgement',
    messageType: field(9).split(component).slice(0, 2).join('^'),
    version: firstComponent(field(12)),
    sendingApplication: firstComponent(field(3)),
    sendingFacility: firstComponent(field(4)),
    receivingApplication: firstComponent(field(5)),
    receivingFacility: firstComponent(field(6)),
    processingId: firstComponent(field(11)),
    hasSecurity: field(8) !== '',
    acknowledgementCode: cleanText(acknowledgement?.split(separator)[1] ?? '', 2) || undefined,
    segments: [...new Set(names)],
    software: segments
      .filter((segment) => segment.startsWith(`SFT${separator}`))
      .map((segment) => software(segment, separator)),
    bytes,
    sentBy,
  };
}

/** SFT-1 vendor, SFT-3 product, SFT-2 version. */
function software(segment: string, separator: string): string {
  const [, vendor = '', version = '', product = ''] = segment.split(separator);
  return cleanText([vendor.split('^')[0], product, version].filter(Boolean).join(' '), 2 * MAXIMUM_FIELD);
}
