import type { Direction, ProtocolRecord } from '../protocol.ts';
import { ja3, ja3s, ja3sText, ja3Text, ja4 } from './fingerprint.ts';
import { type Hello, offeredVersion } from './hello.ts';
import type { TlsCertificate } from './types.ts';

/** What one end has shown of itself in a handshake so far: what a log tells of it. It grows with every message. */
export interface TlsHandshakeSide extends ProtocolRecord {
  readonly protocol: 'tls';
  readonly activity: 'handshake';
  readonly sentBy: 'client' | 'server';
  readonly hello: TlsHelloSummary | undefined;
  /** Leaf certificate. */
  readonly certificate: TlsCertificate | undefined;
}

/** What a hello says, with its fingerprints. */
export interface TlsHelloSummary {
  /** Offered by the client, or chosen by the server; a number of the protocol. */
  readonly version: number;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  /** Chosen by the server, 0 for a client. */
  readonly cipherSuite: number;
  readonly extensions: readonly number[];
  /** JA3 of a client, JA3S of a server: its hash and what is hashed. */
  readonly fingerprint: string;
  readonly fingerprintText: string;
  /** Of a client. */
  readonly ja4: string;
}

/** @returns what a log says of a hello */
export function summariseHello(hello: Hello, direction: Direction): TlsHelloSummary {
  const isClient = direction === 'to-server';
  const { serverName, applicationProtocols, extensions, cipherSuites, supportedVersions, legacyVersion } = hello;
  return {
    version: isClient ? offeredVersion(hello) : (supportedVersions[0] ?? legacyVersion),
    serverName,
    applicationProtocols,
    cipherSuite: isClient ? 0 : (cipherSuites[0] ?? 0),
    extensions,
    fingerprint: isClient ? ja3(hello) : ja3s(hello),
    fingerprintText: isClient ? ja3Text(hello) : ja3sText(hello),
    ja4: isClient ? ja4(hello, 't') : '',
  };
}
