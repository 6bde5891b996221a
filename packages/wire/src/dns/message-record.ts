import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, utf8 } from '../bytes/text.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { type DecodeLabel, readName, readValue, typeName } from './parse.ts';

const MAXIMUM_RECORDS = 128;
const MAXIMUM_TEXTS = 64;

/** One message, whole: what a log tells of it. Records of rooms pair two messages and carry less. */
export interface DnsMessageRecord extends ProtocolRecord {
  readonly protocol: 'dns' | 'mdns' | 'llmnr';
  readonly activity: 'query' | 'response';
  readonly id: number;
  /** The second word of the header (RFC 1035 §4.1.1). */
  readonly flags: number;
  readonly questions: readonly { readonly name: string; readonly type: string }[];
  readonly answers: readonly DnsResource[];
  readonly authorities: readonly DnsResource[];
  readonly additionals: readonly DnsResource[];
}

/** One resource record (RFC 1035 §4.1.3). */
export interface DnsResource {
  readonly name: string;
  readonly type: string;
  readonly timeToLiveSeconds: number;
  /** Address, name or text, by type; empty for types that are not read. */
  readonly value: string;
  /** Each text of a TXT record (RFC 1035 §3.3.14), what a NULL record holds (§3.3.10): as they stand. */
  readonly texts?: readonly Uint8Array[];
  readonly soa?: StartOfAuthority;
  readonly service?: DnsService;
  readonly keyFingerprint?: SshFingerprint;
}

/** RFC 1035 §3.3.13. Times in seconds. */
export interface StartOfAuthority {
  readonly server: string;
  readonly mailbox: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** RFC 2782. */
export interface DnsService {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly name: string;
}

/** RFC 4255 §3.1. */
export interface SshFingerprint {
  readonly algorithm: number;
  readonly type: number;
  /** Hexadecimal with colons. */
  readonly fingerprint: string;
}

/** @returns all that a message says, as far as it can be read; `bytes` holds one that `parseDns` took */
export function readDnsMessage(bytes: Uint8Array, protocol: DnsMessageRecord['protocol']): DnsMessageRecord {
  const cursor = new ByteCursor(bytes);
  // Names of hosts at hand are in UTF-8 (RFC 6762 §16).
  const decode: DecodeLabel | undefined =
    protocol === 'mdns' ? (all, start, end) => cleanText(utf8(all.subarray(start, end)), 63) : undefined;
  const id = cursor.uint16();
  const flags = cursor.uint16();
  const counts = [cursor.uint16(), cursor.uint16(), cursor.uint16(), cursor.uint16()] as const;
  const questions: { name: string; type: string }[] = [];
  while (questions.length < Math.min(counts[0], MAXIMUM_RECORDS)) {
    const name = readName(cursor, decode);
    const type = typeName(cursor.uint16());
    cursor.skip(2);
    if (name === undefined || cursor.isBroken) break;
    questions.push({ name, type });
  }
  return {
    protocol,
    activity: (flags & 0x8000) === 0 ? 'query' : 'response',
    id,
    flags,
    questions,
    answers: readResources(cursor, counts[1], decode),
    authorities: readResources(cursor, counts[2], decode),
    additionals: readResources(cursor, counts[3], decode),
  };
}

function readResources(cursor: ByteCursor, count: number, decode: DecodeLabel | undefined): DnsResource[] {
  const resources: DnsResource[] = [];
  while (resources.length < Math.min(count, MAXIMUM_RECORDS) && !cursor.isBroken) {
    const name = readName(cursor, decode);
    const type = typeName(cursor.uint16());
    cursor.skip(2);
    const timeToLiveSeconds = cursor.uint32();
    const length = cursor.uint16();
    const start = cursor.offset;
    const data = cursor.nested(length);
    if (name === undefined || cursor.isBroken) break;
    const place = new ByteCursor(cursor.bytes, start, cursor.end);
    const details = readDetails(place, data.remaining, type);
    const value = readValue(cursor, data, type, start, decode);
    resources.push({ name, type, timeToLiveSeconds, value, ...details });
  }
  return resources;
}

function readDetails(
  place: ByteCursor,
  length: number,
  type: string,
): Pick<DnsResource, 'soa' | 'service' | 'keyFingerprint' | 'texts'> {
  switch (type) {
    case 'TXT':
      return { texts: readTexts(place, length) };
    case 'NULL':
      return { texts: [place.slice(length).slice()] };
    case 'SOA':
      return readAuthority(place);
    case 'SRV': {
      const [priority, weight, port] = [place.uint16(), place.uint16(), place.uint16()];
      return { service: { priority, weight, port, name: readName(place) ?? '' } };
    }
    case 'SSHFP': {
      const [algorithm, kind] = [place.uint8(), place.uint8()];
      const bytes = place.slice(Math.max(0, length - 2));
      const fingerprint = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
      return { keyFingerprint: { algorithm, type: kind, fingerprint } };
    }
    default:
      return {};
  }
}

function readTexts(place: ByteCursor, length: number): readonly Uint8Array[] {
  const data = place.nested(length);
  const texts: Uint8Array[] = [];
  while (data.remaining > 0 && texts.length < MAXIMUM_TEXTS) texts.push(data.slice(data.uint8()).slice());
  return texts;
}

function readAuthority(place: ByteCursor): Pick<DnsResource, 'soa'> {
  const server = readName(place);
  const mailbox = readName(place);
  const numbers = [place.uint32(), place.uint32(), place.uint32(), place.uint32(), place.uint32()] as const;
  if (server === undefined || mailbox === undefined || place.isBroken) return {};
  const [serial, refresh, retry, expire, minimum] = numbers;
  return { soa: { server, mailbox, serial, refresh, retry, expire, minimum } };
}
