import type { StateStore } from '@sphinx/platform';
import type { BaselineRow } from './baseline-library.ts';

/** Rows written with one statement. */
const ROWS_AT_ONCE = 200;

/** Tables of what is usual. */
export class BaselineStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async load(): Promise<readonly BaselineRow[]> {
    return this.#state.query<BaselineRow>('SELECT key, scope, kind, baseline FROM anomaly_detection.baseline');
  }

  async save(rows: readonly BaselineRow[], forgotten: readonly string[]): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      await this.#state.query(
        `INSERT INTO anomaly_detection.baseline (key, scope, kind, baseline)
         SELECT each->>'key', each->>'scope', each->>'kind', each->'baseline' FROM jsonb_array_elements($1::jsonb) AS each
         ON CONFLICT (scope, key) DO UPDATE SET kind = excluded.kind, baseline = excluded.baseline`,
        [JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE))],
      );
    }
    if (forgotten.length === 0) return;
    await this.#state.query(`DELETE FROM anomaly_detection.baseline WHERE scope = 'device' AND key = ANY($1)`, [
      forgotten,
    ]);
  }

  /** Something small that is learnt, by its name. */
  async saveNotes(name: string, notes: unknown): Promise<void> {
    await this.#state.query(
      `INSERT INTO anomaly_detection.notes (name, notes) VALUES ($1, $2::jsonb)
       ON CONFLICT (name) DO UPDATE SET notes = excluded.notes`,
      [name, JSON.stringify(notes)],
    );
  }

  async notes(name: string): Promise<unknown> {
    const [row] = await this.#state.query<{ notes: unknown }>(
      'SELECT notes FROM anomaly_detection.notes WHERE name = $1',
      [name],
    );
    return row?.notes;
  }
}
