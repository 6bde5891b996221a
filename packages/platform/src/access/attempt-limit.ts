import { SphinxError } from '../errors.ts';
import type { Clock } from '../service/service.ts';

/** OWASP Authentication Cheat Sheet: slow down guessing per account, without locking the owner out for long. */
const FREE_ATTEMPTS = 5;
const WINDOW_MS = 15 * 60_000;
const MAXIMUM_KEYS = 10_000;

/** Counts failed attempts per key, in memory: a restart forgives. */
export class AttemptLimit {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; lastAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws SphinxError SPX_TOO_MANY_REQUESTS with the time to wait */
  require(key: string): void {
    const entry = this.#failures.get(key);
    if (entry === undefined || entry.count < FREE_ATTEMPTS) return;
    const waitMs = Math.min(WINDOW_MS, 1000 * 2 ** (entry.count - FREE_ATTEMPTS + 1));
    const remainingMs = entry.lastAt + waitMs - this.#clock.now();
    if (remainingMs <= 0) return;
    const seconds = Math.ceil(remainingMs / 1000);
    throw new SphinxError('SPX_TOO_MANY_REQUESTS', `Too many attempts. Try again in ${seconds} s.`, {
      detail: { retryAfterSeconds: seconds },
    });
  }

  failed(key: string): void {
    const now = this.#clock.now();
    const entry = this.#failures.get(key);
    const count = entry === undefined || now - entry.lastAt > WINDOW_MS ? 1 : entry.count + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: now });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAXIMUM_KEYS && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
