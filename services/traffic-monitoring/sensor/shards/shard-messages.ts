import type { FoundBy } from '@sphinx/platform';
import type { SensorBatch, SharedRing } from '@sphinx/wire';
import type { InspectionTask } from '../sensor-messages.ts';
import type { SensorLimits } from '../sensor-options.ts';

/** Start-up data of the thread of one shard. */
export interface ShardTask extends SensorLimits {
  readonly inspections: readonly InspectionTask[];
  readonly ring: SharedRing;
  /** Between how many the packets are split; each has its part of the memory. */
  readonly shards: number;
  /** Number of the last batch that a thread before this one gave; 0 where there was none. */
  readonly given: number;
}

/** From the thread of a shard. */
export type ShardMessage =
  | {
      readonly kind: 'part';
      /** The same in all shards for batches that were taken at the same packet. */
      readonly number: number;
      readonly batch: SensorBatch;
      readonly findings: readonly FoundBy[];
    }
  /** Something that a person should know. */
  | { readonly kind: 'note'; readonly note: string };

/** To the thread of a shard. */
export interface ShardCommand {
  readonly kind: 'inspect';
  readonly inspections: readonly InspectionTask[];
}
