import { randomBytes } from 'node:crypto';
import { counted, join, u16 } from './binary.ts';

// Client hellos of every version (RFC 6101 §5.6, RFC 5246 §7.4.1.2, RFC 8446 §4.1.2). Node's own TLS no longer speaks what is
// looked for here; and no handshake is completed: the answer to the hello tells enough.

export const TLS_VERSIONS = [0x0300, 0x0301, 0x0302, 0x0303, 0x0304] as const;
export type TlsVersionNumber = (typeof TLS_VERSIONS)[number];

/** RFC 5746 §3.3: says that this end knows secure renegotiation. */
export const RENEGOTIATION_SCSV = 0x00ff;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
export const COMPRESSION = { none: 0, deflate: 1 } as const;
/** IANA TLS ExtensionType. */
export const EXTENSION = {
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  supportedVersions: 43,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;
/** x25519, secp256r1, secp384r1, secp521r1, ffdhe2048. */
const GROUPS = [29, 23, 24, 25, 256];
const X25519 = 29;
/** ECDSA, RSA-PSS and RSA with SHA-2, then what old servers have: SHA-1. */
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];
const PEER_MAY_SEND = 1;
const RANDOM_BYTES = 32;

export interface ClientHelloOptions {
  /** The highest that is offered; of TLS 1.3 it is the only one. */
  readonly version: TlsVersionNumber;
  readonly ciphers: readonly number[];
  readonly offersCompression?: boolean;
  readonly offersHeartbeat?: boolean;
}

/** @returns one TLS record with a client hello */
export function tlsClientHello(options: ClientHelloOptions): Buffer {
  const { version, ciphers } = options;
  const isModern = version === 0x0304;
  const compression = options.offersCompression === true ? [COMPRESSION.deflate, COMPRESSION.none] : [COMPRESSION.none];
  const body = join(
    u16(Math.min(version, 0x0303)),
    randomBytes(RANDOM_BYTES),
    isModern ? counted(1, randomBytes(RANDOM_BYTES)) : counted(1),
    counted(2, ...[...ciphers, ...(isModern ? [] : [RENEGOTIATION_SCSV])].map(u16)),
    counted(1, ...compression),
    // SSL 3.0 knows no extensions, and some of its servers stumble over them.
    version === 0x0300 ? '' : counted(2, ...extensions(options)),
  );
  return join(HANDSHAKE, u16(Math.min(version, 0x0301)), counted(2, CLIENT_HELLO, counted(3, body)));
}

function extensions({ version, offersHeartbeat }: ClientHelloOptions): Buffer[] {
  const list = [
    extension(EXTENSION.supportedGroups, counted(2, ...GROUPS.map(u16))),
    extension(EXTENSION.pointFormats, counted(1, 0)),
  ];
  if (version >= 0x0303) list.push(extension(EXTENSION.signatureAlgorithms, counted(2, ...SIGNATURES.map(u16))));
  if (offersHeartbeat === true) list.push(extension(EXTENSION.heartbeat, Buffer.from([PEER_MAY_SEND])));
  if (version === 0x0304) {
    list.push(extension(EXTENSION.supportedVersions, counted(1, u16(version))));
    // Any 32 bytes are a public key of X25519 (RFC 7748 §5); what comes of it is never used.
    list.push(extension(EXTENSION.keyShare, counted(2, u16(X25519), counted(2, randomBytes(RANDOM_BYTES)))));
  }
  return list;
}

function extension(type: number, body: Uint8Array): Buffer {
  return join(u16(type), counted(2, body));
}
