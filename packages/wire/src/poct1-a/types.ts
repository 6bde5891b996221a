import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** One message of a point-of-care device or its data manager, with its acknowledgement. Nothing of a patient, operator or result. */
export interface Poct1aRecord extends ProtocolRecord {
  readonly protocol: 'poct1-a';
  readonly activity: 'message';
  /** `HEL.R01`, `OBS.R01` … */
  readonly messageType: string;
  /** Who sent it: the device, or the data manager that collects from it. */
  readonly sender: 'device' | 'data-manager' | '';
  readonly sentBy: 'client' | 'server';
  /** Undefined where none is to come. */
  readonly outcome: Outcome | undefined;
  /** Error code of a refusal. */
  readonly errorCode: string;
  readonly vendor: string;
  readonly model: string;
  readonly serial: string;
  readonly versions: readonly string[];
  /** What is asked for, commanded or ended: ROBS, START_CONTINUOUS, OBS … */
  readonly topic: string;
  /** Observations in it; of a status those that wait. */
  readonly observations: number;
  /** A password crosses in the clear. */
  readonly hasPassword: boolean;
  readonly bytes: number;
  readonly durationMs: number | undefined;
}
