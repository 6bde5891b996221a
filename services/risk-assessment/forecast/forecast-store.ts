import type { SqlExecutor, StateStore } from '@sphinx/platform';
import type { ForecastScore } from '@sphinx/risk';

/** Days that are kept: what is older tells nothing of how risk moves now. */
const KEPT_DAYS = 400;

/** Mean of a day; days are counted from 1970-01-01 in UTC. */
export interface ObservedDay {
  readonly day: number;
  readonly sum: number;
  readonly count: number;
}

/** One forecast for one day, as it was made. */
export interface MadeForecast {
  readonly subject: string;
  readonly madeOn: number;
  readonly days: number;
  readonly quantiles: readonly number[];
  readonly naive: readonly number[];
}

/** A forecast whose day has come. */
export interface ScoredForecast extends MadeForecast {
  readonly actual: number;
  readonly score: ForecastScore;
}

interface Row {
  readonly subject: string;
  readonly made_on: number | string;
  readonly days: number;
  readonly forecast: { readonly quantiles: readonly number[]; readonly naive: readonly number[] };
  readonly actual: number | null;
  readonly score: ForecastScore | null;
}

/** Risk of every day, forecasts as they were made, and how right they were. */
export class ForecastStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** By subject, the oldest day first. */
  async observed(): Promise<ReadonlyMap<string, readonly ObservedDay[]>> {
    const rows = await this.#state.query<{ subject: string; day: number | string; sum: number; count: number }>(
      'SELECT subject, day, sum, count FROM risk_assessment.observed ORDER BY subject, day',
    );
    const days = rows.map((row) => ({ ...row, day: Number(row.day) }));
    return Map.groupBy(days, ({ subject }) => subject);
  }

  /** Adds one sample of each subject to a day. */
  async observe(day: number, values: ReadonlyMap<string, number>): Promise<void> {
    await this.#state.query(
      `INSERT INTO risk_assessment.observed (subject, day, sum, count)
       SELECT subject, $3, value::double precision, 1 FROM unnest($1::text[], $2::text[]) AS seen (subject, value)
       ON CONFLICT (subject, day) DO UPDATE
         SET sum = risk_assessment.observed.sum + excluded.sum, count = risk_assessment.observed.count + 1`,
      [[...values.keys()], [...values.values()].map(String), day],
    );
  }

  /** Keeps forecasts; one that was made is never made again. */
  async keep(made: readonly MadeForecast[]): Promise<void> {
    if (made.length === 0) return;
    await this.#state.query(
      `INSERT INTO risk_assessment.forecast (subject, made_on, days, forecast)
       SELECT subject, made_on::bigint, days::int, forecast::jsonb
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS made (subject, made_on, days, forecast)
       ON CONFLICT DO NOTHING`,
      [
        made.map(({ subject }) => subject),
        made.map(({ madeOn }) => String(madeOn)),
        made.map(({ days }) => String(days)),
        made.map(({ quantiles, naive }) => JSON.stringify({ quantiles, naive })),
      ],
    );
  }

  /** Forecasts for days before this one that were not scored yet. One day ahead is the day on which it was made. */
  async due(today: number): Promise<readonly MadeForecast[]> {
    const rows = await this.#state.query<Row>(
      `SELECT subject, made_on, days, forecast, actual, score FROM risk_assessment.forecast
       WHERE score IS NULL AND made_on + days <= $1`,
      [today],
    );
    return rows.map(madeOf);
  }

  /** Forecasts made on a day. */
  async madeOn(day: number): Promise<readonly MadeForecast[]> {
    const rows = await this.#state.query<Row>(
      `SELECT subject, made_on, days, forecast, actual, score FROM risk_assessment.forecast
       WHERE made_on = $1 ORDER BY subject, days`,
      [day],
    );
    return rows.map(madeOf);
  }

  /** @param unseen forecasts for days of which nothing is known: nothing can be told of them, they are taken out */
  async settle(scored: readonly ScoredForecast[], unseen: readonly MadeForecast[]): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const { subject, madeOn, days, actual, score } of scored) {
        await sql.query(
          `UPDATE risk_assessment.forecast SET actual = $4, score = $5::jsonb
           WHERE subject = $1 AND made_on = $2 AND days = $3`,
          [subject, madeOn, days, actual, JSON.stringify(score)],
        );
      }
      for (const each of unseen) await removeForecast(each, sql);
    });
  }

  /** Forecasts whose day has come, newest first. @param subject of one subject only */
  async scored(subject?: string): Promise<readonly ScoredForecast[]> {
    const rows = await this.#state.query<Row>(
      `SELECT subject, made_on, days, forecast, actual, score FROM risk_assessment.forecast
       WHERE score IS NOT NULL AND ($1::text IS NULL OR subject = $1) ORDER BY made_on DESC, subject, days`,
      [subject ?? null],
    );
    return rows.flatMap((row) =>
      row.score === null || row.actual === null ? [] : [{ ...madeOf(row), actual: row.actual, score: row.score }],
    );
  }

  async forgetBefore(today: number): Promise<void> {
    await this.#state.query('DELETE FROM risk_assessment.observed WHERE day < $1', [today - KEPT_DAYS]);
    await this.#state.query('DELETE FROM risk_assessment.forecast WHERE made_on < $1', [today - KEPT_DAYS]);
  }
}

function madeOf({ subject, made_on, days, forecast }: Row): MadeForecast {
  return { subject, madeOn: Number(made_on), days, ...forecast };
}

async function removeForecast({ subject, madeOn, days }: MadeForecast, sql: SqlExecutor): Promise<void> {
  await sql.query('DELETE FROM risk_assessment.forecast WHERE subject = $1 AND made_on = $2 AND days = $3', [
    subject,
    madeOn,
    days,
  ]);
}
