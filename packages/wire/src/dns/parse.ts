import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { formatIpv4, formatIpv6 } from '../ip/address.ts';
import type { ProtocolRecord } from '../protocol.ts';

const MAXIMUM_RECORDS = 64;
const MAXIMUM_NAME = 255;
const MAXIMUM_POINTERS = 16;
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  10: 'NULL',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  41: 'OPT',
  43: 'DS',
  44: 'SSHFP',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  64: 'SVCB',
  65: 'HTTPS',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};

const TYPE_CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(TYPE_NAMES).map(([code, name]) => [name, Number(code)]),
);

export interface DnsAnswer {
  readonly name: string;
  readonly type: string;
  /** Address, name or text, by type; empty for types that are not read. */
  readonly value: string;
}

export interface DnsRecord extends ProtocolRecord {
  readonly protocol: 'dns' | 'mdns' | 'llmnr';
  readonly activity: 'query' | 'response';
  readonly name: string;
  readonly type: string;
  readonly responseCode: number;
  readonly isAuthoritative: boolean;
  readonly isRecursionAvailable: boolean;
  readonly answers: readonly DnsAnswer[];
  /** From query to response; undefined where one of them was not seen, and for multicast. */
  readonly durationMs: number | undefined;
}

/** A message with what is needed to pair it and to be sure of it. */
export interface DnsMessage {
  readonly id: number;
  readonly questions: number;
  readonly questionClass: number;
  readonly record: DnsRecord;
  /** Its header is none that should be: sent by mistake, or on purpose. */
  readonly hasUnassigned: boolean;
  /** Of the message, without what TCP puts before it. */
  readonly byteLength: number;
  /** Every record that the header counts was read, and nothing lies behind them. */
  readonly isExact: boolean;
}

/** RFC 1035 §4. @returns undefined for what is no DNS message: counts, names and flags must all fit */
export function parseDns(bytes: Uint8Array, protocol: DnsRecord['protocol']): DnsMessage | undefined {
  const cursor = new ByteCursor(bytes);
  const id = cursor.uint16();
  const flags = cursor.uint16();
  const questions = cursor.uint16();
  const counts = [cursor.uint16(), cursor.uint16(), cursor.uint16()] as const;
  const operation = (flags >>> 11) & 15;
  const isResponse = (flags & 0x8000) !== 0;
  const total = counts[0] + counts[1] + counts[2];
  // A zone that changed is announced with its record (RFC 1996 §3.7), updates have prerequisites (RFC 2136 §2).
  const isQuery = !isResponse && operation === 0;
  if (cursor.isBroken || questions > 32 || questions + total === 0) return undefined;
  if (protocol === 'dns' ? isQuery && counts[0] > 0 : hasUnassigned(flags)) return undefined;
  let name = '';
  let type = '';
  let firstClass = 0;
  for (let index = 0; index < questions; index++) {
    const question = readName(cursor);
    if (question === undefined) return undefined;
    const questionType = cursor.uint16();
    const questionClass = cursor.uint16() & 0x7fff;
    if (cursor.isBroken || (questionClass !== 1 && questionClass !== 255 && questionClass > 4)) return undefined;
    if (index > 0) continue;
    name = question;
    type = typeName(questionType);
    firstClass = questionClass;
  }
  const answers = readAnswers(cursor, Math.min(total, MAXIMUM_RECORDS));
  if (answers === undefined) return undefined;
  const isExact = total <= MAXIMUM_RECORDS && !cursor.isBroken && cursor.remaining === 0;
  const record: DnsRecord = {
    protocol,
    activity: isResponse ? 'response' : 'query',
    name,
    type,
    responseCode: flags & 15,
    isAuthoritative: (flags & 0x0400) !== 0,
    isRecursionAvailable: (flags & 0x0080) !== 0,
    answers,
    durationMs: undefined,
  };
  return {
    id,
    questions,
    questionClass: firstClass,
    record,
    hasUnassigned: hasUnassigned(flags),
    byteLength: bytes.length,
    isExact,
  };
}

