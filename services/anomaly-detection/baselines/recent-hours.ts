import { MEASURE_AT, MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';
import type { HourValues } from './baseline.ts';

/** Three days. */
const HOURS_KEPT = 72;
const HOUR_MS = 3_600_000;
/** Each step is a ninth more than the one before: 255 of them reach 10¹¹, within 5 %. */
const STEP = Math.log(1.11);
const HIGHEST = 255;

export interface SeenHour {
  /** Milliseconds since the Unix epoch. */
  readonly hour: number;
  readonly value: number;
}

/** The last hours of one device for charts, a byte for each number. In memory only. */
export class RecentHours {
  readonly #steps = new Uint8Array(HOURS_KEPT * MEASURE_IDS.length);
  #first = 0;
  #last = -1;

  take(hour: number, values: HourValues): void {
    const number = Math.floor(hour / HOUR_MS);
    if (this.#last < 0) this.#first = number;
    if (number < this.#last - HOURS_KEPT + 1) return;
    // Hours in which it was silent lie between.
    for (let silent = Math.max(this.#last + 1, number - HOURS_KEPT + 1); silent <= number; silent++)
      this.#row(silent).fill(0);
    this.#last = Math.max(this.#last, number);
    const row = this.#row(number);
    for (let at = 0; at < row.length; at++) row[at] = stepOf(values[at] ?? 0);
  }

  /** Hour by hour, the oldest first. */
  of(measure: MeasureId): readonly SeenHour[] {
    if (this.#last < 0) return [];
    const seen: SeenHour[] = [];
    for (let hour = Math.max(this.#first, this.#last - HOURS_KEPT + 1); hour <= this.#last; hour++) {
      seen.push({ hour: hour * HOUR_MS, value: amountOf(this.#row(hour)[MEASURE_AT[measure]] ?? 0) });
    }
    return seen;
  }

  #row(hour: number): Uint8Array {
    const start = (hour % HOURS_KEPT) * MEASURE_IDS.length;
    return this.#steps.subarray(start, start + MEASURE_IDS.length);
  }
}

function stepOf(value: number): number {
  return value < 1 ? 0 : Math.min(HIGHEST, 1 + Math.round(Math.log(value) / STEP));
}

function amountOf(step: number): number {
  return step === 0 ? 0 : Math.round(Math.exp((step - 1) * STEP));
}
