/** A smaller capture is read before further threads have started. */
const SMALLEST_SPLIT_BYTES = 32_000_000;
const MOST_BY_ITSELF = 8;

/** What the number of workers of a source depends on. */
export interface WorkerConditions {
  /** As the setting says; 0 leaves it to the machine. */
  readonly wanted: number;
  /** Of the machine, as far as this program may use them. */
  readonly cores: number;
  /** Size of the file that is read; absent for a live source. */
  readonly fileBytes: number | undefined;
}

/**
 * Between how many threads the packets of a source are split. By itself: one per core for large captures, one less for
 * live traffic, which goes on for good beside everything else; none where that leaves no more than one.
 *
 * @returns at least 2, or 1 where one thread looks at everything
 */
export function workerCount({ wanted, cores, fileBytes }: WorkerConditions): number {
  if (wanted > 0) return wanted;
  if (fileBytes === undefined) return Math.max(1, Math.min(cores - 1, MOST_BY_ITSELF));
  return fileBytes < SMALLEST_SPLIT_BYTES ? 1 : Math.max(1, Math.min(cores, MOST_BY_ITSELF));
}
