import { cutPage, type Page, SphinxError, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { Run, RunState, Visit } from './run.ts';

/** Runs and the visits of their steps. Nothing is deleted: they are the record of what was done. */
export class RunStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @param make the run for its number */
  async add(id: string, make: (number: number) => Run, sql: SqlExecutor): Promise<Run> {
    const [row] = await sql.query<{ number: number }>(
      `INSERT INTO response_recovery.run (id, state, document) VALUES ($1, 'planned', '{}'::jsonb) RETURNING number`,
      [id],
    );
    const run = make(Number(row?.number));
    await this.save(run, sql);
    return run;
  }

  async save(run: Run, sql: SqlExecutor = this.#state): Promise<void> {
    await sql.query('UPDATE response_recovery.run SET state = $2, document = $3::jsonb WHERE id = $1', [
      run.id,
      run.state,
      JSON.stringify(run),
    ]);
  }

  /** Reads, changes and saves a run in one transaction. @throws SphinxError SPX_NOT_FOUND */
  async change(id: string, change: (run: Run) => Run, sql: SqlExecutor): Promise<Run> {
    const [row] = await sql.query<{ document: Run }>(
      'SELECT document FROM response_recovery.run WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no run "${id}".`);
    const changed = change(row.document);
    await this.save(changed, sql);
    return changed;
  }

  /** @param name id, or what people call it: RUN-12, 12 @throws SphinxError SPX_NOT_FOUND */
  async find(name: string): Promise<Run> {
    const number = /^(?:run-)?(\d{1,9})$/i.exec(name)?.[1];
    const [row] = await this.#state.query<{ document: Run }>(
      'SELECT document FROM response_recovery.run WHERE id = $1 OR number = $2::int',
      [name, number === undefined ? null : Number(number)],
    );
    if (row === undefined) {
      throw new SphinxError('SPX_NOT_FOUND', `There is no run "${name}". "sphinx response runs" lists them.`);
    }
    return row.document;
  }

  async inStates(states: readonly RunState[]): Promise<readonly Run[]> {
    const rows = await this.#state.query<{ document: Run }>(
      'SELECT document FROM response_recovery.run WHERE state = ANY($1::text[]) ORDER BY number',
      [states],
    );
    return rows.map(({ document }) => document);
  }

  /** Newest first. @param query.before number that ends the page, exclusive */
  async list(query: {
    readonly before?: number | undefined;
    readonly state?: string | undefined;
    readonly subject?: string | undefined;
    readonly limit: number;
  }): Promise<Page<Run>> {
    const rows = await this.#state.query<{ document: Run }>(
      `SELECT document FROM response_recovery.run
       WHERE ($1::int IS NULL OR number < $1) AND ($2::text IS NULL OR state = $2)
         AND ($3::text IS NULL OR document->'subject'->>'id' = $3 OR document->'subject'->>'name' = $3)
       ORDER BY number DESC LIMIT $4`,
      [query.before ?? null, query.state ?? null, query.subject ?? null, query.limit + 1],
    );
    return cutPage(
      rows.map(({ document }) => document),
      query.limit,
      ({ number }) => String(number),
    );
  }

  /** By path. */
  async visits(runId: string): Promise<readonly Visit[]> {
    const rows = await this.#state.query<{ document: Visit }>(
      'SELECT document FROM response_recovery.visit WHERE run_id = $1',
      [runId],
    );
    return rows.map(({ document }) => document).sort((a, b) => a.begunAt - b.begunAt || comparePaths(a.path, b.path));
  }

  async saveVisit(visit: Visit, sql: SqlExecutor = this.#state): Promise<void> {
    await sql.query(
      `INSERT INTO response_recovery.visit (run_id, path, document) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (run_id, path) DO UPDATE SET document = excluded.document`,
      [visit.runId, visit.path, JSON.stringify(visit)],
    );
  }
}

/** "9" before "10". */
function comparePaths(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
