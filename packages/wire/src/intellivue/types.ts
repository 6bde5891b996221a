import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A message of the Data Export interface, requests with their answer. Measurements, demographics and bed labels are never read. */
export interface IntelliVueRecord extends ProtocolRecord {
  readonly protocol: 'intellivue';
  readonly activity: 'connect-indication' | 'association' | 'release' | 'abort' | 'device-created' | 'operation';
  /** Get, set, poll … */
  readonly operation: string;
  /** What is polled: numerics, waves, alerts, patient demographics … */
  readonly object: string;
  /** Undefined where nobody answers. */
  readonly outcome: Outcome | undefined;
  /** Error in words. */
  readonly result: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly versions: readonly string[];
  readonly durationMs: number | undefined;
}
