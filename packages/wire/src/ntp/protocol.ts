import { latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import { formatIpv4 } from '../ip/address.ts';
import type { ProtocolRecord } from '../protocol.ts';

const CLIENT = 3;
const SERVER = 4;
const BROADCAST = 5;
const PACKET_BYTES = 48;

export interface NtpRecord extends ProtocolRecord {
  readonly protocol: 'ntp';
  readonly activity: 'request' | 'reply';
  readonly version: number;
  readonly stratum: number;
  readonly reference: string;
}

/** RFC 5905 §7.3. @returns undefined for what is no client or server packet */
export function parseNtp(bytes: Uint8Array): NtpRecord | undefined {
  if (bytes.length < PACKET_BYTES) return undefined;
  const [first = 0, stratum = 0] = bytes;
  const mode = first & 7;
  const version = (first >>> 3) & 7;
  if (version < 1 || version > 4 || stratum > 16) return undefined;
  if (mode !== CLIENT && mode !== SERVER && mode !== BROADCAST) return undefined;
  const word = ((bytes[12] ?? 0) << 24) | ((bytes[13] ?? 0) << 16) | ((bytes[14] ?? 0) << 8) | (bytes[15] ?? 0);
  const reference = stratum <= 1 ? latin1(bytes, 12, 16).replace(/[^\w]/g, '') : formatIpv4(word);
  return { protocol: 'ntp', activity: mode === CLIENT ? 'request' : 'reply', version, stratum, reference };
}

export const ntp = defineDatagramRoom<NtpRecord>({
  id: 'ntp',
  title: 'NTP',
  standards: ['RFC 5905 §7.3'],
  usualPorts: [123],
  isBoundToPorts: true,
  parse: parseNtp,
  evidence: ({ activity, stratum, reference }) =>
    activity === 'request'
      ? []
      : [...draft('ntp.server', String(stratum), 'server'), ...draft('ntp.reference', reference, 'server')],
});
