import type { LogRecord } from '@sphinx/logs';

/** Where records go that come in over a socket or from a file. */
export interface RecordSink {
  /** Whether who can wait should wait, and what cannot wait is left out. */
  readonly isFull: boolean;
  /** Takes a record, also when it is full. */
  push(record: LogRecord): void;
  /** Counts what is not handed on. */
  countDropped(source: string, count: number): void;
  countTruncated(source: string, count: number): void;
}

/** A way in that is open. */
export interface OpenInput {
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly maximumBytes: number;
  readonly eventsPerSecond: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** @returns an address as it is written, without what marks IPv4 within IPv6 */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}
