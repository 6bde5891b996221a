import { cutPage, type Migration, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { Detection, Severity } from '@sphinx/schema';
import type { SetFiles } from './rule-sets/load-sets.ts';
import type { RejectedRule, RuleSet, RuleTuning } from './rule-sets/rule-set.ts';
import type { RuleUsage } from './sensor/finding.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-intrusion-detection',
    sql: `
      CREATE SCHEMA IF NOT EXISTS intrusion_detection;
      CREATE TABLE intrusion_detection.rule_set (
        id text PRIMARY KEY,
        rule_set jsonb NOT NULL,
        public_key text,
        files jsonb NOT NULL,
        rejected jsonb NOT NULL
      );
      CREATE TABLE intrusion_detection.tuning (rule text PRIMARY KEY, tuning jsonb NOT NULL);
      CREATE TABLE intrusion_detection.usage (
        rule text PRIMARY KEY,
        hits bigint NOT NULL,
        last_hit bigint,
        looks bigint NOT NULL,
        milliseconds float8 NOT NULL
      );
      CREATE TABLE intrusion_detection.detection (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        source text NOT NULL,
        rule text NOT NULL,
        severity text NOT NULL,
        source_ip text NOT NULL,
        destination_ip text NOT NULL,
        detection jsonb NOT NULL
      );
      CREATE INDEX detection_source ON intrusion_detection.detection (source);
      CREATE INDEX detection_rule ON intrusion_detection.detection (rule, sequence);
    `,
  },
];

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

/** Tables of rule sets, tunings, use and detections. */
export class DetectionStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
    return this.#state.transaction(work);
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

  async rejectedOf(id: string): Promise<readonly RejectedRule[] | undefined> {
    const [row] = await this.#state.query<{ rejected: RejectedRule[] }>(
      'SELECT rejected FROM intrusion_detection.rule_set WHERE id = $1',
      [id],
    );
    return row?.rejected;
  }

  async saveSet(
    { set, publicKey }: StoredSet,
    content?: { readonly files: SetFiles['files']; readonly rejected: readonly RejectedRule[] },
  ): Promise<void> {
    await this.#state.query(
      `INSERT INTO intrusion_detection.rule_set (id, rule_set, public_key, files, rejected)
       VALUES ($1, $2::jsonb, $3, COALESCE($4::jsonb, '[]'::jsonb), COALESCE($5::jsonb, '[]'::jsonb))
       ON CONFLICT (id) DO UPDATE SET rule_set = excluded.rule_set, public_key = excluded.public_key,
         files = COALESCE($4::jsonb, intrusion_detection.rule_set.files),
         rejected = COALESCE($5::jsonb, intrusion_detection.rule_set.rejected)`,
      [
        set.id,
        JSON.stringify(set),
        publicKey ?? null,
        content === undefined ? null : JSON.stringify(content.files),
        content === undefined ? null : JSON.stringify(content.rejected),
      ],
    );
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

  async usage(): Promise<ReadonlyMap<string, RuleUse>> {
    const rows = await this.#state.query<{ rule: string } & RuleUse>(
      `SELECT rule, hits::int AS hits, last_hit::float8 AS "lastHit", looks::int AS looks, milliseconds
       FROM intrusion_detection.usage`,
    );
    return new Map(rows.map(({ rule, ...use }) => [rule, use]));
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

  /** @returns those that were not there yet */
  async addDetections(detections: readonly Detection[]): Promise<readonly Detection[]> {
    const rows = await this.#state.query<{ id: string }>(
      `INSERT INTO intrusion_detection.detection (id, source, rule, severity, source_ip, destination_ip, detection)
       SELECT each->>'id', each->'packet'->>'source', (each->'rule'->>'gid') || ':' || (each->'rule'->>'sid'),
              each->>'severity', each->'source'->>'ip', each->'destination'->>'ip', each
       FROM jsonb_array_elements($1::jsonb) AS each
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [JSON.stringify(detections)],
    );
    const added = new Set(rows.map(({ id }) => id));
    return detections.filter(({ id }) => added.has(id));
  }

  /** Detections, the newest first. */
  async detections(query: {
    readonly limit: number;
    readonly before?: number;
    readonly rule?: string;
    readonly severity?: Severity;
    readonly address?: string;
  }): Promise<Page<Detection>> {
    const rows = await this.#state.query<{ sequence: number; detection: Detection }>(
      `SELECT sequence, detection FROM intrusion_detection.detection
       WHERE ($1::text IS NULL OR rule = $1) AND ($2::text IS NULL OR severity = $2)
         AND ($3::text IS NULL OR source_ip = $3 OR destination_ip = $3) AND ($4::bigint IS NULL OR sequence < $4)
       ORDER BY sequence DESC LIMIT $5`,
      [query.rule ?? null, query.severity ?? null, query.address ?? null, query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ detection }) => detection) };
  }

  async countBySeverity(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#state.query<{ severity: string; count: number }>(
      'SELECT severity, count(*)::int AS count FROM intrusion_detection.detection GROUP BY severity',
    );
    return Object.fromEntries(rows.map(({ severity, count }) => [severity, count]));
  }

  async removeSource(source: string): Promise<void> {
    await this.#state.query('DELETE FROM intrusion_detection.detection WHERE source = $1', [source]);
  }
}
