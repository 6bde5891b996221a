import { createHash } from 'node:crypto';
import type { Clock, Outbox, StateStore } from '@sphinx/platform';
import { type CareAreaState, createFact } from '@sphinx/schema';
import type { CareDesk } from './care-desk.ts';
import { careStates } from './care-states.ts';

/** The map changes with every device that is found; whoever prints it needs it by the minute at most. */
const LEAST_BETWEEN_MS = 10_000;

/** Tells the house (`care.changed`) what care areas do for patients and what that needs, each when it is another than before. */
export class CareTeller {
  readonly #parts: {
    readonly care: CareDesk;
    readonly outbox: Outbox;
    readonly state: StateStore;
    readonly clock: Clock;
  };
  #told = new Map<string, string>();
  #isPending = true;
  #notBefore = 0;
  #telling: Promise<void> | undefined;

  constructor(parts: {
    readonly care: CareDesk;
    readonly outbox: Outbox;
    readonly state: StateStore;
    readonly clock: Clock;
  }) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const rows = await this.#parts.state.query<{ area: string; digest: string }>(
      'SELECT area, digest FROM risk_assessment.told_care',
    );
    this.#told = new Map(rows.map(({ area, digest }) => [area, digest]));
  }

  /** The map may be another. */
  mark(): void {
    this.#isPending = true;
  }

  /** Called about once a second. */
  async turn(): Promise<void> {
    if (!this.#isPending || this.#telling !== undefined || performance.now() < this.#notBefore) return;
    this.#isPending = false;
    this.#notBefore = performance.now() + LEAST_BETWEEN_MS;
    this.#telling = this.#tell().finally(() => {
      this.#telling = undefined;
    });
    await this.#telling;
  }

  async stop(): Promise<void> {
    await this.#telling?.catch(() => undefined);
  }

  async #tell(): Promise<void> {
    const { care, outbox, state, clock } = this.#parts;
    const now = careStates(care.map());
    const there = new Set(now.map(({ area }) => area));
    const gone = [...this.#told.keys()].filter((area) => !there.has(area));
    const all: readonly CareAreaState[] = [
      ...now,
      ...gone.map((area) => ({ area, beds: null, services: [], isSample: false })),
    ];
    const changed = all
      .map((each) => ({ each, digest: createHash('sha256').update(JSON.stringify(each)).digest('base64url') }))
      .filter(({ each, digest }) => this.#told.get(each.area) !== digest);
    if (changed.length === 0) return;
    const time = clock.now();
    await state.transaction(async (sql) => {
      for (const { each, digest } of changed) {
        await sql.query(
          `INSERT INTO risk_assessment.told_care (area, digest) VALUES ($1, $2)
           ON CONFLICT (area) DO UPDATE SET digest = excluded.digest`,
          [each.area, digest],
        );
      }
      const facts = changed.map(({ each }) =>
        createFact('care.changed', { key: each.area || 'no care area', time, source: 'risk-assessment', data: each }),
      );
      await outbox.note(facts, sql);
    });
    for (const { each, digest } of changed) this.#told.set(each.area, digest);
    await outbox.publish();
  }
}
