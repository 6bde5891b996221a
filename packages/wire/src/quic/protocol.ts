import { draft } from '../datagram-room.ts';
import type { Detection, DetectionSample, EvidenceDraft, ParserContext, Protocol } from '../protocol.ts';
import { QuicFlow } from './flow.ts';
import { googleVersion } from './google.ts';
import type { QuicRecord } from './types.ts';
import { isReservedVersion, versionName } from './versions.ts';

const MAXIMUM_CONNECTION_ID = 20;
/** Long headers have the highest bit; Google's first versions have public flags with a version and a connection id. */
const FIRST_BYTES = [
  ...Array.from({ length: 128 }, (_, index) => 128 + index),
  0x09,
  0x0b,
  0x0d,
  0x0f,
  0x19,
  0x1d,
  0x39,
];

const flows = new WeakMap<ParserContext<QuicRecord>, QuicFlow>();

export const quic: Protocol<QuicRecord> = {
  id: 'quic',
  title: 'QUIC',
  standards: [
    'RFC 8999 (invariants)',
    'RFC 9000 §17.2 (long header), §19.6 (CRYPTO)',
    'RFC 9001 §5.2 to §5.4 (protection of Initial packets)',
    'RFC 9369 (version 2)',
    'Chromium: QUIC Crypto (Google’s versions)',
  ],
  transports: ['udp'],
  usualPorts: [443, 8443, 853],
  isEncrypted: true,
  isClinical: false,
  firstBytes: FIRST_BYTES,
  detect: detectQuic,
  parseDatagram: (payload, direction, context) => {
    const flow = flows.get(context) ?? new QuicFlow();
    flows.set(context, flow);
    flow.datagram(payload, direction, context);
  },
  evidence: quicEvidence,
};

/** A version that is known, or offered in a negotiation, between connection ids of possible lengths. */
function detectQuic({ toServer, toClient }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  const first = bytes[0] ?? 0;
  if (googleVersion(bytes) !== '') return 'match';
  if ((first & 0x80) === 0) return 'reject';
  const version = versionAt(bytes, 1);
  const destination = bytes[5] ?? 255;
  const source = bytes[6 + destination] ?? 255;
  const versionsStart = 7 + destination + source;
  if (destination > MAXIMUM_CONNECTION_ID || source > MAXIMUM_CONNECTION_ID || versionsStart >= bytes.length)
    return 'reject';
  if (versionName(version) !== '') return 'match';
  const isNegotiation = version === 0 && (bytes.length - versionsStart) % 4 === 0;
  const offered = versionAt(bytes, versionsStart);
  if (isNegotiation) return versionName(offered) !== '' || isReservedVersion(offered) ? 'match' : 'reject';
  return isReservedVersion(version) && (first & 0x40) !== 0 ? 'match' : 'reject';
}

function versionAt(bytes: Uint8Array, offset: number): number {
  return bytes.length < offset + 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);
}

function quicEvidence(record: QuicRecord): readonly EvidenceDraft[] {
  const { activity, version, serverName, applicationProtocols, userAgent, cipherSuite } = record;
  switch (activity) {
    case 'client-hello':
      return [
        ...draft('quic.version', version, 'client'),
        ...draft('tls.client.sni', serverName, 'client'),
        ...draft('tls.client.ja3', record.ja3, 'client'),
        ...draft('tls.client.ja4', record.ja4, 'client'),
        ...draft('quic.user-agent', userAgent, 'client'),
        ...applicationProtocols.flatMap((name) => draft('tls.client.alpn', name, 'client')),
      ];
    case 'server-hello':
      return [...draft('quic.version', version, 'server'), ...draft('tls.server.cipher', cipherSuite, 'server')];
    case 'version-negotiation':
      return version.split(' ').flatMap((name) => draft('quic.version', name, 'server'));
    case 'retry':
      return [];
    default:
      return activity satisfies never;
  }
}
