import type { TransactionDetail } from '../inspector.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import type { PgRequest, PgResponse } from './messages.ts';

/** How a session is opened. */
export interface PostgresqlSessionRecord extends ProtocolRecord {
  readonly protocol: 'postgresql';
  readonly activity:
    | 'startup'
    | 'tls-request'
    | 'tls-answer'
    | 'gss-request'
    | 'gss-answer'
    | 'authentication'
    | 'parameter'
    | 'refused';
  /** Method that is asked for. */
  readonly authentication: string;
  readonly acceptsTls: boolean;
  /** `server_version` of the server. */
  readonly version: string;
  /** SQLSTATE of an error. */
  readonly code: string;
}

/** What was asked of the database, with its answer. The statement and its rows are not in it. */
export interface PostgresqlQueryRecord extends ProtocolRecord {
  readonly protocol: 'postgresql';
  readonly activity: 'query';
  /** Asked with the extended protocol: parsed, bound, executed. */
  readonly isPrepared: boolean;
  /** First word of what the server says it has done: `SELECT`, `INSERT` … */
  readonly command: string;
  /** Rows that were given. */
  readonly rows: number;
  readonly outcome: Outcome;
  /** SQLSTATE of an error. */
  readonly code: string;
  readonly durationMs: number | undefined;
}

export type PostgresqlRecord = PostgresqlSessionRecord | PostgresqlQueryRecord;

/** A request with everything that the server answered. */
export interface PostgresqlDetail extends TransactionDetail {
  readonly protocol: 'postgresql';
  /** Within the session, from 1. */
  readonly number: number;
  readonly request: PgRequest | undefined;
  readonly responses: readonly PgResponse[];
  readonly rows: number;
  /** Bytes of their values. */
  readonly rowBytes: number;
}
