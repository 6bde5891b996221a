import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A call or a bind with its answer. */
export interface DcerpcRecord extends ProtocolRecord {
  readonly protocol: 'dce-rpc';
  /** `bind`, `alter-context`, `request`. */
  readonly activity: string;
  /** Interfaces by name, or their UUID where they have none that is known. */
  readonly interfaces: readonly string[];
  readonly operation: number;
  readonly outcome: Outcome;
  readonly status: number;
  readonly isAuthenticated: boolean;
  readonly durationMs: number | undefined;
}
