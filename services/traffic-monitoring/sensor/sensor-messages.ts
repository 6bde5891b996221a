import type { SensorBatch } from '@sphinx/wire';

/** What a sensor thread reads. */
export type SensorInput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'command'; readonly command: string; readonly arguments: readonly string[] };

/** Start-up data of a sensor thread. */
export interface SensorTask {
  readonly source: string;
  readonly isSample: boolean;
  readonly input: SensorInput;
  readonly maximumFlows: number;
  /** A batch leaves after this many packets: the same file always gives the same batches. */
  readonly packetsPerBatch: number;
  /** For live input, a batch leaves at the latest after this time. */
  readonly batchIntervalMs: number | undefined;
}

/** From the sensor thread. Each `batch` is answered with `taken` before the one after the next is sent. */
export type SensorMessage =
  | { readonly kind: 'batch'; readonly batch: SensorBatch; readonly fraction: number | null }
  | { readonly kind: 'end'; readonly warnings: readonly string[] }
  | { readonly kind: 'error'; readonly message: string };

/** To the sensor thread. */
export type SensorCommand = { readonly kind: 'taken' } | { readonly kind: 'stop' };
