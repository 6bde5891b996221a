import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type { Protocol, ProtocolRecord } from '../protocol.ts';

const ETHERTYPE_DISCOVERY = 0x8863;
const VERSION_AND_TYPE = 0x11;
const HEADER_BYTES = 6;
const MAXIMUM_TAGS = 32;
const MAXIMUM_NAME = 64;
const END_OF_LIST = 0;
const SERVICE_NAME = 0x0101;
const CONCENTRATOR_NAME = 0x0102;
/** RFC 2516 §4, §5. */
const CODES: Readonly<Record<number, PppoeRecord['activity']>> = {
  9: 'initiation',
  7: 'offer',
  25: 'request',
  101: 'confirmation',
  167: 'termination',
};
const ERRORS = [0x0201, 0x0202, 0x0203];

/** One message by which an end looks for an access concentrator, or leaves it. */
export interface PppoeRecord extends ProtocolRecord {
  readonly protocol: 'pppoe';
  readonly activity: 'initiation' | 'offer' | 'request' | 'confirmation' | 'termination';
  readonly session: number;
  readonly concentrator: string;
  readonly services: readonly string[];
  readonly isRefused: boolean;
}

/** Version and type, code, session, length; then tags of type, length, value (RFC 2516 §4, appendix A). */
export function parsePppoe(bytes: Uint8Array): PppoeRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const isVersion1 = cursor.uint8() === VERSION_AND_TYPE;
  const activity = CODES[cursor.uint8()];
  const session = cursor.uint16();
  const tags = cursor.nested(cursor.uint16());
  if (!isVersion1 || activity === undefined || bytes.length < HEADER_BYTES) return undefined;
  const services: string[] = [];
  let concentrator = '';
  let isRefused = false;
  for (let count = 0; tags.remaining >= 4 && count < MAXIMUM_TAGS; count++) {
    const type = tags.uint16();
    const value = tags.slice(tags.uint16());
    if (tags.isBroken || type === END_OF_LIST) break;
    const name = cleanText(latin1(value), MAXIMUM_NAME);
    if (type === CONCENTRATOR_NAME) concentrator = name;
    else if (type === SERVICE_NAME && name !== '') services.push(name);
    else if (ERRORS.includes(type)) isRefused = true;
  }
  return { protocol: 'pppoe', activity, session, concentrator, services, isRefused };
}

export const pppoe: Protocol<PppoeRecord> = {
  id: 'pppoe',
  title: 'PPPoE discovery',
  standards: ['RFC 2516 §4, §5, appendix A'],
  transports: ['ethernet'],
  etherTypes: [ETHERTYPE_DISCOVERY],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  parseDatagram: (payload, direction, context) => {
    const record = parsePppoe(payload);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: ({ activity, concentrator, services }) => {
    if (activity !== 'offer') return [];
    return [
      ...draft('pppoe.access-concentrator', concentrator, 'client'),
      ...services.flatMap((name) => draft('pppoe.service', name, 'client')),
    ];
  },
};
