import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A command to an infusion pump with its answer. What is infused, how much and the key to control it are never taken. */
export interface AlarisExchange extends ProtocolRecord {
  readonly protocol: 'alaris';
  readonly activity: 'exchange';
  /** `INF`, `INF_RATE`, `REMOTE_CTRL` … */
  readonly command: string;
  /** It is to change what the pump does, not only to tell it. */
  readonly isChange: boolean;
  readonly outcome: Outcome;
  /** Serial number and protocol version, where they were asked for. */
  readonly serial: string;
  readonly version: string;
  readonly askedBy: 'client' | 'server';
  readonly durationMs: number | undefined;
}
