import type { SqlExecutor, StateStore } from '@sphinx/platform';

/** What belongs to a run and has a state. */
interface RunDocument {
  readonly id: string;
  readonly runId: string;
  readonly state: string;
}

/** A table of documents of runs: actions, tasks or approvals. */
export class Documents<Doc extends RunDocument> {
  readonly #state: StateStore;
  readonly #table: string;

  /** @param table name of a table that `documentTable` of the migrations made */
  constructor(state: StateStore, table: 'action' | 'task' | 'approval') {
    this.#state = state;
    this.#table = `response_recovery.${table}`;
  }

  async get(id: string): Promise<Doc | undefined> {
    const [doc] = await this.#read('WHERE id = $1', [id]);
    return doc;
  }

  /** In the order in which they came. */
  ofRun(runId: string): Promise<readonly Doc[]> {
    return this.#read('WHERE run_id = $1 ORDER BY place', [runId]);
  }

  /** In the order in which they came. */
  inStates(states: readonly Doc['state'][]): Promise<readonly Doc[]> {
    return this.#read('WHERE state = ANY($1::text[]) ORDER BY place', [states]);
  }

  async save(doc: Doc, sql: SqlExecutor = this.#state): Promise<void> {
    await sql.query(
      `INSERT INTO ${this.#table} (id, run_id, state, document) VALUES ($1, $2, $3, $4::jsonb)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, document = excluded.document`,
      [doc.id, doc.runId, doc.state, JSON.stringify(doc)],
    );
  }

  async #read(where: string, values: readonly (string | readonly string[])[]): Promise<readonly Doc[]> {
    const rows = await this.#state.query<{ document: Doc }>(`SELECT document FROM ${this.#table} ${where}`, values);
    return rows.map(({ document }) => document);
  }
}
