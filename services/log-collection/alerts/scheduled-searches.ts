import { randomUUID } from 'node:crypto';
import type { LogFormat } from '@sphinx/logs';
import { SphinxError, type StateStore } from '@sphinx/platform';
import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { LogSearch } from '../search/log-search.ts';
import { maskRow } from '../search/mask.ts';
import type { AlertDesk } from './alert-desk.ts';
import { evidenceOf, subjectsOf } from './describe-event.ts';

const MILLISECONDS_PER_MINUTE = 60_000;
/** Events that are told with an alert. */
const EXAMPLES = 5;
const SOURCE_TITLE = 'Saved searches';

/** When a saved search is asked by itself, and when that is an alert. */
export const SearchSchedule = z
  .object({
    everyMinutes: z.int().min(1).max(1440),
    windowMinutes: z.int().min(1).max(10_080).meta({ description: 'Events of so many minutes are counted' }),
    threshold: z.int().min(1).max(1_000_000_000).meta({ description: 'So many events are an alert' }),
    severity: Severity,
  })
  .meta({ id: 'LogSearchSchedule' });

export const SavedSearch = z
  .object({
    id: z.string(),
    title: z.string(),
    query: z.string(),
    schedule: SearchSchedule.nullable(),
    createdAt: z.number(),
    lastRunAt: z.number().nullable(),
    lastCount: z.number().nullable(),
  })
  .meta({ id: 'SavedLogSearch' });
export type SavedSearch = z.infer<typeof SavedSearch>;

export const NewSavedSearch = z.object({
  title: z.string().trim().min(1).max(200),
  query: z.string().max(10_000),
  schedule: SearchSchedule.nullable().default(null),
});

/** Searches that people keep, and those that are asked again and again as detections. */
export class SavedSearches {
  readonly #state: StateStore;
  readonly #search: LogSearch;
  readonly #alerts: AlertDesk;
  readonly #formatOf: (id: string) => LogFormat | undefined;
  readonly #now: () => number;

  constructor(parts: {
    state: StateStore;
    search: LogSearch;
    alerts: AlertDesk;
    formatOf: (id: string) => LogFormat | undefined;
    now: () => number;
  }) {
    this.#state = parts.state;
    this.#search = parts.search;
    this.#alerts = parts.alerts;
    this.#formatOf = parts.formatOf;
    this.#now = parts.now;
  }

  async list(): Promise<readonly SavedSearch[]> {
    const rows = await this.#state.query<SavedSearch>(
      `SELECT id, title, query, schedule, created_at AS "createdAt", last_run_at AS "lastRunAt",
              last_count AS "lastCount" FROM log_collection.search ORDER BY title, id`,
    );
    return rows.map((row) => ({
      ...row,
      createdAt: Number(row.createdAt),
      lastRunAt: row.lastRunAt === null ? null : Number(row.lastRunAt),
      lastCount: row.lastCount === null ? null : Number(row.lastCount),
    }));
  }

  /** @throws SphinxError SPX_INVALID_INPUT for a query that cannot be meant so */
  async add({ title, query, schedule }: z.infer<typeof NewSavedSearch>): Promise<SavedSearch> {
    this.#search.conditionOf(query);
    const id = `search-${randomUUID()}`;
    await this.#state.query(
      'INSERT INTO log_collection.search (id, title, query, schedule, created_at) VALUES ($1, $2, $3, $4::jsonb, $5)',
      [id, title, query, schedule === null ? null : JSON.stringify(schedule), this.#now()],
    );
    return this.#get(id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<void> {
    await this.#get(id);
    await this.#state.query('DELETE FROM log_collection.search WHERE id = $1', [id]);
  }

  /** Asks every search that is due, and raises alerts. */
  async run(): Promise<void> {
    const now = this.#now();
    for (const saved of await this.list()) {
      const { schedule, lastRunAt } = saved;
      if (schedule === null) continue;
      if (lastRunAt !== null && now - lastRunAt < schedule.everyMinutes * MILLISECONDS_PER_MINUTE) continue;
      await this.#ask(saved, schedule, now);
    }
  }

  async #ask(saved: SavedSearch, schedule: z.infer<typeof SearchSchedule>, now: number): Promise<void> {
    const from = now - schedule.windowMinutes * MILLISECONDS_PER_MINUTE;
    const query = { query: saved.query, from, until: now };
    const count = await this.#search.count(query);
    await this.#state.query('UPDATE log_collection.search SET last_run_at = $2, last_count = $3 WHERE id = $1', [
      saved.id,
      now,
      count,
    ]);
    if (count < schedule.threshold) return;
    const page = await this.#search.page(query, EXAMPLES, undefined);
    const items = page.items.map((row) => maskRow(row, this.#formatOf(row.format)));
    const [newest] = items;
    if (newest === undefined) return;
    this.#alerts.raise({
      kind: 'log-search',
      analytic: { id: saved.id, title: saved.title, set: SOURCE_TITLE, version: '', references: [] },
      severity: schedule.severity,
      message: `${saved.title}: ${count} events in ${schedule.windowMinutes} minutes, from ${schedule.threshold} on it is an alert.`,
      subjects: subjectsOf(newest),
      techniques: [],
      time: items.at(-1)?.time ?? from,
      endTime: newest.time,
      count,
      evidence: items.map(evidenceOf),
    });
  }

  async #get(id: string): Promise<SavedSearch> {
    const found = (await this.list()).find((each) => each.id === id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no saved search ${id}.`);
    return found;
  }
}
