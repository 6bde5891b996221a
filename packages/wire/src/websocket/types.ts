import type { ProtocolRecord } from '../protocol.ts';

/** What came of a connection: how many messages, how large, why it was closed. Never what they said. */
export interface WebSocketConnection extends ProtocolRecord {
  readonly protocol: 'websocket';
  readonly activity: 'connection';
  readonly textMessages: number;
  readonly binaryMessages: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  /** Some message was compressed (RFC 7692). */
  readonly isCompressed: boolean;
  /** RFC 6455 §7.4; undefined where no close frame with one came. */
  readonly closeCode: number | undefined;
}

/** One frame (RFC 6455 §5.2), for those who log each. */
export interface WebSocketFrameRecord extends ProtocolRecord {
  readonly protocol: 'websocket';
  readonly activity: 'frame';
  readonly opcode: number;
  readonly isFinal: boolean;
  /** Undefined where the payload is not masked. */
  readonly mask: number | undefined;
}

export type WebSocketRecord = WebSocketConnection | WebSocketFrameRecord;
