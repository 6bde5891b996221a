import { hasText, littleWord16, littleWord32, word16 } from '../bytes/match.ts';
import { cleanText } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Detection, DetectionSample, EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';

const PORT = 3389;
const TPKT_BYTES = 4;
/** Length, type, destination, source, class: the fixed part of a connection request (ISO 8073 §13.3). */
const COTP_BYTES = 7;
const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const NEGOTIATION_REQUEST = 1;
const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;
/** MS-RDPBCGR §2.2.1.1.1. */
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'RDP', 1: 'TLS', 2: 'CredSSP', 4: 'RDSTLS', 8: 'CredSSP' };
/** §2.2.1.2.2. */
const FAILURES = [
  '',
  'TLS required',
  'TLS not allowed',
  'no certificate',
  'inconsistent flags',
  'CredSSP required',
  'TLS with client certificate required',
];
/** Header of the client core data (§2.2.1.3.2), within the connect message of T.125. */
const CLIENT_CORE = 0xc001;
const MAXIMUM_CORE_OFFSET = 512;

export interface RdpRecord extends ProtocolRecord {
  readonly protocol: 'rdp';
  readonly activity: 'negotiation-request' | 'negotiation-response' | 'negotiation-failure' | 'client-core';
  /** Offered by the client, or the one that the server chose: RDP, TLS, CredSSP, RDSTLS. */
  readonly security: readonly string[];
  readonly failure: string;
  /** Computer name and build of a client, where no encryption was agreed. */
  readonly clientName: string;
  readonly clientBuild: number;
}

const EMPTY = { protocol: 'rdp', security: [], failure: '', clientName: '', clientBuild: 0 } as const;

/** The opening of both ends, then TLS; without encryption, what the client tells of itself. Accounts in cookies are left out. */
const reader: MessageReader<RdpRecord> = {
  message(packet, direction, context) {
    const type = (packet[TPKT_BYTES + 1] ?? 0) & 0xf0;
    if (type === CONNECTION_REQUEST) {
      const offered = negotiation(packet, NEGOTIATION_REQUEST);
      const bits = offered ?? 0;
      const security = [1, 2, 4, 8].filter((bit) => (bits & bit) !== 0).map((bit) => PROTOCOLS[bit] ?? '');
      context.emit({ ...EMPTY, activity: 'negotiation-request', security: ['RDP', ...new Set(security)] }, direction);
      return true;
    }
    if (type === CONNECTION_CONFIRM) {
      const failure = negotiation(packet, NEGOTIATION_FAILURE);
      if (failure !== undefined) {
        context.emit(
          { ...EMPTY, activity: 'negotiation-failure', failure: FAILURES[failure] ?? String(failure) },
          direction,
        );
        return true;
      }
      const chosen = negotiation(packet, NEGOTIATION_RESPONSE) ?? 0;
      context.emit({ ...EMPTY, activity: 'negotiation-response', security: [PROTOCOLS[chosen] ?? 'RDP'] }, direction);
      context.inspect?.(direction, transactionView('rdp', { 'rdp.security': PROTOCOLS[chosen] ?? 'RDP' }));
      if (chosen !== 0) context.handOver('tls');
      return chosen === 0;
    }
    const core = direction === 'to-server' ? readClientCore(packet) : undefined;
    if (core !== undefined) context.emit(core, direction);
    return core === undefined;
  },
};

/** §2.2.1.1, §2.2.1.2: type, flags, length (8), value; behind a cookie or a routing token of one line. */
function negotiation(packet: Uint8Array, type: number): number | undefined {
  const start = packet.length - 8;
  const isThere = start >= TPKT_BYTES + COTP_BYTES && packet[start] === type && littleWord16(packet, start + 2) === 8;
  return isThere ? littleWord32(packet, start + 4) : undefined;
}

/** Header, version, desktop size, colours, sequence, keyboard, build, then the computer name in UTF-16. */
function readClientCore(packet: Uint8Array): RdpRecord | undefined {
  for (let offset = TPKT_BYTES + 3; offset < Math.min(packet.length - 60, MAXIMUM_CORE_OFFSET); offset++) {
    if (littleWord16(packet, offset) !== CLIENT_CORE || littleWord16(packet, offset + 2) < 132) continue;
    // Major version of the protocol is 8 in every release.
    if (littleWord16(packet, offset + 6) !== 8) continue;
    const name = Buffer.from(packet.subarray(offset + 24, offset + 56))
      .toString('utf16le')
      .replace(/\0.*$/s, '');
    const clientBuild = littleWord32(packet, offset + 20);
    return { ...EMPTY, activity: 'client-core', clientName: cleanText(name, 32), clientBuild };
  }
  return undefined;
}

/** TPKT and COTP are S7's and H.323's too: a cookie, a negotiation, or the usual port with an empty opening decide. */
function recognise(packet: Uint8Array, { serverPort, clientPort }: DetectionSample): Detection {
  const type = packet[TPKT_BYTES + 1];
  const isBare = packet.length === TPKT_BYTES + COTP_BYTES && (serverPort === PORT || clientPort === PORT);
  if (type === CONNECTION_REQUEST) {
    const isCookie = hasText(packet, 'Cookie: mst', TPKT_BYTES + COTP_BYTES);
    return isCookie || isBare || negotiation(packet, NEGOTIATION_REQUEST) !== undefined ? 'match' : 'reject';
  }
  if (type !== CONNECTION_CONFIRM) return 'reject';
  const isAnswer = negotiation(packet, NEGOTIATION_RESPONSE) ?? negotiation(packet, NEGOTIATION_FAILURE);
  return isBare || isAnswer !== undefined ? 'match' : 'reject';
}

export const rdp = defineFramedRoom<RdpRecord>({
  id: 'rdp',
  title: 'Remote Desktop Protocol',
  standards: ['MS-RDPBCGR §2.2.1.1 to §2.2.1.3', 'RFC 1006 §6 (TPKT)', 'ISO 8073 §13 (COTP)'],
  transports: ['tcp'],
  usualPorts: [PORT],
  firstBytes: [3],
  headerBytes: TPKT_BYTES + 2,
  maximumBytes: 2048,
  messageLength: (header) => {
    const length = word16(header, 2);
    return header[0] === 3 && header[1] === 0 && length >= TPKT_BYTES + 3 ? length : undefined;
  },
  recognise,
  createReader: () => reader,
  evidence: ({ activity, security, failure, clientName, clientBuild }): readonly EvidenceDraft[] => {
    switch (activity) {
      case 'negotiation-response':
        return security.flatMap((name) => draft('rdp.security', name, 'server'));
      case 'negotiation-failure':
        return draft('rdp.refusal', failure, 'server');
      case 'client-core':
        return [
          ...draft('rdp.client-name', clientName, 'client'),
          ...draft('rdp.client-build', String(clientBuild), 'client'),
        ];
      case 'negotiation-request':
        return [];
      default:
        return activity satisfies never;
    }
  },
});