/** @returns whether the header has an operation or a flag that nobody has assigned (RFC 1035 §4.1.1, RFC 8490 §8.1) */
export function hasUnassigned(flags: number): boolean {
  const operation = (flags >>> 11) & 15;
  return operation > 6 || operation === 3 || (flags & 0x0040) !== 0;
}

function readAnswers(cursor: ByteCursor, count: number): DnsAnswer[] | undefined {
  const answers: DnsAnswer[] = [];
  for (let index = 0; index < count; index++) {
    const name = readName(cursor);
    if (name === undefined) return index === 0 ? undefined : answers;
    const type = typeName(cursor.uint16());
    cursor.skip(6);
    const length = cursor.uint16();
    const start = cursor.offset;
    const data = cursor.nested(length);
    if (cursor.isBroken) return answers;
    const value = readValue(cursor, data, type, start);
    if (type !== 'OPT' && type !== 'NSEC') answers.push({ name, type, value });
  }
  return answers;
}

/** @param start of the record's data, in the message: names point back into it */
export function readValue(
  message: ByteCursor,
  data: ByteCursor,
  type: string,
  start: number,
  decode: DecodeLabel = decodeLabel,
): string {
  switch (type) {
    case 'A':
      return data.remaining === 4 ? formatIpv4(data.uint32()) : '';
    case 'AAAA':
      if (data.remaining !== 16) return '';
      return formatIpv6(data.uint32() | 0, data.uint32() | 0, data.uint32() | 0, data.uint32() | 0);
    case 'PTR':
    case 'CNAME':
    case 'NS':
      return readName(new ByteCursor(message.bytes, start, message.end), decode) ?? '';
    case 'MX':
      return readName(new ByteCursor(message.bytes, start + 2, message.end)) ?? '';
    case 'SRV':
      return readName(new ByteCursor(message.bytes, start + 6, message.end)) ?? '';
    case 'TXT': {
      const texts: string[] = [];
      while (data.remaining > 0 && texts.length < 16) texts.push(cleanText(latin1(data.slice(data.uint8())), 100));
      return texts.filter(Boolean).join(';');
    }
    default:
      return '';
  }
}

/** Reads the label between two places. */
export type DecodeLabel = (bytes: Uint8Array, start: number, end: number) => string;

/** Whatever bytes a label has. */
function decodeLabel(bytes: Uint8Array, start: number, end: number): string {
  return cleanText(latin1(bytes, start, end), 63);
}

/** @param decode reads one label. RFC 1035 §4.1.4. @returns undefined for a name that loops, points outside, or is too long */
export function readName(cursor: ByteCursor, decode: DecodeLabel = decodeLabel): string | undefined {
  let name = '';
  let position = cursor.offset;
  let following: number | undefined;
  for (let pointers = 0; pointers <= MAXIMUM_POINTERS; ) {
    const length = cursor.bytes[position];
    if (length === undefined || position >= cursor.end) return undefined;
    if (length === 0) {
      cursor.offset = following ?? position + 1;
      return name;
    }
    if ((length & 0xc0) === 0xc0) {
      following ??= position + 2;
      position = ((length & 0x3f) << 8) | (cursor.bytes[position + 1] ?? 0);
      pointers += 1;
      continue;
    }
    if (length > 63 || position + length >= cursor.end) return undefined;
    const label = decode(cursor.bytes, position + 1, position + 1 + length);
    name += name === '' ? label : `.${label}`;
    if (name.length > MAXIMUM_NAME) return undefined;
    position += length + 1;
  }
  return undefined;
}

/** @returns code of a type as `DnsRecord.type` names it */
export function typeCode(name: string): number | undefined {
  const unnamed = /^TYPE(\d+)$/.exec(name)?.[1];
  if (unnamed !== undefined) return Number(unnamed);
  return TYPE_CODES.get(name);
}

/** @returns the mnemonic of a type, `TYPE4711` for one that has none here */
export function typeName(type: number): string {
  return TYPE_NAMES[type] ?? `TYPE${type}`;
}
