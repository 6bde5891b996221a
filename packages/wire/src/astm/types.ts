import type { ProtocolRecord } from '../protocol.ts';

/** One message of a laboratory link. Of its records only the kinds are taken, of its header who sends. */
export interface AstmMessage extends ProtocolRecord {
  readonly protocol: 'astm';
  readonly activity: 'message';
  /** H-5: name, and what follows it, of the sender. */
  readonly sender: string;
  /** H-10. */
  readonly receiver: string;
  /** H-12: P production, T training, D debugging, Q quality control. */
  readonly processingId: string;
  /** H-13, for example `1394-97` or `LIS2-A2`. */
  readonly version: string;
  /** H-4 is in use: a password crosses in the clear. */
  readonly hasPassword: boolean;
  /** Kinds of records in the order in which they first come: header, patient, order, result, query … */
  readonly records: readonly string[];
  readonly results: number;
  /** L-3: N normal, E error in the last query, Q query ended, I no information … */
  readonly termination: string;
  readonly frames: number;
  /** Frames that the other end refused. */
  readonly refusedFrames: number;
  /** Frames whose checksum is not the sum of what they hold: the line damages them, or somebody did. */
  readonly badChecksums: number;
  readonly bytes: number;
  readonly sentBy: 'client' | 'server';
  /** From the bid for the line to its release; undefined where one of them was not seen. */
  readonly durationMs: number | undefined;
}
