import { draft } from '../datagram-room.ts';
import type { Detection, DetectionSample, EvidenceDraft, Protocol } from '../protocol.ts';
import { TlsParser } from './parse.ts';
import type { TlsRecord } from './types.ts';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const MAXIMUM_RECORD_BYTES = 16_640;

export const tls: Protocol<TlsRecord> = {
  id: 'tls',
  title: 'TLS',
  standards: ['RFC 8446', 'RFC 5246', 'RFC 6066 §3 (SNI)', 'RFC 7301 (ALPN)', 'JA3', 'JA4 (FoxIO)'],
  transports: ['tcp'],
  usualPorts: [443, 8443, 993, 995, 465, 636, 853, 2762, 8883, 5986],
  isEncrypted: true,
  isClinical: false,
  detect: detectTls,
  createStreamParser: (context) => new TlsParser(context),
  evidence: tlsEvidence,
};

/** A handshake record with a hello inside (RFC 8446 §5.1, §4). */
function detectTls({ toServer, toClient }: DetectionSample): Detection {
  const [bytes, hello] = toServer.length > 0 ? [toServer, CLIENT_HELLO] : [toClient, SERVER_HELLO];
  if (bytes.length === 0) return 'undecided';
  if (bytes[0] !== HANDSHAKE) return 'reject';
  if (bytes.length < 6) return 'undecided';
  const length = ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0);
  const isRecord = bytes[1] === 3 && (bytes[2] ?? 9) <= 4 && length >= 4 && length <= MAXIMUM_RECORD_BYTES;
  return isRecord && bytes[5] === hello ? 'match' : 'reject';
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
