import type { ProtocolRecord } from '../protocol.ts';

export interface QuicRecord extends ProtocolRecord {
  readonly protocol: 'quic';
  readonly activity: 'client-hello' | 'server-hello' | 'version-negotiation' | 'retry';
  /** `QUICv1`, `draft-29`, `Q046` …; of a version negotiation all that the server offers. */
  readonly version: string;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  readonly ja3: string;
  readonly ja4: string;
  /** Program of the client; Google's own handshake only. */
  readonly userAgent: string;
  /** Cipher suite that the server chose, IANA name. */
  readonly cipherSuite: string;
}

/** What a log tells of a hello. */
export interface QuicHandshakeSide extends QuicRecord {
  /** Extensions of the TLS hello, in their order. */
  readonly extensions: readonly number[];
}
