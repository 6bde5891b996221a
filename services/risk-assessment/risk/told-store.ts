import type { SqlExecutor, StateStore } from '@sphinx/platform';
import type { RiskFigures } from '@sphinx/schema';

/** What was told of the risk of each asset and clinical service last. */
export class ToldStore {
  readonly #state: StateStore;
  readonly #told = new Map<string, RiskFigures>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ id: string; figures: RiskFigures }>(
      'SELECT id, figures FROM risk_assessment.told',
    );
    for (const { id, figures } of rows) this.#told.set(id, figures);
  }

  get(id: string): RiskFigures | undefined {
    return this.#told.get(id);
  }

  /** @param sql executor of the transaction that notes the facts */
  async save(told: readonly { readonly id: string; readonly figures: RiskFigures }[], sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO risk_assessment.told (id, figures)
       SELECT id, figures::jsonb FROM unnest($1::text[], $2::text[]) AS now (id, figures)
       ON CONFLICT (id) DO UPDATE SET figures = excluded.figures`,
      [told.map(({ id }) => id), told.map(({ figures }) => JSON.stringify(figures))],
    );
  }

  /** After `save`, when its transaction is through. */
  keep(told: readonly { readonly id: string; readonly figures: RiskFigures }[]): void {
    for (const { id, figures } of told) this.#told.set(id, figures);
  }

  async forget(ids: readonly string[]): Promise<void> {
    const known = ids.filter((id) => this.#told.has(id));
    if (known.length === 0) return;
    await this.#state.query('DELETE FROM risk_assessment.told WHERE id = ANY($1::text[])', [known]);
    for (const id of known) this.#told.delete(id);
  }
}
