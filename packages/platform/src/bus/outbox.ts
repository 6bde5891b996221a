import type { Fact } from '@sphinx/schema';
import type { SqlExecutor, StateStore } from '../state-store/state-store.ts';
import type { Bus } from './bus.ts';

const FACTS_PER_PUBLICATION = 500;

/**
 * Facts that tell a change are noted in the transaction that stores it, and published from there. A crash in between
 * leaves neither a change that nobody hears of nor news of a change that was never made (Richardson, "Transactional
 * outbox").
 *
 * Its table is made by a migration of the service: `CREATE TABLE <schema>.outbox (sequence bigint GENERATED ALWAYS AS
 * IDENTITY PRIMARY KEY, fact text NOT NULL)`.
 */
export class Outbox {
  readonly #state: StateStore;
  readonly #bus: Bus;
  readonly #table: string;
  #publishing: Promise<void> = Promise.resolve();

  /** @param options.schema SQL schema of the service */
  constructor(options: { state: StateStore; bus: Bus; schema: string }) {
    this.#state = options.state;
    this.#bus = options.bus;
    this.#table = `${options.schema}.outbox`;
  }

  /** @param sql executor of the transaction that stores what the facts tell */
  async note(facts: readonly Fact[], sql: SqlExecutor): Promise<void> {
    if (facts.length === 0) return;
    await sql.query(
      `INSERT INTO ${this.#table} (fact)
       SELECT fact FROM unnest($1::text[]) WITH ORDINALITY AS noted (fact, position) ORDER BY position`,
      [facts.map((fact) => JSON.stringify(fact))],
    );
  }

  /** Publishes what was noted, in its order. Safe to repeat: the bus takes a known id once. */
  publish(): Promise<void> {
    const published = this.#publishing.then(() => this.#publishAll());
    this.#publishing = published.catch(() => undefined);
    return published;
  }

  async #publishAll(): Promise<void> {
    for (;;) {
      const noted = await this.#state.query<{ sequence: number | string; fact: string }>(
        `SELECT sequence, fact FROM ${this.#table} ORDER BY sequence LIMIT ${FACTS_PER_PUBLICATION}`,
      );
      const last = noted.at(-1);
      if (last === undefined) return;
      await this.#bus.publish(noted.map(({ fact }) => JSON.parse(fact) as Fact));
      await this.#state.query(`DELETE FROM ${this.#table} WHERE sequence <= $1`, [last.sequence]);
    }
  }
}
