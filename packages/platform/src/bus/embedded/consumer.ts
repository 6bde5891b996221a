import { setTimeout as delay } from 'node:timers/promises';
import type { Fact } from '@sphinx/schema';
import type { Clock, Logger } from '../../service/service.ts';
import type { StateStore } from '../../state-store/state-store.ts';
import type { StoredFact, Subscription } from '../bus.ts';
import { readFacts, saveDeadLetter, savePosition } from './fact-log.ts';

const DEFAULT_BATCH_SIZE = 100;
const DEFAULT_MAXIMUM_ATTEMPTS = 5;
const INITIAL_BACK_OFF_MS = 50;

export interface ConsumerOptions {
  readonly consumer: string;
  readonly types: readonly Fact['type'][];
  readonly batchSize?: number | undefined;
  readonly maximumAttempts?: number | undefined;
  readonly handler: (facts: readonly Fact[]) => Promise<void>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onIdle: () => void;
}

/**
 * Reads the log for one subscriber, in order. A batch that its handler refuses is handed over again fact by fact, so that
 * one bad fact holds up the others for a bounded time only and then goes to the dead letters.
 */
export class Consumer implements Subscription {
  readonly consumer: string;
  readonly #options: ConsumerOptions;
  #position: number;
  #savedPosition: number;
  #head: number;
  #isStopped = false;
  #isWorking = false;
  #work: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(options: ConsumerOptions, position: number, head: number) {
    this.consumer = options.consumer;
    this.#options = options;
    this.#position = position;
    this.#savedPosition = position;
    this.#head = head;
  }

  /** Everything up to this sequence is in the log. */
  wake(head: number): void {
    this.#head = Math.max(this.#head, head);
    if (this.#isWorking || this.#isStopped) return;
    this.#isWorking = true;
    this.#work = this.#run();
  }

  get isIdle(): boolean {
    return this.#isStopped || (!this.#isWorking && this.#position >= this.#head);
  }

  async lag(): Promise<number> {
    const [row] = await this.#options.state.query<{ lag: number | string }>(
      'SELECT count(*) AS lag FROM platform.fact WHERE sequence > $1 AND type = ANY($2::text[])',
      [this.#position, [...this.#options.types]],
    );
    return Number(row?.lag ?? 0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#abort.abort();
    await this.#work;
    await this.savePosition();
    this.#options.onIdle();
  }

  /** Writes down how far it is, which facts of other types alone do not make it do. */
  async savePosition(): Promise<void> {
    const position = this.#position;
    if (position === this.#savedPosition) return;
    await savePosition(this.#options.state, this.consumer, position);
    this.#savedPosition = position;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopped && this.#position < this.#head) await this.#step();
    } catch (error) {
      // The log itself cannot be read or written: nothing is lost, the next wake-up tries again.
      this.#options.logger.error('A consumer could not reach the log', {
        consumer: this.consumer,
        error: String(error),
      });
      await this.#wait(1000);
    } finally {
      this.#isWorking = false;
    }
    if (!this.#isStopped && this.#position < this.#head) this.wake(this.#head);
    else this.#options.onIdle();
  }

  async #step(): Promise<void> {
    const { state, types } = this.#options;
    const limit = this.#options.batchSize ?? DEFAULT_BATCH_SIZE;
    const head = this.#head;
    const batch = await readFacts(state, { afterSequence: this.#position, types, limit });
    const isHandled = await this.#deliver(batch);
    if (!isHandled) return;
    const last = batch.at(-1);
    this.#position = batch.length < limit || last === undefined ? Math.max(head, last?.sequence ?? 0) : last.sequence;
    if (batch.length > 0) await this.savePosition();
  }

  /** @returns false when it was stopped before all facts were handled */
  async #deliver(batch: readonly StoredFact[]): Promise<boolean> {
    if (batch.length === 0) return true;
    try {
      await this.#options.handler(batch.map(({ fact }) => fact));
      return true;
    } catch (error) {
      this.#options.logger.warn('A batch was refused; its facts are handed over one by one', {
        consumer: this.consumer,
        facts: batch.length,
        error: describe(error),
      });
      // A fact that came alone was refused itself; of several, nobody knows which one it was.
      const refusals = batch.length === 1 ? [error] : [];
      for (const stored of batch) {
        if (!(await this.#deliverAlone(stored, refusals))) return false;
      }
      return true;
    }
  }

  async #deliverAlone({ fact, sequence }: StoredFact, refusals: readonly unknown[]): Promise<boolean> {
    const maximumAttempts = this.#options.maximumAttempts ?? DEFAULT_MAXIMUM_ATTEMPTS;
    let attempts = refusals.length;
    let refusal = refusals.at(-1);
    for (let isHandled = false; !isHandled; ) {
      if (attempts >= maximumAttempts) {
        await this.#bury(fact, attempts, refusal);
        break;
      }
      if (attempts > 0) await this.#wait(INITIAL_BACK_OFF_MS * 2 ** (attempts - 1));
      if (this.#isStopped) return false;
      try {
        await this.#options.handler([fact]);
        isHandled = true;
      } catch (error) {
        refusal = error;
        attempts++;
      }
    }
    this.#position = sequence;
    await this.savePosition();
    return true;
  }

  async #wait(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }

  async #bury(fact: Fact, attempts: number, error: unknown): Promise<void> {
    const { state, clock, logger } = this.#options;
    logger.error('A fact goes to the dead letters', { consumer: this.consumer, fact: fact.id, error: describe(error) });
    await saveDeadLetter(state, { consumer: this.consumer, fact, error: describe(error), attempts, time: clock.now() });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
