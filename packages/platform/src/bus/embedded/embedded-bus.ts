import type { Fact, FactType } from '@sphinx/schema';
import { SphinxError } from '../../errors.ts';
import type { Clock, Logger } from '../../service/service.ts';
import type { StateStore } from '../../state-store/state-store.ts';
import type { Bus, DeadLetter, FactQuery, StoredFact, Subscription, SubscriptionOptions } from '../bus.ts';
import { Consumer } from './consumer.ts';
import {
  appendFacts,
  BUS_MIGRATIONS,
  pruneFacts,
  readDeadLetters,
  readFacts,
  readHead,
  readPosition,
  savePosition,
  validateFact,
} from './fact-log.ts';

/** Facts written in one statement at most; more would hold up readers. */
const MAXIMUM_COMMIT = 2000;

interface PendingPublication {
  readonly facts: readonly Fact[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A bus inside the process whose log is a table of the state store. Publications that arrive while one is being written
 * are written together (group commit): a fact costs a commit of its own only when nobody else publishes.
 */
export async function openStateStoreBus(options: { state: StateStore; clock: Clock; logger: Logger }): Promise<Bus> {
  await options.state.migrate('bus', BUS_MIGRATIONS);
  return new EmbeddedBus(options, await readHead(options.state));
}

class EmbeddedBus implements Bus {
  readonly #options: { state: StateStore; clock: Clock; logger: Logger };
  readonly #consumers = new Map<string, Consumer>();
  /** Names being subscribed, so that two calls at once cannot both succeed. */
  readonly #subscribing = new Set<string>();
  #pending: PendingPublication[] = [];
  #isWriting = false;
  #isClosed = false;
  #head: number;
  #waiters: (() => void)[] = [];

  constructor(options: { state: StateStore; clock: Clock; logger: Logger }, head: number) {
    this.#options = options;
    this.#head = head;
  }

  async publish(facts: readonly Fact[]): Promise<void> {
    this.#requireOpen();
    for (const fact of facts) validateFact(fact);
    if (facts.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#pending.push({ facts, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async subscribe<T extends FactType>(
    options: SubscriptionOptions<T>,
    handler: (facts: readonly Fact<T>[]) => Promise<void>,
  ): Promise<Subscription> {
    const { consumer } = options;
    this.#requireOpen();
    if (this.#consumers.has(consumer) || this.#subscribing.has(consumer)) {
      throw new SphinxError('SPX_CONFLICT', `${consumer} is subscribed already.`);
    }
    this.#subscribing.add(consumer);
    try {
      return this.#start(options, handler, await this.#startPosition(options));
    } finally {
      this.#subscribing.delete(consumer);
    }
  }

  async #startPosition({ consumer, from }: Pick<SubscriptionOptions<FactType>, 'consumer' | 'from'>): Promise<number> {
    const { state } = this.#options;
    const known = await readPosition(state, consumer);
    if (known !== undefined) return known;
    const position = from === 'now' ? this.#head : 0;
    await savePosition(state, consumer, position);
    return position;
  }

  #start<T extends FactType>(
    options: SubscriptionOptions<T>,
    handler: (facts: readonly Fact<T>[]) => Promise<void>,
    position: number,
  ): Subscription {
    const { consumer } = options;
    this.#requireOpen();
    const created = new Consumer(
      {
        ...this.#options,
        consumer,
        types: options.types,
        batchSize: options.batchSize,
        maximumAttempts: options.maximumAttempts,
        handler: (facts) => handler(facts as readonly Fact<T>[]),
        onIdle: () => this.#notifyWaiters(),
      },
      position,
      this.#head,
    );
    this.#consumers.set(consumer, created);
    created.wake(this.#head);
    return {
      consumer,
      lag: () => created.lag(),
      stop: async () => {
        await created.stop();
        if (this.#consumers.get(consumer) === created) this.#consumers.delete(consumer);
      },
    };
  }

  read(query: FactQuery): Promise<readonly StoredFact[]> {
    return readFacts(this.#options.state, query);
  }

  async drained(): Promise<void> {
    while (this.#isWriting || [...this.#consumers.values()].some((consumer) => !consumer.isIdle)) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  lags(): Promise<readonly { consumer: string; lag: number }[]> {
    const consumers = [...this.#consumers];
    return Promise.all(consumers.map(async ([consumer, running]) => ({ consumer, lag: await running.lag() })));
  }

  deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    return readDeadLetters(this.#options.state, limit);
  }

  async prune(beforeMs: number): Promise<number> {
    for (const consumer of this.#consumers.values()) await consumer.savePosition();
    return pruneFacts(this.#options.state, beforeMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    while (this.#isWriting) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#pending.length > 0) {
      await this.#writeGroup(this.#takeGroup());
    }
    this.#isWriting = false;
    this.#notifyWaiters();
  }

  async #writeGroup(group: readonly PendingPublication[]): Promise<void> {
    try {
      await appendFacts(
        this.#options.state,
        group.flatMap(({ facts }) => facts),
      );
      this.#head = await readHead(this.#options.state);
    } catch (error) {
      // What one publisher sends must not fail what others send: each is tried by itself before it is refused.
      const [only, ...others] = group;
      if (others.length === 0) only?.reject(error);
      else for (const publication of group) await this.#writeGroup([publication]);
      return;
    }
    for (const { resolve } of group) resolve();
    for (const consumer of this.#consumers.values()) consumer.wake(this.#head);
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new SphinxError('SPX_UNAVAILABLE', 'The bus is closed.');
  }

  #takeGroup(): PendingPublication[] {
    const group: PendingPublication[] = [];
    let count = 0;
    while (this.#pending.length > 0) {
      const [next] = this.#pending;
      if (next === undefined || (group.length > 0 && count + next.facts.length > MAXIMUM_COMMIT)) break;
      group.push(next);
      count += next.facts.length;
      this.#pending.shift();
    }
    return group;
  }

  #notifyWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
