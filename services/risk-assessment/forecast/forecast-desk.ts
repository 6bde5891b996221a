import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@sphinx/platform';
import {
  type DayForecast,
  forecastSeries,
  LEAST_DAYS,
  scoreForecast,
  type TrackRecord,
  trackRecords,
} from '@sphinx/risk';
import type { RiskDesk } from '../risk/risk-desk.ts';
import type { ForecastStore, MadeForecast, ObservedDay, ScoredForecast } from './forecast-store.ts';

const DAY_MS = 24 * 3_600_000;
/** All clinical services together. */
export const HOUSE = 'house';
/** Days of the past that a picture shows. */
const SHOWN_DAYS = 60;
/** Scored forecasts below which a track record is luck. */
export const LEAST_SCORED = 20;

/** One subject with what was and what is expected. */
export interface SubjectForecast {
  readonly subject: string;
  readonly name: string;
  /** The oldest first; per cent. */
  readonly history: readonly { readonly day: number; readonly value: number }[];
  /** `days` are counted from the last whole day: 1 is today. */
  readonly forecasts: readonly DayForecast[];
  /** Days of history that are there and that are needed; null where it is forecast. */
  readonly tooLittle: { readonly days: number; readonly needed: number } | null;
}

/** Keeps the risk of every day, forecasts it, and tells how right the forecasts were. */
export class ForecastDesk {
  readonly #values: () => ReadonlyMap<string, number>;
  readonly #nameOf: (subject: string) => string;
  readonly #store: ForecastStore;
  readonly #clock: Clock;
  #madeOn = -1;

