import { word16, word32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Detection, DetectionSample, ProtocolRecord } from '../protocol.ts';

const PORT = 1194;
/** Operation in the upper five bits, key in the lower three (OpenVPN protocol, §2 of the RFC draft). */
const RESETS: Readonly<Record<number, OpenvpnRecord['activity']>> = {
  7: 'reset-by-client',
  8: 'reset-by-server',
  10: 'reset-by-client',
};
const SESSION_BYTES = 8;
/** Bytes of the authentication that `tls-auth` puts in front, by digest. */
const DIGESTS = [
  ['md5', 16],
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
] as const;
/** Time stamps of 2005 to 2040, in seconds since 1970. */
const EARLIEST_TIME = 0x41d6_0000;
const LATEST_TIME = 0x83aa_8000;
const HARDEST_START = 14;

export interface OpenvpnRecord extends ProtocolRecord {
  readonly protocol: 'openvpn';
  readonly activity: 'reset-by-client' | 'reset-by-server';
  /** How control packets are protected: not at all, by a digest (`tls-auth`), or encrypted (`tls-crypt`). */
  readonly protection: string;
}

/** @param packet without the length that TCP puts in front */
export function parseOpenvpn(packet: Uint8Array): OpenvpnRecord | undefined {
  const operation = (packet[0] ?? 0) >>> 3;
  const activity = RESETS[operation];
  if (activity === undefined || packet.length < HARDEST_START || ((packet[0] ?? 0) & 7) !== 0) return undefined;
  const protection = protectionOf(packet, activity);
  return protection === undefined ? undefined : { protocol: 'openvpn', activity, protection };
}

function protectionOf(packet: Uint8Array, activity: OpenvpnRecord['activity']): string | undefined {
  const start = 1 + SESSION_BYTES;
  if (hasReset(packet, start, activity)) return 'none';
  for (const [digest, length] of DIGESTS) {
    const counter = start + length;
    if (isReplayCounter(packet, counter) && hasReset(packet, counter + 8, activity)) return `tls-auth ${digest}`;
  }
  // tls-crypt: counter and time stamp in clear, then a tag of 32 bytes and what is encrypted.
  const time = word32(packet, start + 4);
  const isLongEnough = packet.length >= start + 8 + 32 + 5;
  return isLongEnough && time >= EARLIEST_TIME && time <= LATEST_TIME ? 'tls-crypt' : undefined;
}

/** Acknowledged packets (none from who begins, at most eight), the peer's session where there are some, packet number 0. */
function hasReset(packet: Uint8Array, offset: number, activity: OpenvpnRecord['activity']): boolean {
  const acknowledged = packet[offset] ?? 255;
  if (activity === 'reset-by-client')
    return acknowledged === 0 && packet.length === offset + 5 && word32(packet, offset + 1) === 0;
  const end = offset + 1 + acknowledged * 4 + (acknowledged > 0 ? SESSION_BYTES : 0);
  return acknowledged <= 8 && packet.length === end + 4 && word32(packet, end) === 0;
}

function isReplayCounter(packet: Uint8Array, offset: number): boolean {
  const counter = word32(packet, offset);
  const time = word32(packet, offset + 4);
  return counter > 0 && counter < 1024 && time >= EARLIEST_TIME && time <= LATEST_TIME;
}

function recognise(message: Uint8Array, { transport, serverPort, clientPort }: DetectionSample): Detection {
  const record = parseOpenvpn(transport === 'tcp' ? message.subarray(2) : message);
  if (record === undefined) return 'reject';
  const isAtHome = serverPort === PORT || clientPort === PORT;
  // Nothing but the time stamp tells an encrypted reset over TCP from noise of that length.
  return record.protection === 'tls-crypt' && transport === 'tcp' && !isAtHome ? 'undecided' : 'match';
}

const reader: MessageReader<OpenvpnRecord> = {
  message(message, direction, context) {
    const record = parseOpenvpn(context.transport === 'tcp' ? message.subarray(2) : message);
    if (record !== undefined) context.emit(record, direction);
    return true;
  },
};

const udp = defineFramedRoom<OpenvpnRecord>({
  id: 'openvpn',
  title: 'OpenVPN',
  standards: ['OpenVPN wire protocol (draft-openvpn-wire-protocol) §3 (packets), §4 (tls-auth, tls-crypt)'],
  transports: ['tcp', 'udp'],
  usualPorts: [PORT],
  isEncrypted: true,
  headerBytes: 2,
  maximumBytes: 2048,
  messageLength: (header) => header.length,
  recognise,
  createReader: () => reader,
  evidence: ({ activity, protection }) =>
    activity === 'reset-by-server'
      ? [...draft('vpn.server', 'OpenVPN', 'server'), ...draft('openvpn.protection', protection, 'server')]
      : draft('vpn.client', 'OpenVPN', 'client'),
});

const tcp = defineFramedRoom<OpenvpnRecord>({
  id: udp.id,
  title: udp.title,
  standards: udp.standards,
  transports: ['tcp'],
  usualPorts: udp.usualPorts,
  headerBytes: 2,
  maximumBytes: 2048,
  // Length of the packet that follows (§3.3).
  messageLength: (header) => (word16(header, 0) > 0 ? word16(header, 0) + 2 : undefined),
  recognise,
  createReader: () => reader,
  evidence: udp.evidence,
});

/** Over TCP a length precedes each packet. */
export const openvpn: typeof udp = {
  ...udp,
  detect: (sample) => (sample.transport === 'tcp' ? tcp : udp).detect(sample),
  ...(tcp.createStreamParser === undefined ? {} : { createStreamParser: tcp.createStreamParser }),
};
