import { cleanText, latin1 } from '../bytes/text.ts';
import type { MediaDescription } from '../rtp/types.ts';
import { kindsIn, mediaOf } from './session-description.ts';

const MAXIMUM_HEAD = 4096;
const MAXIMUM_DESCRIPTION = 16_384;
const NO_MEDIA: readonly MediaDescription[] = [];
const START = /^(?:([A-Z]{3,12}) (\S{1,512}) SIP\/2\.0|SIP\/2\.0 (\d{3})(?: ([^\r\n]{0,128}))?)\r?\n/;
/** Long and compact names (RFC 3261 §7.3.3) of the headers that are read. */
const HEADERS: Readonly<Record<string, string>> = {
  'call-id': 'call-id',
  i: 'call-id',
  cseq: 'cseq',
  'user-agent': 'user-agent',
  server: 'server',
  'content-type': 'content-type',
  c: 'content-type',
  'content-length': 'content-length',
  l: 'content-length',
};

/** One message. Callers and called, their addresses and numbers are never read. */
export interface SipMessage {
  readonly isRequest: boolean;
  readonly method: string;
  /** 0 for requests. */
  readonly status: number;
  readonly reason: string;
  /** Call and sequence number: an answer has those of its request. */
  readonly key: string;
  readonly software: string;
  /** Kinds of media that a session description offers: audio, video … */
  readonly media: readonly string[];
  /** Where media are awaited that go over RTP. */
  readonly streams: readonly MediaDescription[];
  /** Bytes of head and body; the body's length is what the message says. */
  readonly length: number;
}

/** @returns undefined where no whole head is there (RFC 3261 §7) */
export function parseSip(bytes: Uint8Array): SipMessage | undefined {
  const text = latin1(bytes, 0, MAXIMUM_HEAD);
  const start = START.exec(text);
  const end = /\r?\n\r?\n/.exec(text);
  if (start === null || end === null) return undefined;
  const [first, method = '', , status = '0', reason = ''] = start;
  const fields = new Map<string, string>();
  for (const line of text.slice(first.length, end.index).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = HEADERS[line.slice(0, colon).trim().toLowerCase()];
    if (name !== undefined && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const field = (name: string) => fields.get(name) ?? '';
  const headLength = end.index + end[0].length;
  const [, sequence = '', sequenceMethod = ''] = /^(\d{1,10})\s+([A-Z]{3,12})/.exec(field('cseq')) ?? [];
  const description = descriptionIn(bytes, headLength, field('content-type').toLowerCase());
  const bodyLength = Number.parseInt(field('content-length'), 10);
  return {
    isRequest: method !== '',
    method: method || sequenceMethod,
    status: Number(status),
    reason: cleanText(reason, 64),
    key: `${field('call-id')} ${sequence} ${sequenceMethod}`,
    software: cleanText(field('user-agent') || field('server'), 128),
    media: description === '' ? [] : kindsIn(description),
    streams: description === '' ? NO_MEDIA : mediaOf(description),
    length: headLength + (Number.isSafeInteger(bodyLength) && bodyLength >= 0 ? bodyLength : 0),
  };
}

/** The session description that is the body, or a part of it (RFC 5621 §3.1). @returns empty without */
function descriptionIn(bytes: Uint8Array, headLength: number, contentType: string): string {
  const isPart = contentType.startsWith('multipart/');
  if (!isPart && !contentType.startsWith('application/sdp')) return '';
  const body = latin1(bytes, headLength, headLength + MAXIMUM_DESCRIPTION);
  if (!isPart) return body;
  const [part = ''] = /^content-type:\s*application\/sdp.*?\r?\n\r?\n.*?(?=\r?\n--)/ims.exec(body) ?? [];
  return part;
}
