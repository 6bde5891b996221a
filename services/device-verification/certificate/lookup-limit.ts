import { type Clock, SphinxError } from '@sphinx/platform';

/** Looks at the public page per second in the long run, and at once. A hundred bits of code need no more protection. */
const PER_SECOND = 5;
const AT_ONCE = 60;

/** Token bucket over all who look: whoever guesses codes gets nowhere, and loads nothing. */
export class LookupLimit {
  readonly #clock: Clock;
  #tokens = AT_ONCE;
  #filledAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  /** @throws SphinxError SPX_TOO_MANY_REQUESTS with the time to wait */
  take(): void {
    const now = this.#clock.now();
    this.#tokens = Math.min(AT_ONCE, this.#tokens + (Math.max(0, now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      throw new SphinxError(
        'SPX_TOO_MANY_REQUESTS',
        'Too many look at certificates at this moment. Try again in 1 s.',
        {
          detail: { retryAfterSeconds: 1 },
        },
      );
    }
    this.#tokens -= 1;
  }
}
