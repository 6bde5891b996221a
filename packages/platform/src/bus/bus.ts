import type { Fact, FactType } from '@sphinx/schema';

/**
 * The durable road for facts. An implementation keeps three promises, proved by `bus.contract.ts`:
 * a published fact survives `kill -9`; facts of one key arrive in the order of publication;
 * every subscriber gets every fact at least once, and a fact with a known id is accepted once.
 */
export interface Bus {
  /**
   * Resolves when every fact is durable, all or none. Facts whose id is already known are ignored.
   * @throws SphinxError SPX_INVALID_INPUT when one is not what its type promises, SPX_UNAVAILABLE when closed
   */
  publish(facts: readonly Fact[]): Promise<void>;
  /**
   * @param consumer name under which the position is kept across restarts
   * Facts handled before `stop` resolves are not handed over again.
   *
   * @param handler a rejection is retried with back-off; after `maximumAttempts` the fact goes to the dead letters
   */
  subscribe<T extends FactType>(
    options: SubscriptionOptions<T>,
    handler: (facts: readonly Fact<T>[]) => Promise<void>,
  ): Promise<Subscription>;
  /** Reads the log from the oldest kept fact on, for replays and the API. */
  read(query: FactQuery): Promise<readonly StoredFact[]>;
  /** Resolves when every subscriber has handled every fact published so far, and those that they published meanwhile. */
  drained(): Promise<void>;
  /** Every consumer that is subscribed now, with the facts that it has not handled yet. */
  lags(): Promise<readonly { readonly consumer: string; readonly lag: number }[]>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Removes facts older than a time (milliseconds since the epoch) that every consumer has handled. @returns how many */
  prune(beforeMs: number): Promise<number>;
  close(): Promise<void>;
}

export interface SubscriptionOptions<T extends FactType> {
  readonly consumer: string;
  readonly types: readonly T[];
  /** Where a consumer that was never seen starts. */
  readonly from: 'beginning' | 'now';
  /** Facts handed over in one call, in order. Default 100. */
  readonly batchSize?: number;
  readonly maximumAttempts?: number;
}

export interface Subscription {
  readonly consumer: string;
  /** Facts published and not yet handled. */
  lag(): Promise<number>;
  stop(): Promise<void>;
}

export interface StoredFact {
  readonly sequence: number;
  readonly fact: Fact;
}

export interface FactQuery {
  /** Leaves this sequence out and goes on from it, in the direction of `order`. */
  readonly afterSequence?: number;
  readonly types?: readonly FactType[];
  readonly key?: string;
  readonly limit: number;
  readonly order?: 'oldest-first' | 'newest-first';
}

export interface DeadLetter {
  readonly consumer: string;
  readonly fact: Fact;
  readonly error: string;
  readonly attempts: number;
  readonly time: number;
}
