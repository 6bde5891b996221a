import type { ProtocolRecord } from '../protocol.ts';

/** A way through a proxy that a client asked for, with the answer. */
export interface SocksRequest extends ProtocolRecord {
  readonly protocol: 'socks';
  readonly activity: 'request';
  readonly version: '4' | '4a' | '5';
  readonly command: 'connect' | 'bind' | 'udp-associate' | 'other';
  /** What the proxy accepted. A password goes in the clear (RFC 1929) and is never taken. */
  readonly authentication: 'none' | 'gssapi' | 'password' | 'other' | 'refused';
  /** Host name or address. */
  readonly destination: string;
  readonly destinationPort: number;
  /** In the words of the standard, for example `succeeded`; empty when there was no answer. */
  readonly reply: string;
  readonly isGranted: boolean;
  /** From the request to its answer. */
  readonly durationMs: number | undefined;
}
