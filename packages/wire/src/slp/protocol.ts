import { ByteCursor } from '../bytes/byte-cursor.ts';
import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const SERVICE_REPLY = 2;
const SERVICE_REGISTRATION = 3;
const SERVICE_REQUEST = 1;
const MAXIMUM_URLS = 32;

/** RFC 2608 §7, RFC 2165 §20.1. */
const FUNCTIONS: readonly string[] = [
  '',
  'service-request',
  'service-reply',
  'service-registration',
  'service-deregistration',
  'service-acknowledgement',
  'attribute-request',
  'attribute-reply',
  'directory-agent-advertisement',
  'service-type-request',
  'service-type-reply',
  'service-agent-advertisement',
];

export interface SlpRecord extends ProtocolRecord {
  readonly protocol: 'slp';
  readonly activity: string;
  readonly version: 1 | 2;
  /** A reply has that of its request. */
  readonly transaction: number;
  /** Types of service, for example `service:printer`; addresses and attributes are left out. */
  readonly services: readonly string[];
}

export function parseSlp(bytes: Uint8Array): SlpRecord | undefined {
  const version = bytes[0];
  const activity = FUNCTIONS[bytes[1] ?? 0] ?? '';
  if (activity === '' || (version !== 1 && version !== 2)) return undefined;
  return version === 2 ? parseVersion2(bytes, activity) : parseVersion1(bytes, activity);
}

/** RFC 2608 §8: length, flags, next extension, transaction, language tag. */
function parseVersion2(bytes: Uint8Array, activity: string): SlpRecord | undefined {
  const cursor = new ByteCursor(bytes, 2);
  const length = cursor.uint24();
  const reserved = cursor.uint16() & 0x1fff;
  cursor.skip(3);
  const transaction = cursor.uint16();
  const language = latin1(cursor.slice(cursor.uint16()));
  if (cursor.isBroken || length !== bytes.length || reserved !== 0 || !/^[A-Za-z-]{1,32}$/.test(language))
    return undefined;
  return { protocol: 'slp', activity, version: 2, transaction, services: readServices(cursor, bytes[1] ?? 0) };
}

/** RFC 2165 §20.1: length, flags, dialect, language of two letters, character encoding, transaction. */
function parseVersion1(bytes: Uint8Array, activity: string): SlpRecord | undefined {
  const isSound = word16(bytes, 2) === bytes.length && bytes[5] === 0 && /^[a-z]{2}$/.test(latin1(bytes, 6, 8));
  if (!isSound || bytes.length < 12) return undefined;
  const [service] = /service:[\w.:-]{1,64}/.exec(latin1(bytes, 12, 512)) ?? [];
  const services = service === undefined ? [] : [typeOf(service)];
  return { protocol: 'slp', activity, version: 1, transaction: word16(bytes, 10), services };
}

function readServices(cursor: ByteCursor, code: number): readonly string[] {
  if (code === SERVICE_REQUEST) {
    cursor.skip(cursor.uint16());
    const type = text(cursor);
    return type === '' ? [] : [type];
  }
  if (code !== SERVICE_REPLY && code !== SERVICE_REGISTRATION) return [];
  if (code === SERVICE_REPLY) cursor.skip(2);
  const count = code === SERVICE_REPLY ? Math.min(cursor.uint16(), MAXIMUM_URLS) : 1;
  const services = new Set<string>();
  for (let index = 0; index < count && !cursor.isBroken; index++) {
    // URL entry (§4.3): reserved, lifetime, URL, authentication blocks.
    cursor.skip(3);
    const type = typeOf(text(cursor));
    cursor.skip(1);
    if (type !== '') services.add(type);
  }
  return [...services];
}

function text(cursor: ByteCursor): string {
  return cleanText(latin1(cursor.slice(cursor.uint16())), 256);
}

/** What stands before the address of a service URL (§4.1). */
function typeOf(url: string): string {
  return url.replace(/:\/\/.*$/, '').slice(0, 64);
}

export const slp = defineDatagramRoom<SlpRecord>({
  id: 'slp',
  title: 'Service Location Protocol',
  standards: ['RFC 2608 §4 (service URLs), §8 (messages)', 'RFC 2165 §20 (version 1)'],
  usualPorts: [427],
  firstBytes: [1, 2],
  parse: parseSlp,
  evidence: ({ activity, services }) => {
    if (activity === 'service-reply') return services.flatMap((name) => draft('slp.service', name, 'server'));
    return activity === 'service-registration' ? services.flatMap((name) => draft('slp.service', name, 'client')) : [];
  },
});
