import { cutPage, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { CheckOutcome } from '../checks/check.ts';

const SCHEMA = 'dependability_monitoring';
export const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Counts by the hour are kept for longer than a year, to compare with the year before. */
const HOUR_DAYS = 400;

/** One answer as it is kept. */
export interface KeptResult {
  readonly checkId: string;
  readonly time: number;
  readonly outcome: CheckOutcome;
  readonly latencyMs: number | null;
  readonly message: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** What came of the checks of an hour. */
export interface HourCount {
  readonly checkId: string;
  readonly hour: number;
  readonly good: number;
  readonly warnings: number;
  readonly failures: number;
  readonly answered: number;
  readonly fast: number;
  readonly meanMs: number | null;
  readonly maximumMs: number | null;
}

/** A run of a backup, as whatever made it reported it. */
export interface BackupReport {
  readonly time: number;
  readonly succeeded: boolean;
  readonly bytes: number | null;
  readonly note: string;
}

type ResultRow = Omit<KeptResult, 'checkId' | 'latencyMs'> & {
  sequence: number | string;
  check_id: string;
  latency_ms: number | null;
};

/** Answers one by one for some days, counts by the hour for a year, and reports of backups. */
export class ResultStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @param isFast it was answered within the limit of the check */
  async add(service: string, result: KeptResult, isFast: boolean, sql: SqlExecutor): Promise<void> {
    const { checkId, time, outcome, latencyMs, message, figures } = result;
    await sql.query(
      `INSERT INTO ${SCHEMA}.result (service, check_id, time, outcome, latency_ms, message, figures)
       VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
      [service, checkId, time, outcome, latencyMs, message, JSON.stringify(figures)],
    );
    const count = (is: boolean) => (is ? 1 : 0);
    await sql.query(
      `INSERT INTO ${SCHEMA}.result_hour AS kept
         (service, check_id, hour, good, warnings, failures, answered, fast, latency_sum, latency_max)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
       ON CONFLICT (service, check_id, hour) DO UPDATE SET good = kept.good + excluded.good,
         warnings = kept.warnings + excluded.warnings, failures = kept.failures + excluded.failures,
         answered = kept.answered + excluded.answered, fast = kept.fast + excluded.fast,
         latency_sum = kept.latency_sum + excluded.latency_sum,
         latency_max = greatest(kept.latency_max, excluded.latency_max)`,
      [
        service,
        checkId,
        Math.floor(time / HOUR_MS) * HOUR_MS,
        count(outcome === 'good'),
        count(outcome === 'warning'),
        count(outcome === 'failed'),
        count(latencyMs !== null),
        count(latencyMs !== null && isFast),
        latencyMs ?? 0,
      ],
    );
  }

  /** Newest first. */
  async results(
    service: string,
    query: { checkId?: string | undefined; before?: number | undefined; limit: number },
  ): Promise<Page<KeptResult>> {
    const rows = await this.#state.query<ResultRow>(
      `SELECT * FROM ${SCHEMA}.result WHERE service = $1 AND ($2::text IS NULL OR check_id = $2)
         AND ($3::bigint IS NULL OR sequence < $3) ORDER BY sequence DESC LIMIT $4`,
      [service, query.checkId ?? null, query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(resultOf) };
  }

  /** Oldest first. */
  async hours(service: string, since: number): Promise<readonly HourCount[]> {
    const rows = await this.#state.query<Omit<HourCount, 'checkId'> & { check_id: string; sum: number; max: number }>(
      `SELECT check_id, hour, good, warnings, failures, answered, fast, latency_sum AS sum, latency_max AS max
       FROM ${SCHEMA}.result_hour WHERE service = $1 AND hour >= $2 ORDER BY hour, check_id`,
      [service, since],
    );
    return rows.map(({ check_id, hour, sum, max, ...counts }) => ({
      ...counts,
      checkId: check_id,
      hour: Number(hour),
      meanMs: counts.answered === 0 ? null : sum / counts.answered,
      maximumMs: counts.answered === 0 ? null : max,
    }));
  }

  async addReport(service: string, { time, succeeded, bytes, note }: BackupReport): Promise<void> {
    await this.#state.query(
      `INSERT INTO ${SCHEMA}.report (service, time, succeeded, bytes, note) VALUES ($1, $2, $3, $4, $5)`,
      [service, time, succeeded, bytes, note],
    );
  }

  /** Newest first. */
  async reports(service: string, limit: number): Promise<readonly BackupReport[]> {
    const rows = await this.#state.query<BackupReport & { bytes: number | string | null }>(
      `SELECT time, succeeded, bytes, note FROM ${SCHEMA}.report WHERE service = $1 ORDER BY sequence DESC LIMIT $2`,
      [service, limit],
    );
    return rows.map(({ time, succeeded, bytes, note }) => ({
      time: Number(time),
      succeeded,
      bytes: bytes === null ? null : Number(bytes),
      note,
    }));
  }

  /** @param days for which single answers are kept */
  async forget(now: number, days: number): Promise<void> {
    await this.#state.query(`DELETE FROM ${SCHEMA}.result WHERE time < $1`, [now - days * DAY_MS]);
    await this.#state.query(`DELETE FROM ${SCHEMA}.result_hour WHERE hour < $1`, [now - HOUR_DAYS * DAY_MS]);
    await this.#state.query(`DELETE FROM ${SCHEMA}.report WHERE time < $1`, [now - HOUR_DAYS * DAY_MS]);
  }
}

function resultOf({ check_id, time, outcome, latency_ms, message, figures }: ResultRow): KeptResult {
  return { checkId: check_id, time: Number(time), outcome, latencyMs: latency_ms, message, figures };
}
