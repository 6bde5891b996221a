import { cutPage, type Migration, type Page, type StateStore } from '@sphinx/platform';
import type { Alert } from '@sphinx/schema';

export const ALERT_MIGRATION: Migration = {
  id: '002-log-alerts',
  sql: `
    CREATE TABLE log_collection.alert (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      analytic text NOT NULL,
      severity text NOT NULL,
      alert jsonb NOT NULL
    );
    CREATE INDEX alert_analytic ON log_collection.alert (analytic);
    CREATE TABLE log_collection.rule_set (
      id text PRIMARY KEY,
      title text NOT NULL,
      is_enabled boolean NOT NULL,
      files jsonb NOT NULL,
      changed_at bigint NOT NULL
    );
    CREATE TABLE log_collection.rule_off (id text PRIMARY KEY);`,
};

/** Alerts that are kept; older ones go. */
const KEPT_ALERTS = 50_000;

export interface RuleFile {
  readonly name: string;
  readonly content: string;
}

/** A set of rules as it is kept. */
export interface StoredRuleSet {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly files: readonly RuleFile[];
  readonly changedAt: number;
}

export interface AlertQuery {
  readonly analytic?: string | undefined;
  readonly severity?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Alerts that logs raised, and the rules that raise them. */
export class AlertStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** The last that was told of an alert stands. */
  async save(alerts: readonly Alert[]): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const alert of alerts) {
        await sql.query(
          `INSERT INTO log_collection.alert (id, analytic, severity, alert) VALUES ($1, $2, $3, $4::jsonb)
           ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, alert = excluded.alert`,
          [alert.id, alert.analytic.id, alert.severity, JSON.stringify(alert)],
        );
      }
      await sql.query(
        `DELETE FROM log_collection.alert
         WHERE sequence <= (SELECT max(sequence) FROM log_collection.alert) - ${KEPT_ALERTS}`,
      );
    });
  }

  async list({ analytic, severity, before, limit }: AlertQuery): Promise<Page<Alert & { sequence: number }>> {
    const rows = await this.#state.query<{ sequence: number | string; alert: Alert }>(
      `SELECT sequence, alert FROM log_collection.alert
       WHERE ($1::text IS NULL OR analytic = $1) AND ($2::text IS NULL OR severity = $2)
         AND ($3::bigint IS NULL OR sequence < $3)
       ORDER BY sequence DESC LIMIT $4`,
      [analytic ?? null, severity ?? null, before ?? null, limit + 1],
    );
    const alerts = rows.map(({ sequence, alert }) => ({ ...alert, sequence: Number(sequence) }));
    return cutPage(alerts, limit, ({ sequence }) => String(sequence));
  }

  /** @returns alerts by analytic */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#state.query<{ analytic: string; count: number | string }>(
      'SELECT analytic, count(*) AS count FROM log_collection.alert GROUP BY analytic',
    );
    return new Map(rows.map(({ analytic, count }) => [analytic, Number(count)]));
  }

  async ruleSets(): Promise<readonly StoredRuleSet[]> {
    const rows = await this.#state.query<StoredRuleSet>(
      `SELECT id, title, is_enabled AS "isEnabled", files, changed_at AS "changedAt"
       FROM log_collection.rule_set ORDER BY changed_at, id`,
    );
    return rows.map((row) => ({ ...row, changedAt: Number(row.changedAt) }));
  }

  async saveRuleSet({ id, title, isEnabled, files, changedAt }: StoredRuleSet): Promise<void> {
    await this.#state.query(
      `INSERT INTO log_collection.rule_set (id, title, is_enabled, files, changed_at)
       VALUES ($1, $2, $3, $4::jsonb, $5)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, is_enabled = excluded.is_enabled,
         files = excluded.files, changed_at = excluded.changed_at`,
      [id, title, isEnabled, JSON.stringify(files), changedAt],
    );
  }

  async removeRuleSet(id: string): Promise<void> {
    await this.#state.query('DELETE FROM log_collection.rule_set WHERE id = $1', [id]);
  }

  /** @returns ids of the rules that are off */
  async rulesOff(): Promise<ReadonlySet<string>> {
    const rows = await this.#state.query<{ id: string }>('SELECT id FROM log_collection.rule_off');
    return new Set(rows.map(({ id }) => id));
  }

  async switchRule(id: string, isEnabled: boolean): Promise<void> {
    if (isEnabled) await this.#state.query('DELETE FROM log_collection.rule_off WHERE id = $1', [id]);
    else await this.#state.query('INSERT INTO log_collection.rule_off (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
  }
}
