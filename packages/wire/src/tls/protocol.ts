import { draft } from '../datagram-room.ts';
import type { Detection, DetectionSample, EvidenceDraft, Protocol } from '../protocol.ts';
import { helloV2Length } from './hello-v2.ts';
import { TlsParser } from './parse.ts';
import type { TlsRecord } from './types.ts';

const RECORD_HEADER_BYTES = 5;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const MAXIMUM_RECORD_BYTES = 16_640;

export const tls: Protocol<TlsRecord> = {
  id: 'tls',
  title: 'TLS',
  standards: [
    'RFC 8446',
    'RFC 5246 (appendix E.2: hello of SSL 2)',
    'RFC 6066 §3 (SNI)',
    'RFC 7301 (ALPN)',
    'JA3',
    'JA4 (FoxIO)',
  ],
  transports: ['tcp'],
  usualPorts: [443, 8443, 993, 995, 465, 636, 853, 2762, 8883, 5986],
  isEncrypted: true,
  isClinical: false,
  detect: detectTls,
  createStreamParser: (context) => new TlsParser(context),
  evidence: tlsEvidence,
};

/**
 * A record with a hello inside (RFC 8446 §5.1, §4); or, where a connection is picked up in the middle, any record whose
 * head is sound and whose end, if it is there, is followed by another sound one.
 */
function detectTls({ toServer, toClient }: DetectionSample): Detection {
  const [bytes, hello] = toServer.length > 0 ? [toServer, CLIENT_HELLO] : [toClient, SERVER_HELLO];
  if (bytes.length === 0) return 'undecided';
  const old = toServer.length > 0 ? helloV2Length(bytes) : undefined;
  if (old !== undefined) return old > 0 ? 'match' : 'undecided';
  const [type = 0] = bytes;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return 'reject';
  if (bytes.length < 6) return 'undecided';
  const length = recordLength(bytes, 0);
  if (length === undefined) return 'reject';
  if (type === HANDSHAKE && bytes[5] === hello) return length >= 4 ? 'match' : 'reject';
  const next = RECORD_HEADER_BYTES + length;
  const isFollowed = bytes.length < next + RECORD_HEADER_BYTES || recordLength(bytes, next) !== undefined;
  return isFollowed ? 'match' : 'reject';
}

/** @returns undefined where no head of a record stands: what an alert and a change of the cipher may be long is fixed */
function recordLength(bytes: Uint8Array, offset: number): number | undefined {
  const [type = 0, major, minor = 9] = bytes.subarray(offset, offset + 3);
  const length = ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 4] ?? 0);
  if (major !== 3 || minor > 4 || length === 0 || length > MAXIMUM_RECORD_BYTES) return undefined;
  if (type === CHANGE_CIPHER_SPEC) return length === 1 && bytes[offset + 5] === 1 ? length : undefined;
  if (type === ALERT) return length === 2 || (length >= 16 && length <= 64) ? length : undefined;
  return type === HANDSHAKE || type === APPLICATION_DATA ? length : undefined;
}

function tlsEvidence(record: TlsRecord): readonly EvidenceDraft[] {
  switch (record.activity) {
    case 'client-hello':
      return [
        ...draft('tls.client.version', record.version, 'client'),
        ...draft('tls.client.ja3', record.ja3, 'client'),
        ...draft('tls.client.ja4', record.ja4, 'client'),
        ...draft('tls.client.sni', record.serverName, 'client'),
        ...record.applicationProtocols.flatMap((name) => draft('tls.client.alpn', name, 'client')),
      ];
    case 'server-hello':
      return [
        ...draft('tls.server.version', record.version, 'server'),
        ...draft('tls.server.cipher', record.cipherSuite, 'server'),
        ...draft('tls.server.alpn', record.applicationProtocol, 'server'),
        ...draft('tls.server.ja3s', record.ja3s, 'server'),
        ...(record.carries === undefined ? [] : draft('dicom.tls-version', record.version, 'server')),
        ...(record.carries === undefined ? [] : draft('dicom.tls-version', record.version, 'client')),
      ];
    case 'certificate':
      return [
        ...draft('tls.certificate.subject', record.subject, 'server'),
        ...draft('tls.certificate.issuer', record.issuer, 'server'),
        ...record.subjectAlternativeNames.flatMap((name) => draft('tls.certificate.san', name, 'server')),
        ...draft('tls.certificate.serial', record.serialNumber, 'server'),
        ...draft('tls.certificate.not-before', record.notBefore, 'server'),
        ...draft('tls.certificate.not-after', record.notAfter, 'server'),
        ...draft('tls.certificate.key', record.publicKey, 'server'),
        ...draft('tls.certificate.signature-algorithm', record.signatureAlgorithm, 'server'),
        ...draft('tls.certificate.sha256', record.sha256, 'server'),
        ...draft('tls.certificate.self-signed', String(record.isSelfSigned), 'server'),
      ];
    default:
      return record satisfies never;
  }
}
