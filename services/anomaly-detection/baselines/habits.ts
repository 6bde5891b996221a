/** Habits that are remembered of one device; those that were seen least lately are forgotten first. */
const MAXIMUM_HABITS = 96;
const DAY_MS = 86_400_000;
/** What is done on so many different days is a habit, learning period or not: devices change. */
const DAYS_OF_A_HABIT = 5;

interface Habit {
  /** First hour, milliseconds since the Unix epoch. */
  readonly since: number;
  last: number;
  days: number;
  isKnown: boolean;
}

/** As it is stored: name, first and last hour, days, 1 where it is known. */
export type StoredHabit = readonly [name: string, since: number, last: number, days: number, isKnown: 0 | 1];

/** What a device does, as names such as `speaks dicom`. */
export class Habits {
  readonly #habits = new Map<string, Habit>();

  get size(): number {
    return this.#habits.size;
  }

  isKnown(name: string): boolean {
    return this.#habits.get(name)?.isKnown === true;
  }

  /** Known ones and those that may become it, the latest first. */
  list(): readonly {
    readonly name: string;
    readonly since: number;
    readonly last: number;
    readonly isKnown: boolean;
  }[] {
    return [...this.#habits]
      .map(([name, { since, last, isKnown }]) => ({ name, since, last, isKnown }))
      .sort((a, b) => b.last - a.last);
  }

  /**
   * Takes what was done in one hour.
   *
   * @param isLearning whether it becomes known at once
   * @returns whether it has become known by this
   */
  take(name: string, hour: number, isLearning: boolean): boolean {
    const habit = this.#habits.get(name);
    if (habit === undefined) {
      if (this.#habits.size >= MAXIMUM_HABITS) this.#forgetOldest();
      this.#habits.set(name, { since: hour, last: hour, days: 1, isKnown: isLearning });
      return isLearning;
    }
    if (Math.floor(hour / DAY_MS) !== Math.floor(habit.last / DAY_MS)) habit.days++;
    habit.last = Math.max(habit.last, hour);
    if (habit.isKnown || (!isLearning && habit.days < DAYS_OF_A_HABIT)) return false;
    habit.isKnown = true;
    return true;
  }

  /** Somebody said that it is normal, or took that back. */
  setKnown(name: string, hour: number, isKnown: boolean): void {
    const habit = this.#habits.get(name);
    if (habit !== undefined) habit.isKnown = isKnown;
    else if (isKnown) this.#habits.set(name, { since: hour, last: hour, days: 1, isKnown });
  }

  store(): readonly StoredHabit[] {
    return [...this.#habits].map(([name, { since, last, days, isKnown }]) => [
      name,
      since,
      last,
      days,
      isKnown ? 1 : 0,
    ]);
  }

  restore(stored: readonly StoredHabit[]): void {
    for (const [name, since, last, days, isKnown] of stored.slice(0, MAXIMUM_HABITS)) {
      this.#habits.set(name, { since, last, days, isKnown: isKnown === 1 });
    }
  }

  #forgetOldest(): void {
    let oldest: string | undefined;
    let last = Number.POSITIVE_INFINITY;
    for (const [name, habit] of this.#habits) {
      if (habit.last >= last) continue;
      oldest = name;
      last = habit.last;
    }
    if (oldest !== undefined) this.#habits.delete(oldest);
  }
}
