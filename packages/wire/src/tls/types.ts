import type { ProtocolRecord } from '../protocol.ts';
import type { Carried } from './carried.ts';

export interface TlsClientHello extends ProtocolRecord {
  readonly protocol: 'tls';
  readonly activity: 'client-hello';
  /** Highest version offered. */
  readonly version: string;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  readonly cipherSuites: readonly number[];
  readonly ja3: string;
  readonly ja4: string;
}

export interface TlsServerHello extends ProtocolRecord {
  readonly protocol: 'tls';
  readonly activity: 'server-hello';
  /** Version chosen. */
  readonly version: string;
  readonly cipherSuite: string;
  readonly applicationProtocol: string;
  /** Clinical protocol inside, where something tells it. */
  readonly carries: Carried | undefined;
  readonly ja3s: string;
}

/** Leaf certificate of the server; visible up to TLS 1.2. */
export interface TlsCertificate extends ProtocolRecord {
  readonly protocol: 'tls';
  readonly activity: 'certificate';
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAlternativeNames: readonly string[];
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publicKey: string;
  readonly signatureAlgorithm: string;
  readonly sha256: string;
  /** Lists of bad certificates name them by it. */
  readonly sha1: string;
  readonly isSelfSigned: boolean;
}

export type TlsRecord = TlsClientHello | TlsServerHello | TlsCertificate;
