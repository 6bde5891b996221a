import { word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';

/** Length, checksum, type, flags, checksum of the header. */
const HEADER_BYTES = 8;
const CONNECT = 1;
const REFUSE = 4;

const TYPES: Readonly<Record<number, TnsRecord['activity']>> = {
  [CONNECT]: 'connect',
  2: 'accept',
  3: 'acknowledge',
  [REFUSE]: 'refuse',
  5: 'redirect',
  6: 'data',
  11: 'resend',
  12: 'marker',
};

export interface TnsRecord extends ProtocolRecord {
  readonly protocol: 'tns';
  readonly activity: 'connect' | 'accept' | 'acknowledge' | 'refuse' | 'redirect' | 'data' | 'resend' | 'marker';
  /** Version of TNS: 314 is Oracle 11, 318 Oracle 19. */
  readonly version: number;
  /** Program and service of the connect descriptor; the account of the operating system is left out. */
  readonly program: string;
  readonly service: string;
  /** Oracle's error number of a refusal. */
  readonly error: number;
}

export function parseTns(packet: Uint8Array): TnsRecord {
  const type = packet[4] ?? 0;
  const text = type === CONNECT || type === REFUSE ? latin1(packet, HEADER_BYTES) : '';
  const [, program = ''] = /\(PROGRAM=([^()]{1,256})\)/i.exec(text) ?? [];
  const [, service = ''] = /\((?:SERVICE_NAME|SID)=([^()]{1,128})\)/i.exec(text) ?? [];
  const [, error = '0'] = /\(ERR=(\d{1,6})\)/.exec(text) ?? [];
  return {
    protocol: 'tns',
    activity: TYPES[type] ?? 'data',
    version: type === CONNECT || type === 2 ? word16(packet, HEADER_BYTES) : 0,
    program: cleanText(program.replace(/^.*[\\/]/, ''), 64),
    service: cleanText(service, 64),
    error: Number(error),
  };
}

const reader: MessageReader<TnsRecord> = {
  message(packet: Uint8Array, direction: Direction, context: ParserContext<TnsRecord>): boolean {
    const record = parseTns(packet);
    // From version 315 on, the length of what follows an accept has four bytes; nothing there tells a device.
    if (record.activity === 'data') return false;
    context.emit(record, direction);
    return record.activity !== 'accept' && record.activity !== 'refuse';
  },
};

export const tns = defineFramedRoom<TnsRecord>({
  id: 'tns',
  title: 'Oracle TNS',
  standards: [
    'Oracle Net TNS packets, as Wireshark documents them (unpublished)',
    'Oracle Net Services: connect descriptor',
  ],
  transports: ['tcp'],
  usualPorts: [1521],
  headerBytes: HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header) => {
    const length = word16(header, 0);
    const isHeader = (header[4] ?? 0) in TYPES && word16(header, 6) === 0;
    return isHeader && length >= HEADER_BYTES ? length : undefined;
  },
  recognise: (packet, sample, direction) => {
    const isUnchecked = word16(packet, 2) === 0;
    const version = word16(packet, HEADER_BYTES);
    const isAnswer = direction === 'to-client' && [2, 4, 5, 11].includes(packet[4] ?? 0);
    if (isAnswer) return isUnchecked && sample.toServer.length > 0 ? 'undecided' : 'reject';
    const isConnect = packet[4] === CONNECT && version >= 300 && version < 400 && isUnchecked;
    return isConnect && packet.length > 32 ? 'match' : 'reject';
  },
  createReader: () => reader,
  evidence: ({ activity, version, program, service }) => [
    ...(activity === 'accept' ? draft('tns.version', String(version), 'server') : []),
    ...draft('tns.program', program, 'client'),
    ...draft('tns.service', service, 'server'),
  ],
});
