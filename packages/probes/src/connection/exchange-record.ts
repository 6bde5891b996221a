/** One thing that went to or came from a target: a row of the record of everything that was sent. */
export interface ExchangeRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly direction: 'sent' | 'received';
  readonly kind: 'open' | 'data' | 'end';
  readonly transport: 'tcp' | 'udp';
  readonly ip: string;
  readonly port: number;
  /** Number of the connection within the run, from 1. */
  readonly connection: number;
  /** Packets that it took at least, by `PACKET_DATA_BYTES`. */
  readonly packets: number;
  /** Bytes of data, without headers. */
  readonly bytes: number;
  /** In words: `TLS client hello`, `answer` … */
  readonly what: string;
  /** Absent where it holds a password, and for answers, which may hold anything. */
  readonly data: Uint8Array | undefined;
}

/** Data of one TCP segment on Ethernet: 1,500 bytes less the headers of IPv4 and TCP (RFC 9293 §3.7.1). */
export const PACKET_DATA_BYTES = 1460;

/** @returns packets that so many bytes take at least */
export function packetsOf(bytes: number): number {
  return Math.ceil(bytes / PACKET_DATA_BYTES);
}
