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
/** Numbers are stored as multiples of this. */
const STORED_STEP = 1 / 1024;

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
  readonly #season: Float32Array;
  readonly #spread: Float32Array;
  readonly #repeats: Uint8Array;
  #level = 0;
  #taken = 0;
  /** Running means of what the forecast was off by, with the season and without. */
  #error = 0;
  #plainError = 0;

  constructor({ cycle, kinds }: SeasonOptions) {
    this.#cycle = cycle;
    this.#season = new Float32Array(cycle * kinds);
    this.#spread = new Float32Array(cycle * kinds).fill(FIRST_SPREAD);
    this.#repeats = new Uint8Array(cycle * kinds);
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
      expected: this.#level + (this.#season[slot] ?? 0),
      spread: Math.max(LEAST_SPREAD, this.#spread[slot] ?? FIRST_SPREAD),
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
    if (!(slot >= 0 && slot < this.#season.length) || !Number.isFinite(value)) return;
    const repeats = this.#repeats[slot] ?? 0;
    if (this.#taken === 0) this.#level = value;
    const { expected, spread } = this.forecast(slot);
    // Before a part was seen there is nothing to be far from.
    const clean = repeats < REPEATS ? value : expected + clip((value - expected) / spread) * spread;
    if (repeats >= REPEATS) this.#score(clean - expected, clean - this.#level);
    const season = this.#season[slot] ?? 0;
    const levelRate = Math.max(LEVEL_RATE, 1 / (this.#taken + 1));
    // What belongs to the season of a part that is new must not move the level of all.
    const levelStep = repeats === 0 ? (value - this.#level) * levelRate : (clean - season - this.#level) * levelRate;
    this.#level += levelStep;
    const seasonRate = Math.max(SEASON_RATE, 1 / (repeats + 1));
    this.#season[slot] = season + seasonRate * (clean - this.#level - season);
    const off = clip((value - expected) / spread) * spread;
    const spreadRate = Math.max(SPREAD_RATE, 1 / (repeats + 2));
    if (repeats > 0) this.#spread[slot] = Math.sqrt((1 - spreadRate) * spread ** 2 + spreadRate * off ** 2);
    this.#repeats[slot] = Math.min(MOST_COUNTED, repeats + 1);
    this.#taken++;
  }

  /** @returns text that `restore` takes */
  store(): string {
    const parts = this.#season.length;
    const numbers = new Int16Array(parts * 2 + 4);
    for (let slot = 0; slot < parts; slot++) {
      numbers[slot] = toStored(this.#season[slot] ?? 0);
      numbers[parts + slot] = toStored(this.#spread[slot] ?? 0);
    }
    numbers[parts * 2] = toStored(this.#level);
    numbers[parts * 2 + 1] = Math.min(32_767, this.#taken);
    numbers[parts * 2 + 2] = toStored(this.#error);
    numbers[parts * 2 + 3] = toStored(this.#plainError);
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    return Buffer.concat([bytes, this.#repeats]).toString('base64');
  }

  /** @returns undefined for what is no stored forecast of this season */
  static restore(stored: unknown, options: SeasonOptions): SeasonalForecast | undefined {
    const forecast = new SeasonalForecast(options);
    const parts = forecast.#season.length;
    const bytes = typeof stored === 'string' ? Buffer.from(stored, 'base64') : Buffer.alloc(0);
    if (bytes.length !== (parts * 2 + 4) * 2 + parts) return undefined;
    const numberAt = (at: number) => bytes.readInt16LE(at * 2) * STORED_STEP;
    for (let slot = 0; slot < parts; slot++) {
      forecast.#season[slot] = numberAt(slot);
      forecast.#spread[slot] = Math.max(0, numberAt(parts + slot));
    }
    forecast.#level = numberAt(parts * 2);
    forecast.#taken = Math.max(0, bytes.readInt16LE((parts * 2 + 1) * 2));
    forecast.#error = Math.max(0, numberAt(parts * 2 + 2));
    forecast.#plainError = Math.max(0, numberAt(parts * 2 + 3));
    forecast.#repeats.set(bytes.subarray((parts * 2 + 4) * 2));
    return forecast;
  }

  #score(error: number, plainError: number): void {
    this.#error += SKILL_RATE * (Math.abs(error) - this.#error);
    this.#plainError += SKILL_RATE * (Math.abs(plainError) - this.#plainError);
  }

  #near(slot: number): readonly Forecast[] | undefined {
    const slots = [this.#neighbour(slot, -1), slot, this.#neighbour(slot, 1)];
    if (slots.some((each) => (this.#repeats[each] ?? 0) < REPEATS)) return undefined;
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

function toStored(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value / STORED_STEP)));
}
