import { hasBytes, word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const MAGIC_COOKIE = [0x1a, 0x2b, 0x3c, 0x4d];
const CONTROL = 1;
const REQUEST = 1;
const REPLY = 2;
const START_BYTES = 156;

/** RFC 2637 §2. */
const MESSAGES: readonly string[] = [
  '',
  'start-control-connection-request',
  'start-control-connection-reply',
  'stop-control-connection-request',
  'stop-control-connection-reply',
  'echo-request',
  'echo-reply',
  'outgoing-call-request',
  'outgoing-call-reply',
  'incoming-call-request',
  'incoming-call-reply',
  'incoming-call-connected',
  'call-clear-request',
  'call-disconnect-notify',
  'wan-error-notify',
  'set-link-information',
];

export interface PptpRecord extends ProtocolRecord {
  readonly protocol: 'pptp';
  readonly activity: string;
  /** Result code of a reply (1 is success); 0 for requests. */
  readonly result: number;
  readonly hostName: string;
  readonly vendor: string;
}

export function parsePptp(message: Uint8Array): PptpRecord {
  const type = word16(message, 8);
  const isStart = (type === REQUEST || type === REPLY) && message.length >= START_BYTES;
  const text = (offset: number) => cleanText(latin1(message, offset, offset + 64).replace(/\0.*$/s, ''), 64);
  return {
    protocol: 'pptp',
    activity: MESSAGES[type] ?? 'unknown',
    result: type === REPLY ? (message[14] ?? 0) : 0,
    hostName: isStart ? text(28) : '',
    vendor: isStart ? text(92) : '',
  };
}

const reader: MessageReader<PptpRecord> = {
  message(message, direction, context) {
    context.emit(parsePptp(message), direction);
    return true;
  },
};

export const pptp = defineFramedRoom<PptpRecord>({
  id: 'pptp',
  title: 'PPTP',
  standards: ['RFC 2637 §1.4 (header), §2 (control messages)'],
  transports: ['tcp'],
  usualPorts: [1723],
  firstBytes: [0],
  headerBytes: 12,
  maximumBytes: 512,
  messageLength: (header) => {
    const isMessage = word16(header, 2) === CONTROL && hasBytes(header, MAGIC_COOKIE, 4);
    const length = word16(header, 0);
    return isMessage && length >= 12 && length <= 255 ? length : undefined;
  },
  recognise: (message) => (word16(message, 8) < MESSAGES.length ? 'match' : 'reject'),
  createReader: () => reader,
  evidence: ({ activity, hostName, vendor }) => {
    const isServer = activity === 'start-control-connection-reply';
    if (!isServer && activity !== 'start-control-connection-request') return [];
    const about = isServer ? 'server' : 'client';
    return [
      ...draft(isServer ? 'vpn.server' : 'vpn.client', 'PPTP', about),
      ...draft('vpn.host-name', hostName, about),
      ...draft('vpn.vendor', vendor, about),
    ];
  },
});
