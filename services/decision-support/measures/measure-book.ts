import type { Clock, Outbox, SqlExecutor, StateStore } from '@sphinx/platform';
import { createFact, type Fact, type MeasuresEvaluation } from '@sphinx/schema';
import type { Subject } from '../subjects/subject.ts';

const SERVICE = 'decision-support';
/** An answer that is older is asked for anew when somebody looks. */
const FRESH_MS = 15 * 60_000;
/** Of one subject it is not asked more often, answered or not. */
const LEAST_BETWEEN_MS = 60_000;
/** Subjects of which answers are kept. */
const MOST_KEPT = 1000;

/** What the service Risk assessment found by search, by subject; asks it for more. */
export class MeasureBook {
  readonly #state: StateStore;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #found = new Map<string, MeasuresEvaluation>();
  readonly #asked = new Map<string, number>();

  constructor(parts: { readonly state: StateStore; readonly outbox: Outbox; readonly clock: Clock }) {
    this.#state = parts.state;
    this.#outbox = parts.outbox;
    this.#clock = parts.clock;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ subject: string; evaluation: MeasuresEvaluation }>(
      'SELECT subject, evaluation FROM decision_support.measures',
    );
    for (const { subject, evaluation } of rows) this.#found.set(subject, evaluation);
  }

  of(subject: Subject): MeasuresEvaluation | undefined {
    return this.#found.get(subject.id);
  }

  /** Asks once more where nothing is known or what is known is old. */
  async want(subject: Subject): Promise<void> {
    const now = this.#clock.now();
    const known = this.#found.get(subject.id);
    if (known !== undefined && now - known.evaluatedAt < FRESH_MS) return;
    if (now - (this.#asked.get(subject.id) ?? Number.NEGATIVE_INFINITY) < LEAST_BETWEEN_MS) return;
    if (this.#asked.size >= MOST_KEPT) this.#asked.clear();
    this.#asked.set(subject.id, now);
    const data = {
      subject: { kind: subject.kind, id: subject.id },
      assetIds: subject.assets.map(({ id }) => id),
      isSample: subject.isSample,
    };
    const fact = createFact('measures.requested', { key: subject.id, time: now, source: SERVICE, data });
    await this.#state.transaction((sql) => this.#outbox.note([fact], sql));
    await this.#outbox.publish();
  }

  async take(facts: readonly Fact[]): Promise<void> {
    const told = facts.flatMap((fact) => (fact.type === 'measures.evaluated' ? [fact.data] : []));
    const gone = facts.flatMap((fact) => (fact.type === 'incident.closed' ? [fact.data.id] : []));
    if (told.length + gone.length === 0) return;
    await this.#state.transaction(async (sql) => {
      for (const evaluation of told) await save(evaluation, sql);
      await sql.query('DELETE FROM decision_support.measures WHERE subject = ANY($1::text[])', [gone]);
    });
    for (const evaluation of told) this.#found.set(evaluation.subject.id, evaluation);
    for (const id of gone) this.#found.delete(id);
    const [oldest] = this.#found.keys();
    if (this.#found.size > MOST_KEPT && oldest !== undefined) this.#found.delete(oldest);
  }
}

async function save(evaluation: MeasuresEvaluation, sql: SqlExecutor): Promise<void> {
  await sql.query(
    `INSERT INTO decision_support.measures (subject, evaluation) VALUES ($1, $2::jsonb)
     ON CONFLICT (subject) DO UPDATE SET evaluation = excluded.evaluation`,
    [evaluation.subject.id, JSON.stringify(evaluation)],
  );
}
