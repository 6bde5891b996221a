import type { Clock } from '@sphinx/platform';

/** Looks again at least this often: a clock may be set. */
const LONGEST_SLEEP_MS = 30_000;

/** Wakes whoever waits for something to change or for a time to come; they look again themselves. */
export class Bell {
  readonly #clock: Clock;
  readonly #sleepers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something changed. */
  ring(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  /**
   * Resolves at the next ring, or when the time has come.
   *
   * @param until milliseconds since the Unix epoch; null: only a ring wakes
   * @throws the reason of the signal when it is aborted
   */
  wait(until: number | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const left = until === null ? LONGEST_SLEEP_MS : Math.max(0, until - this.#clock.now());
      const timer = setTimeout(() => wake(), Math.min(left, LONGEST_SLEEP_MS));
      const end = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', abort);
      };
      const wake = () => {
        end();
        resolve();
      };
      const abort = () => {
        end();
        reject(signal.reason);
      };
      this.#sleepers.add(wake);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
