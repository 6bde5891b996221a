import type { StateStore } from '@sphinx/platform';
import type { Fact, RiskChange } from '@sphinx/schema';
import type { Subject } from './subject.ts';

/** What the risk service says of the assets of a subject: the likeliest of them stands for all. */
export interface SubjectRisk {
  readonly name: string;
  readonly probability: number;
  readonly horizonDays: number;
  readonly reason: string;
}

/** Risk of assets, as the service Risk assessment told it last. At hand in memory: every ranking asks it. */
export class RiskBook {
  readonly #state: StateStore;
  readonly #risks = new Map<string, RiskChange>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ id: string; risk: RiskChange }>(
      'SELECT id, risk FROM decision_support.risk',
    );
    for (const { id, risk } of rows) this.#risks.set(id, risk);
  }

  /** @returns whether something is different */
  async take(facts: readonly Fact[]): Promise<boolean> {
    const told = new Map<string, RiskChange | null>();
    for (const fact of facts) {
      if (fact.type === 'risk.changed' && fact.data.subject === 'asset') told.set(fact.data.id, fact.data);
      if (fact.type === 'asset.removed') told.set(fact.data.assetId, null);
      if (fact.type === 'asset.merged') told.set(fact.data.mergedAssetId, null);
    }
    if (told.size === 0) return false;
    const now = [...told].flatMap(([id, risk]) => (risk === null ? [] : [{ id, risk }]));
    const gone = [...told].flatMap(([id, risk]) => (risk === null ? [id] : []));
    await this.#state.transaction(async (sql) => {
      await sql.query('DELETE FROM decision_support.risk WHERE id = ANY($1::text[])', [gone]);
      await sql.query(
        `INSERT INTO decision_support.risk (id, risk)
         SELECT id, risk::jsonb FROM unnest($1::text[], $2::text[]) AS told (id, risk)
         ON CONFLICT (id) DO UPDATE SET risk = excluded.risk`,
        [now.map(({ id }) => id), now.map(({ risk }) => JSON.stringify(risk))],
      );
    });
    for (const id of gone) this.#risks.delete(id);
    for (const { id, risk } of now) this.#risks.set(id, risk);
    return now.length > 0;
  }

  /** @returns null where the risk service told nothing of any of its assets */
  of(subject: Subject): SubjectRisk | null {
    let most: RiskChange | undefined;
    for (const { id } of subject.assets) {
      const risk = this.#risks.get(id);
      if (risk !== undefined && risk.now.probability > (most?.now.probability ?? -1)) most = risk;
    }
    if (most === undefined) return null;
    const { name, now, horizonDays, reason } = most;
    return { name, probability: now.probability, horizonDays, reason };
  }
}
