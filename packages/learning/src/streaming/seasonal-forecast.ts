/** Rates of the level and of the season: a level of some days, a season of some weeks. */
const LEVEL_RATE = 0.02;
const SEASON_RATE = 0.1;
const SPREAD_RATE = 0.1;
const SKILL_RATE = 0.01;
/** What lies further out than so many spreads moves the forecast no more than if it lay there (Huber's function). */
const CLIP = 2;
/** Spread before a part of the season was seen often, and the least that it is ever taken for. */
const FIRST_SPREAD = 0.5;
const LEAST_SPREAD = 0.5;
/** Times that a part of the season was seen before it is believed. */
const REPEATS = 3;
const MOST_COUNTED = 255;
/** Numbers of the season are kept as multiples of this, up to 32. */
const STEP = 1 / 1024;

export interface SeasonOptions {
  /** Parts of one season that follow one another, for example 24 hours. */
  readonly cycle: number;
  /** Seasons that are told apart, for example working days and others. */
  readonly kinds: number;
}

/** What is forecast of one part of a season. */
export interface Forecast {
  readonly expected: number;
  readonly spread: number;
}

/**
 * Forecasts a number that follows hours and days: additive smoothing of a level and a season (Holt 1957; Winters 1960), made
 * robust as in Gelper, Fried and Croux ("Robust forecasting with exponential and Holt-Winters smoothing", Journal of
 * Forecasting 2010): what is far out counts as if it lay at the edge, so that an attack does not become the season, and a lasting change
 * is followed within days. Each part of the season has a spread of its own. For amounts, give logarithms.
 */
export class SeasonalForecast {
  readonly #cycle: number;
  /** Parts of the season: what they add, their spreads, how often each was seen. One array: a hospital has a hundred thousand. */
  readonly #parts: Int16Array;
  readonly #slots: number;
  #level = 0;
  #taken = 0;
  /** Running means of what the forecast was off by, with the season and without. */
  #error = 0;
  #plainError = 0;

  constructor({ cycle, kinds }: SeasonOptions) {
    this.#cycle = cycle;
    this.#slots = cycle * kinds;
    this.#parts = new Int16Array(this.#slots * 3);
    this.#parts.fill(toSteps(FIRST_SPREAD), this.#slots, this.#slots * 2);
  }

  /** Numbers that it was taught. */
  get taken(): number {
    return this.#taken;
  }

  /** How much of the error of a plain level the season takes away, 0 to 1; 0 where it makes it worse. */
  get skill(): number {
    return this.#plainError <= 0 ? 0 : Math.max(0, 1 - this.#error / this.#plainError);
  }

