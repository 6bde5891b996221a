const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Pairs that are remembered; beyond it the oldest go. */
const MAXIMUM_PAIRS = 100_000;

/** How often somebody had the same before. */
export interface Habit {
  readonly analytic: string;
  readonly actor: string;
  /** Days since the epoch, oldest first. */
  readonly days: readonly number[];
  readonly lastSeen: number;
}

/** Somebody acted upon somebody. */
export interface Contact {
  readonly target: string;
  readonly actor: string;
  readonly lastSeen: number;
}

/** What signals were usual: who has which, from how many they come, who is everybody's target. Time comes with the signals. */
export class SignalMemory {
  readonly #habits = new Map<string, Map<string, Habit>>();
  readonly #contacts = new Map<string, Map<string, number>>();
  readonly #windowDays: number;
  #firstSeen = Number.POSITIVE_INFINITY;
  #pairs = 0;

  /** @param windowDays what is older is forgotten */
  constructor(windowDays: number) {
    this.#windowDays = windowDays;
  }

  restore(habits: Iterable<Habit>, contacts: Iterable<Contact>): void {
    for (const habit of habits) {
      this.#putHabit(habit);
      this.#firstSeen = Math.min(this.#firstSeen, (habit.days[0] ?? 0) * DAY_MS);
    }
    for (const { target, actor, lastSeen } of contacts) this.#putContact(target, actor, lastSeen);
  }

  /** @returns days before this one on which the actor had the analytic */
  earlierDays(analytic: string, actor: string, time: number): number {
    const today = dayOf(time);
    const days = this.#habits.get(analytic)?.get(actor)?.days ?? [];
    return days.filter((day) => day < today && day >= today - this.#windowDays).length;
  }

  /** @returns days before this one on which anybody had the analytic */
  earlierDaysOfAnybody(analytic: string, time: number): number {
    const today = dayOf(time);
    const earlier = new Set<number>();
    for (const { days } of this.#habits.get(analytic)?.values() ?? []) {
      for (const day of days) if (day < today && day >= today - this.#windowDays) earlier.add(day);
    }
    return earlier.size;
  }

  /** @returns how many had the analytic within so many hours before */
  actorsOf(analytic: string, time: number, hours: number): number {
    const actors = this.#habits.get(analytic);
    if (actors === undefined) return 0;
    let count = 0;
    for (const { lastSeen } of actors.values()) if (lastSeen > time - hours * HOUR_MS) count++;
    return count;
  }

  /** @returns whether nobody ever had it, and there is a past long enough to say so */
  isNovel(analytic: string, time: number, afterDays: number): boolean {
    return time - this.#firstSeen > afterDays * DAY_MS && !this.#habits.has(analytic);
  }

  /** @returns how many acted upon it, or had to do with it, in the last seven days */
  degreeOf(key: string, time: number): number {
    const actors = this.#contacts.get(key);
    if (actors === undefined) return 0;
    let count = 0;
    for (const lastSeen of actors.values()) if (lastSeen > time - 7 * DAY_MS) count++;
    return count;
  }

  /** @returns what is to be kept of it now */
  remember(
    analytic: string,
    actor: string,
    pairs: readonly (readonly [target: string, actor: string])[],
    time: number,
  ) {
    this.#firstSeen = Math.min(this.#firstSeen, time);
    const today = dayOf(time);
    const known = this.#habits.get(analytic)?.get(actor);
    const days = (known?.days ?? []).filter((day) => day >= today - this.#windowDays && day !== today);
    const habit: Habit = {
      analytic,
      actor,
      days: [...days, today].toSorted((a, b) => a - b),
      lastSeen: Math.max(time, known?.lastSeen ?? 0),
    };
    this.#putHabit(habit);
    const contacts = pairs.map(([target, by]): Contact => ({ target, actor: by, lastSeen: time }));
    for (const contact of contacts) this.#putContact(contact.target, contact.actor, time);
    if (this.#pairs > MAXIMUM_PAIRS) this.#forgetBefore(time - this.#windowDays * DAY_MS);
    return { habit, contacts };
  }

  #putHabit(habit: Habit): void {
    const actors = this.#habits.get(habit.analytic) ?? new Map<string, Habit>();
    if (!actors.has(habit.actor)) this.#pairs++;
    this.#habits.set(habit.analytic, actors.set(habit.actor, habit));
  }

  #putContact(target: string, actor: string, time: number): void {
    const actors = this.#contacts.get(target) ?? new Map<string, number>();
    if (!actors.has(actor)) this.#pairs++;
    this.#contacts.set(target, actors.set(actor, Math.max(time, actors.get(actor) ?? 0)));
  }

  /** What is too old goes; where that is not enough, everything older than a day. */
  #forgetBefore(time: number): void {
    for (const [analytic, actors] of this.#habits) {
      for (const [actor, { lastSeen }] of actors) if (lastSeen < time) actors.delete(actor);
      if (actors.size === 0) this.#habits.delete(analytic);
    }
    for (const [target, actors] of this.#contacts) {
      for (const [actor, lastSeen] of actors) if (lastSeen < time) actors.delete(actor);
      if (actors.size === 0) this.#contacts.delete(target);
    }
    this.#pairs = sizeOf(this.#habits) + sizeOf(this.#contacts);
    if (this.#pairs > MAXIMUM_PAIRS && time < this.#newest() - DAY_MS) this.#forgetBefore(this.#newest() - DAY_MS);
  }

  #newest(): number {
    let newest = 0;
    for (const actors of this.#habits.values()) {
      for (const { lastSeen } of actors.values()) newest = Math.max(newest, lastSeen);
    }
    return newest;
  }
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

function sizeOf(maps: ReadonlyMap<string, ReadonlyMap<string, unknown>>): number {
  let size = 0;
  for (const { size: of } of maps.values()) size += of;
  return size;
}
