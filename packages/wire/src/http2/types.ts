import type { Authorization, CarriedRecord } from '../http/types.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** One stream: a request with its answer. Identifiers in the path are masked, query values never taken. */
export interface Http2Exchange extends ProtocolRecord {
  readonly protocol: 'http2';
  readonly activity: 'exchange';
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly status: number | undefined;
  readonly outcome: Outcome;
  readonly userAgent: string;
  readonly server: string;
  readonly requestType: string;
  readonly responseType: string;
  readonly authorization: Authorization;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number | undefined;
}

export type Http2Record = Http2Exchange | CarriedRecord;
