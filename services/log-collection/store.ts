import type { Migration, SqlExecutor, StateStore } from '@sphinx/platform';
import type { SourceDelta } from './intake/log-intake.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-log-collection',
    sql: `
      CREATE SCHEMA IF NOT EXISTS log_collection;
      CREATE TABLE log_collection.source (
        id text PRIMARY KEY,
        format text NOT NULL,
        first_seen bigint NOT NULL,
        last_seen bigint NOT NULL,
        events bigint NOT NULL,
        unparsed bigint NOT NULL,
        dropped bigint NOT NULL,
        truncated bigint NOT NULL
      );
      CREATE TABLE log_collection.format (
        id text PRIMARY KEY,
        definition jsonb NOT NULL,
        changed_at bigint NOT NULL
      );
      CREATE TABLE log_collection.search (
        id text PRIMARY KEY,
        title text NOT NULL,
        query text NOT NULL,
        schedule jsonb,
        created_at bigint NOT NULL,
        last_run_at bigint,
        last_count bigint
      );
      CREATE TABLE log_collection.retention (
        kind text PRIMARY KEY,
        days int NOT NULL
      );`,
  },
];

/** A sender of logs with what came from it. */
export interface LogSource {
  readonly id: string;
  readonly format: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly events: number;
  readonly unparsed: number;
  readonly dropped: number;
  readonly truncated: number;
}

/** The tables of log collection. */
export class LogStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async addCounts(deltas: ReadonlyMap<string, SourceDelta>, nowMs: number): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const [id, delta] of deltas) await addCount(sql, id, delta, nowMs);
    });
  }

  async sources(): Promise<readonly LogSource[]> {
    const rows = await this.#state.query<LogSource>(
      `SELECT id, format, first_seen AS "firstSeen", last_seen AS "lastSeen", events, unparsed, dropped, truncated
       FROM log_collection.source ORDER BY last_seen DESC, id`,
    );
    return rows.map((row) => ({
      ...row,
      firstSeen: Number(row.firstSeen),
      lastSeen: Number(row.lastSeen),
      events: Number(row.events),
      unparsed: Number(row.unparsed),
      dropped: Number(row.dropped),
      truncated: Number(row.truncated),
    }));
  }

  /** @returns days by kind, where a kind has its own */
  async retention(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#state.query<{ kind: string; days: number }>(
      'SELECT kind, days FROM log_collection.retention',
    );
    return new Map(rows.map(({ kind, days }) => [kind, days]));
  }

  async keep(kind: string, days: number | null): Promise<void> {
    if (days === null) {
      await this.#state.query('DELETE FROM log_collection.retention WHERE kind = $1', [kind]);
      return;
    }
    await this.#state.query(
      `INSERT INTO log_collection.retention (kind, days) VALUES ($1, $2)
       ON CONFLICT (kind) DO UPDATE SET days = excluded.days`,
      [kind, days],
    );
  }

  /** @returns the formats of this site as they were saved */
  async formats(): Promise<readonly unknown[]> {
    const rows = await this.#state.query<{ definition: unknown }>(
      'SELECT definition FROM log_collection.format ORDER BY id',
    );
    return rows.map(({ definition }) => definition);
  }

  async saveFormat(id: string, definition: object, nowMs: number): Promise<void> {
    await this.#state.query(
      `INSERT INTO log_collection.format (id, definition, changed_at) VALUES ($1, $2::jsonb, $3)
       ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, changed_at = excluded.changed_at`,
      [id, JSON.stringify(definition), nowMs],
    );
  }

  /** @returns whether it was there */
  async removeFormat(id: string): Promise<boolean> {
    const rows = await this.#state.query('DELETE FROM log_collection.format WHERE id = $1 RETURNING id', [id]);
    return rows.length > 0;
  }
}

async function addCount(sql: SqlExecutor, id: string, delta: SourceDelta, nowMs: number): Promise<void> {
  const seen = delta.lastSeen === 0 ? nowMs : delta.lastSeen;
  await sql.query(
    `INSERT INTO log_collection.source AS s (id, format, first_seen, last_seen, events, unparsed, dropped, truncated)
     VALUES ($1, $2, $3, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET
       format = CASE WHEN excluded.format = '' THEN s.format ELSE excluded.format END,
       last_seen = greatest(s.last_seen, excluded.last_seen),
       events = s.events + excluded.events, unparsed = s.unparsed + excluded.unparsed,
       dropped = s.dropped + excluded.dropped, truncated = s.truncated + excluded.truncated`,
    [id, delta.format, seen, delta.events, delta.unparsed, delta.dropped, delta.truncated],
  );
}
