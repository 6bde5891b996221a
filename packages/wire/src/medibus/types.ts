import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A command with its response. Of measurements only their number is taken. */
export interface MedibusExchange extends ProtocolRecord {
  readonly protocol: 'medibus';
  readonly activity: 'exchange';
  /** What is asked for, in words: `measured data`, `alarms`, `device identification` … */
  readonly command: string;
  readonly outcome: Outcome;
  /** Of the response. */
  readonly bytes: number;
  /** As the device tells them: identification number, name, version. */
  readonly deviceId: string;
  readonly model: string;
  readonly version: string;
  readonly askedBy: 'client' | 'server';
  readonly durationMs: number | undefined;
}