  forecast(slot: number): Forecast {
    return {
      expected: this.#level + this.#seasonOf(slot),
      spread: Math.max(LEAST_SPREAD, (this.#parts[this.#slots + slot] ?? 0) * STEP),
    };
  }

  /**
   * How far above the forecast a number is, in spreads. Compared with the part before and after as well, since clocks change
   * and people are early or late: the least of the three.
   *
   * @returns undefined as long as one of the three was seen too seldom
   */
  surprise(slot: number, value: number): number | undefined {
    const near = this.#near(slot);
    if (near === undefined) return undefined;
    return Math.min(...near.map(({ expected, spread }) => (value - expected) / spread));
  }

  /** Number that is so many spreads above all three parts; undefined as long as one of them was seen too seldom. */
  limit(slot: number, spreads: number): number | undefined {
    const near = this.#near(slot);
    return near === undefined
      ? undefined
      : Math.max(...near.map(({ expected, spread }) => expected + spreads * spread));
  }

  /** Takes what was seen. @param slot part of the season: 0 to cycle × kinds − 1 */
  take(slot: number, value: number): void {
    if (!(slot >= 0 && slot < this.#slots) || !Number.isFinite(value)) return;
    const repeats = this.#repeatsOf(slot);
    if (this.#taken === 0) this.#level = value;
    const { expected, spread } = this.forecast(slot);
    // Before a part was seen there is nothing to be far from.
    const clean = repeats < REPEATS ? value : expected + clip((value - expected) / spread) * spread;
    if (repeats >= REPEATS) this.#score(clean - expected, clean - this.#level);
    const season = this.#seasonOf(slot);
    const levelRate = Math.max(LEVEL_RATE, 1 / (this.#taken + 1));
    // What belongs to the season of a part that is new must not move the level of all.
    const levelStep = repeats === 0 ? (value - this.#level) * levelRate : (clean - season - this.#level) * levelRate;
    this.#level += levelStep;
    const seasonRate = Math.max(SEASON_RATE, 1 / (repeats + 1));
    this.#parts[slot] = toSteps(season + seasonRate * (clean - this.#level - season));
    const off = clip((value - expected) / spread) * spread;
    const spreadRate = Math.max(SPREAD_RATE, 1 / (repeats + 2));
    if (repeats > 0) {
      const squared = (1 - spreadRate) * spread ** 2 + spreadRate * off ** 2;
      this.#parts[this.#slots + slot] = toSteps(Math.sqrt(squared));
    }
    this.#parts[this.#slots * 2 + slot] = Math.min(MOST_COUNTED, repeats + 1);
    this.#taken++;
  }

  /** @returns text that `restore` takes */
  store(): string {
    const numbers = new Int16Array(this.#parts.length + 4);
    numbers.set(this.#parts);
    const about = [
      toSteps(this.#level),
      Math.min(32_767, this.#taken),
      toSteps(this.#error),
      toSteps(this.#plainError),
    ];
    numbers.set(about, this.#parts.length);
    return Buffer.from(numbers.buffer).toString('base64');
  }

  /** @returns undefined for what is no stored forecast of this season */
  static restore(stored: unknown, options: SeasonOptions): SeasonalForecast | undefined {
    const forecast = new SeasonalForecast(options);
    const count = forecast.#parts.length;
    const bytes = typeof stored === 'string' ? Buffer.from(stored, 'base64') : Buffer.alloc(0);
    if (bytes.length !== (count + 4) * 2) return undefined;
    const numberAt = (at: number) => bytes.readInt16LE(at * 2);
    for (let at = 0; at < count; at++) {
      // What adds may be negative; spreads and counts are not.
      forecast.#parts[at] = at < forecast.#slots ? numberAt(at) : Math.max(0, numberAt(at));
    }
    forecast.#level = numberAt(count) * STEP;
    forecast.#taken = Math.max(0, numberAt(count + 1));
    forecast.#error = Math.max(0, numberAt(count + 2) * STEP);
    forecast.#plainError = Math.max(0, numberAt(count + 3) * STEP);
    return forecast;
  }

  #seasonOf(slot: number): number {
    return (this.#parts[slot] ?? 0) * STEP;
  }

  #repeatsOf(slot: number): number {
    return this.#parts[this.#slots * 2 + slot] ?? 0;
  }

  #score(error: number, plainError: number): void {
    this.#error += SKILL_RATE * (Math.abs(error) - this.#error);
    this.#plainError += SKILL_RATE * (Math.abs(plainError) - this.#plainError);
  }

  #near(slot: number): readonly Forecast[] | undefined {
    const slots = [this.#neighbour(slot, -1), slot, this.#neighbour(slot, 1)];
    if (slots.some((each) => this.#repeatsOf(each) < REPEATS)) return undefined;
    return slots.map((each) => this.forecast(each));
  }

  #neighbour(slot: number, step: number): number {
    const first = slot - (slot % this.#cycle);
    return first + ((slot - first + step + this.#cycle) % this.#cycle);
  }
}

function clip(deviations: number): number {
  return Math.max(-CLIP, Math.min(CLIP, deviations));
}

function toSteps(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value / STEP)));
}