  /** @param parts.values what is to be forecast now, by subject, in per cent */
  constructor(parts: {
    readonly values: () => ReadonlyMap<string, number>;
    readonly nameOf: (subject: string) => string;
    readonly store: ForecastStore;
    readonly clock: Clock;
  }) {
    this.#values = parts.values;
    this.#nameOf = parts.nameOf;
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  get #today(): number {
    return Math.floor(this.#clock.now() / DAY_MS);
  }

  /** Called some times a day: takes a sample, and on a new day scores what came and forecasts anew. @returns whether it did */
  async turn(): Promise<boolean> {
    const today = this.#today;
    const values = this.#values();
    if (values.size > 0) await this.#store.observe(today, values);
    if (this.#madeOn === today) return false;
    this.#madeOn = today;
    await this.#scoreDue(today);
    await this.#forecast(today);
    await this.#store.forgetBefore(today);
    return true;
  }

  /** The house first, then clinical services by name. */
  async all(): Promise<readonly SubjectForecast[]> {
    const today = this.#today;
    const observed = await this.#store.observed();
    const made = Map.groupBy(await this.#store.madeOn(today), ({ subject }) => subject);
    return [...observed]
      .map(([subject, days]) => this.#subjectOf(subject, days, made.get(subject) ?? [], today))
      .sort((a, b) => Number(b.subject === HOUSE) - Number(a.subject === HOUSE) || a.name.localeCompare(b.name, 'en'));
  }

  /** @param subject of one subject only; all together where it is left out */
  async record(subject?: string): Promise<readonly TrackRecord[]> {
    const scored = await this.#store.scored(subject);
    return trackRecords(scored.map(({ days, score }) => ({ days, ...score })));
  }

  scored(subject?: string): Promise<readonly ScoredForecast[]> {
    return this.#store.scored(subject);
  }

  /** The house a week ahead in one sentence; null with too little history. */
  async sentence(): Promise<string | null> {
    const house = (await this.all()).find(({ subject }) => subject === HOUSE);
    const last = house?.forecasts.at(-1);
    const now = house?.history.at(-1);
    if (last === undefined || now === undefined) return null;
    const [, low = 0, , middle = 0, , high = 0] = last.quantiles;
    const record = (await this.record(HOUSE)).find(({ days }) => days === last.days);
    const day = new Date((now.day + last.days) * DAY_MS).toISOString().slice(0, 10);
    return `A clinical service is disrupted within 30 days with ${percentText(now.value)} on average; on ${day} that is expected to be ${percentText(middle)}, with 80 % between ${percentText(low)} and ${percentText(high)}. ${recordText(record)}`;
  }

  #subjectOf(
    subject: string,
    days: readonly ObservedDay[],
    made: readonly MadeForecast[],
    today: number,
  ): SubjectForecast {
    const past = days.filter(({ day }) => day < today);
    return {
      subject,
      name: subject === HOUSE ? 'All clinical services' : this.#nameOf(subject),
      history: past.slice(-SHOWN_DAYS).map(({ day, sum, count }) => ({ day, value: sum / count })),
      forecasts: made.map(({ days: ahead, quantiles, naive }) => ({ days: ahead, quantiles, naive })),
      tooLittle: made.length > 0 ? null : { days: wholeDays(past).length, needed: NEEDED_DAYS },
    };
  }

  async #scoreDue(today: number): Promise<void> {
    const due = await this.#store.due(today);
    if (due.length === 0) return;
    const observed = await this.#store.observed();
    const scored: ScoredForecast[] = [];
    const unseen: MadeForecast[] = [];
    for (const made of due) {
      // A forecast made on a day knows the days before it: one day ahead of the last of these is that day itself.
      const day = observed.get(made.subject)?.find((each) => each.day === made.madeOn + made.days - 1);
      if (day === undefined) unseen.push(made);
      else {
        const actual = day.sum / day.count;
        scored.push({ ...made, actual, score: scoreForecast(made, actual) });
      }
    }
    await this.#store.settle(scored, unseen);
  }

  async #forecast(today: number): Promise<void> {
    const observed = await this.#store.observed();
    for (const [subject, days] of observed) {
      const values = wholeDays(days.filter(({ day }) => day < today));
      const isFresh = days.some(({ day }) => day === today - 1);
      if (!isFresh) continue;
      const made = forecastSeries(values).map((each) => ({ subject, madeOn: today, ...each }));
      await this.#store.keep(made);
      // A large house has hundreds of clinical services: nothing else waits for all of them.
      await nextTurn();
    }
  }
}

/** @returns in per cent: how likely each clinical service is disrupted within the horizon, and the mean of all of them */
export function disruptionValues(risk: RiskDesk): ReadonlyMap<string, number> {
  const state = risk.state();
  const values = new Map<string, number>();
  let sum = 0;
  for (const place of state.map.care()) {
    const value = 100 * state.disruption.probability(place);
    values.set(state.map.at(place).id, value);
    sum += value;
  }
  if (values.size > 0) values.set(HOUSE, sum / values.size);
  return values;
}

/** Days of history until errors of a forecast a day ahead are enough for a range. */
const NEEDED_DAYS = LEAST_DAYS + 5;
/** A longer gap breaks the series: only what came after it counts. */
const LONGEST_GAP = 3;

/** @returns values of the days up to the last one without a long gap; of days in short gaps it is taken that nothing changed */
function wholeDays(days: readonly ObservedDay[]): readonly number[] {
  const values: number[] = [];
  let before: number | undefined;
  for (const { day, sum, count } of days) {
    const gap = before === undefined ? 0 : day - before - 1;
    const last = values.at(-1);
    if (gap > LONGEST_GAP) values.length = 0;
    else if (last !== undefined) for (let missing = 0; missing < gap; missing++) values.push(last);
    values.push(sum / count);
    before = day;
  }
  return values;
}

function percentText(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

/** @returns how right forecasts of this distance were, in one sentence */
export function recordText(record: TrackRecord | undefined): string {
  if (record === undefined || record.count < LEAST_SCORED) {
    const count = record?.count ?? 0;
    return `How right such forecasts are cannot be told yet: the day of ${count} of the ${LEAST_SCORED} needed has come.`;
  }
  const { count, coverage, skill } = record;
  const than =
    skill === null
      ? 'nothing moved, so that "it stays as it is" was never wrong'
      : skill >= 0
        ? `they were ${Math.round(skill * 100)} % nearer than "it stays as it is"`
        : `"it stays as it is" was ${Math.round(-skill * 100)} % nearer: look at that rather than at the forecast`;
  return `Of ${count} such forecasts ${Math.round(coverage * 100)} % came true within the range (80 % are promised); ${than}.`;
}
