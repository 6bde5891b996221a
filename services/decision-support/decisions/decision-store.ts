import { cutPage, type Page, SphinxError, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { Outcome } from '../courses/learnt.ts';
import { DEFAULT_PROFILE, DecisionProfile } from '../ranking/weights.ts';

/** What was in the list when somebody chose. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly points: number;
}

/** What a person chose, and what came of it. */
export interface Decision {
  readonly id: number;
  readonly subject: string;
  readonly subjectKind: 'incident' | 'weakness';
  readonly subjectName: string;
  readonly subjectTitle: string;
  readonly course: string;
  readonly courseTitle: string;
  /** Place in the list, 1 for the first. */
  readonly place: number;
  readonly choices: readonly Choice[];
  /** Values of the playbook's variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly outcome: (Outcome & { readonly note: string; readonly by: string; readonly at: number }) | null;
}

interface Row {
  readonly id: number | string;
  readonly decision: Omit<Decision, 'id' | 'outcome'>;
  readonly outcome: Decision['outcome'];
}

/** Decisions, their outcomes, and what the hospital states for them. */
export class DecisionStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @param also what is done in the same transaction, given the number of the decision */
  async add(
    decision: Omit<Decision, 'id' | 'outcome'>,
    also: (id: number, sql: SqlExecutor) => Promise<void>,
  ): Promise<Decision> {
    return this.#state.transaction(async (sql) => {
      const [row] = await sql.query<{ id: number | string }>(
        `INSERT INTO decision_support.decision (subject, course, decision) VALUES ($1, $2, $3::jsonb) RETURNING id`,
        [decision.subject, decision.course, JSON.stringify(decision)],
      );
      const id = Number(row?.id);
      await also(id, sql);
      return { ...decision, id, outcome: null };
    });
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async setOutcome(id: number, outcome: NonNullable<Decision['outcome']>): Promise<Decision> {
    const rows = await this.#state.query<Row>(
      'UPDATE decision_support.decision SET outcome = $2::jsonb WHERE id = $1 RETURNING id, decision, outcome',
      [id, JSON.stringify(outcome)],
    );
    const row = rows[0];
    if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no decision ${id}.`);
    return decisionOf(row);
  }

  /** Newest first. @param before id to go on behind */
  async list({
    subject,
    before,
    limit,
  }: {
    subject?: string | undefined;
    before?: number | undefined;
    limit: number;
  }): Promise<Page<Decision>> {
    const rows = await this.#state.query<Row>(
      `SELECT id, decision, outcome FROM decision_support.decision
       WHERE ($1::text IS NULL OR subject = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [subject ?? null, before ?? null, limit + 1],
    );
    return cutPage(rows.map(decisionOf), limit, ({ id }) => String(id));
  }

  /** The last decision on each subject. */
  async latest(): Promise<ReadonlyMap<string, Decision>> {
    const rows = await this.#state.query<Row & { subject: string }>(
      `SELECT DISTINCT ON (subject) subject, id, decision, outcome FROM decision_support.decision ORDER BY subject, id DESC`,
    );
    return new Map(rows.map((row) => [row.subject, decisionOf(row)]));
  }

  /** What came of each course of action. */
  async outcomes(): Promise<ReadonlyMap<string, readonly Outcome[]>> {
    const rows = await this.#state.query<{ course: string; outcome: Outcome }>(
      'SELECT course, outcome FROM decision_support.decision WHERE outcome IS NOT NULL ORDER BY id',
    );
    const byCourse = Map.groupBy(rows, ({ course }) => course);
    return new Map([...byCourse].map(([course, there]) => [course, there.map(({ outcome }) => outcome)]));
  }

  /** What the hospital states now. @returns also whether there is something to go back to */
  async profile(): Promise<{ profile: DecisionProfile; by: string | null; at: number | null; version: number }> {
    const [row] = await this.#state.query<{
      version: number | string;
      profile: unknown;
      by: string;
      at: number | string;
    }>(
      'SELECT version, profile, changed_by AS by, changed_at AS at FROM decision_support.profile ORDER BY version DESC LIMIT 1',
    );
    if (row === undefined) return { profile: DEFAULT_PROFILE, by: null, at: null, version: 0 };
    return {
      profile: DecisionProfile.parse(row.profile),
      by: row.by,
      at: Number(row.at),
      version: Number(row.version),
    };
  }

  async saveProfile(profile: DecisionProfile, by: string, at: number): Promise<void> {
    await this.#state.query(
      'INSERT INTO decision_support.profile (profile, changed_by, changed_at) VALUES ($1::jsonb, $2, $3)',
      [JSON.stringify(profile), by, at],
    );
  }

  /** Goes back to what was stated before. @throws SphinxError SPX_CONFLICT when nothing was */
  async undoProfile(): Promise<void> {
    const gone = await this.#state.query<{ version: number }>(
      `DELETE FROM decision_support.profile WHERE version = (SELECT max(version) FROM decision_support.profile)
       RETURNING version`,
    );
    if (gone.length === 0)
      throw new SphinxError('SPX_CONFLICT', 'There is nothing to take back: the weights are as SPHINX brings them.');
  }
}

function decisionOf({ id, decision, outcome }: Row): Decision {
  return { ...decision, id: Number(id), outcome };
}
