import type { StateStore } from '@sphinx/platform';
import type { SetFiles } from './rule-sets/load-sets.ts';
import type { RuleSet } from './rule-sets/rule-set.ts';
import type { RuleUsage } from './sensor/finding.ts';
import type { RuleTuning } from './tuning/tuning.ts';

/** Use of one rule since it is there. */
export interface RuleUse {
  readonly hits: number;
  readonly lastHit: number | null;
  readonly looks: number;
  readonly milliseconds: number;
}

/** A set with what only the service needs of it. */
export interface StoredSet {
  readonly set: RuleSet;
  readonly publicKey: string | undefined;
}

/** A version of a set that was replaced. */
export interface PreviousVersion {
  readonly files: SetFiles['files'];
  readonly digest: string;
}

/** Tables of rule sets, tunings and use. */
export class RuleStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async sets(): Promise<readonly StoredSet[]> {
    const rows = await this.#state.query<{ rule_set: RuleSet; public_key: string | null }>(
      `SELECT rule_set, public_key FROM intrusion_detection.rule_set ORDER BY rule_set->>'title'`,
    );
    return rows.map((row) => ({ set: row.rule_set, publicKey: row.public_key ?? undefined }));
  }

  async filesOf(id: string): Promise<SetFiles['files']> {
    const [row] = await this.#state.query<{ files: SetFiles['files'] }>(
      'SELECT files FROM intrusion_detection.rule_set WHERE id = $1',
      [id],
    );
    return row?.files ?? [];
  }

  /** @param files other files, where it has some */
  async saveSet({ set, publicKey }: StoredSet, files?: SetFiles['files']): Promise<void> {
    await this.#state.query(
      `INSERT INTO intrusion_detection.rule_set (id, rule_set, public_key, files)
       VALUES ($1, $2::jsonb, $3, COALESCE($4::jsonb, '[]'::jsonb))
       ON CONFLICT (id) DO UPDATE SET rule_set = excluded.rule_set, public_key = excluded.public_key,
         files = COALESCE($4::jsonb, intrusion_detection.rule_set.files)`,
      [set.id, JSON.stringify(set), publicKey ?? null, files === undefined ? null : JSON.stringify(files)],
    );
  }

  /** What is there becomes the version before. */
  async keepPrevious(id: string): Promise<void> {
    await this.#state.query(
      `UPDATE intrusion_detection.rule_set
       SET previous = jsonb_build_object('files', files, 'digest', rule_set->>'digest') WHERE id = $1`,
      [id],
    );
  }

  async previousOf(id: string): Promise<PreviousVersion | undefined> {
    const [row] = await this.#state.query<{ previous: PreviousVersion | null }>(
      'SELECT previous FROM intrusion_detection.rule_set WHERE id = $1',
      [id],
    );
    return row?.previous ?? undefined;
  }

  async removeSet(id: string): Promise<void> {
    await this.#state.query('DELETE FROM intrusion_detection.rule_set WHERE id = $1', [id]);
  }

  async tunings(): Promise<readonly (readonly [string, RuleTuning])[]> {
    const rows = await this.#state.query<{ rule: string; tuning: RuleTuning }>(
      'SELECT rule, tuning FROM intrusion_detection.tuning ORDER BY rule',
    );
    return rows.map(({ rule, tuning }) => [rule, tuning]);
  }

  async saveTuning(rule: string, tuning: RuleTuning): Promise<void> {
    await this.#state.query(
      `INSERT INTO intrusion_detection.tuning (rule, tuning) VALUES ($1, $2::jsonb)
       ON CONFLICT (rule) DO UPDATE SET tuning = excluded.tuning`,
      [rule, JSON.stringify(tuning)],
    );
  }

  /** @param rule one only: `1:2019401`; all when absent */
  async usage(rule?: string): Promise<ReadonlyMap<string, RuleUse>> {
    const rows = await this.#state.query<{ rule: string } & RuleUse>(
      `SELECT rule, hits::int AS hits, last_hit::float8 AS "lastHit", looks::int AS looks, milliseconds
       FROM intrusion_detection.usage WHERE $1::text IS NULL OR rule = $1`,
      [rule ?? null],
    );
    return new Map(rows.map(({ rule: id, ...use }) => [id, use]));
  }

  async addUsage(usage: readonly RuleUsage[], now: number): Promise<void> {
    if (usage.length === 0) return;
    await this.#state.query(
      `INSERT INTO intrusion_detection.usage (rule, hits, last_hit, looks, milliseconds)
       SELECT rule, matches, CASE WHEN matches > 0 THEN $2::bigint END, looks, milliseconds
       FROM jsonb_to_recordset($1::jsonb) AS used (rule text, matches bigint, looks bigint, milliseconds float8)
       ON CONFLICT (rule) DO UPDATE SET hits = intrusion_detection.usage.hits + excluded.hits,
         last_hit = COALESCE(excluded.last_hit, intrusion_detection.usage.last_hit),
         looks = intrusion_detection.usage.looks + excluded.looks,
         milliseconds = intrusion_detection.usage.milliseconds + excluded.milliseconds`,
      [JSON.stringify(usage), now],
    );
  }
}
