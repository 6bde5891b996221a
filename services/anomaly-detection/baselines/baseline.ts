import { QuantileSketch, type SketchOptions } from '@sphinx/learning';
import { MEASURE_AT, MEASURE_IDS, type MeasureId } from '../traffic/measures.ts';
import { Habits, type StoredHabit } from './habits.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS_OF_DAY = 24;

/** Measures of one hour in their places. */
export type HourValues = ArrayLike<number>;

export interface StoredBaseline {
  readonly firstHour: number;
  readonly lastHour: number;
  readonly hours: number;
  readonly days: number;
  readonly activeHours: readonly number[];
  readonly sketches: Readonly<Partial<Record<MeasureId, readonly number[]>>>;
  readonly habits: readonly StoredHabit[];
}

/** What is usual of one device, of one kind of devices or of the whole site. Bounded, however long it learns. */
export class Baseline {
  readonly habits = new Habits();
  readonly #options: SketchOptions;
  readonly #sketches: (QuantileSketch | undefined)[] = [];
  /** Days on which it was active in each hour of the day, UTC. */
  #activeHours: number[] | undefined;
  firstHour = 0;
  lastHour = 0;
  /** Hours that have taught it something; of a kind: hours of all of its devices. */
  hours = 0;
  /** Days on which it was active. */
  days = 0;

  constructor(options: SketchOptions) {
    this.#options = options;
  }

  /** Takes one hour in which it was active. */
  take(hour: number, values: HourValues): void {
    if (this.hours === 0) this.firstHour = hour;
    const isNewDay = this.hours === 0 || Math.floor(hour / DAY_MS) > Math.floor(this.lastHour / DAY_MS);
    if (isNewDay) this.days++;
    for (let at = 0; at < MEASURE_IDS.length; at++) this.#addTo(at, values[at] ?? 0);
    this.hours++;
    this.lastHour = Math.max(this.lastHour, hour);
    this.#activeHours ??= new Array<number>(HOURS_OF_DAY).fill(0);
    const ofDay = Math.floor(hour / HOUR_MS) % HOURS_OF_DAY;
    this.#activeHours[ofDay] = (this.#activeHours[ofDay] ?? 0) + 1;
  }

  /** Takes over what another one has learnt: a device turned out to be of a kind. */
  absorb(other: Baseline): void {
    if (other.hours === 0) return;
    for (let at = 0; at < MEASURE_IDS.length; at++) {
      const theirs = other.#sketches[at];
      const ours = this.#sketches[at];
      if (theirs !== undefined) this.#sketchAt(at).merge(theirs);
      else ours?.add(0, other.hours);
    }
    this.firstHour = this.hours === 0 ? other.firstHour : Math.min(this.firstHour, other.firstHour);
    this.lastHour = Math.max(this.lastHour, other.lastHour);
    this.hours += other.hours;
    for (const { name, last, isKnown } of other.habits.list()) if (isKnown) this.habits.take(name, last, true);
  }

  /** Undefined as long as the measure was always nothing. */
  sketchOf(measure: MeasureId): QuantileSketch | undefined {
    return this.#sketches[MEASURE_AT[measure]];
  }

  /** Times that it was active in this hour of the day, UTC. */
  activeIn(hourOfDay: number): number {
    return this.#activeHours?.[(hourOfDay + HOURS_OF_DAY) % HOURS_OF_DAY] ?? 0;
  }

  store(): StoredBaseline {
    const sketches = MEASURE_IDS.flatMap((id, at) => {
      const sketch = this.#sketches[at];
      return sketch === undefined ? [] : [[id, sketch.store()] as const];
    });
    const { firstHour, lastHour, hours, days } = this;
    const activeHours = this.#activeHours ?? [];
    return {
      firstHour,
      lastHour,
      hours,
      days,
      activeHours,
      sketches: Object.fromEntries(sketches),
      habits: this.habits.store(),
    };
  }

  static restore(stored: StoredBaseline, options: SketchOptions): Baseline {
    const baseline = new Baseline(options);
    baseline.firstHour = stored.firstHour;
    baseline.lastHour = stored.lastHour;
    baseline.hours = stored.hours;
    baseline.days = stored.days;
    if (stored.activeHours.length === HOURS_OF_DAY) baseline.#activeHours = [...stored.activeHours];
    for (const [at, id] of MEASURE_IDS.entries()) {
      baseline.#sketches[at] = QuantileSketch.restore(stored.sketches[id], options);
    }
    baseline.habits.restore(stored.habits);
    return baseline;
  }

  #addTo(at: number, value: number): void {
    if (this.#sketches[at] !== undefined || value >= 1) this.#sketchAt(at).add(value);
  }

  #sketchAt(at: number): QuantileSketch {
    const known = this.#sketches[at];
    if (known !== undefined) return known;
    const sketch = new QuantileSketch(this.#options);
    // The hours before in which it was nothing.
    if (this.hours > 0) sketch.add(0, this.hours);
    this.#sketches[at] = sketch;
    return sketch;
  }
}
