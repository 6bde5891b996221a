const DAY_MS = 86_400_000;
/** Pairs that are remembered; beyond it the oldest go. */
const MAXIMUM_PAIRS = 100_000;

/** How often somebody had the same before. */
export interface Habit {
  readonly analytic: string;
  readonly actor: string;
  /** Days since the epoch, oldest first. */
  readonly days: readonly number[];
  readonly lastSeen: number;
  /** Whoever had it does such things by profession. */
  readonly isWork: boolean;
}

/** Somebody acted upon somebody. */
export interface Contact {
  readonly target: string;
  readonly actor: string;
  readonly lastSeen: number;
}

/** What is assumed of an analytic before anything was seen. */
export interface Prior {
  readonly perDay: number;
  /** Days of which it is worth as much. */
  readonly days: number;
}

/** What signals were usual: who has which, from how many they come, who is everybody's target. Time comes with the signals. */
export class SignalMemory {
  readonly #habits = new Map<string, Map<string, Habit>>();
  /** By analytic and day: how many had it, who does it by profession left out. */
  readonly #days = new Map<string, Map<number, number>>();
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

  /**
   * How often somebody here has the analytic: days on which somebody had it, each of another one counted, per day. Who does such things
   * by profession does not count, nor who was found to attack, nor the actor: what it does itself is its habit.
   *
   * @param prior what is assumed before anything was seen, and for how many days it stands
   * @param attackers keys of those whose alerts were found to be of an attack
   */
  rateOf(
    analytic: string,
    actor: string,
    time: number,
    { prior, attackers }: { readonly prior: Prior; readonly attackers: readonly string[] },
  ): number {
    const today = dayOf(time);
    const oldest = today - this.#windowDays;
    let count = 0;
    for (const [day, actors] of this.#days.get(analytic) ?? []) if (day > oldest && day <= today) count += actors;
    for (const key of new Set([...attackers, actor])) count -= this.#daysOf(analytic, key, oldest, today);
    const observed = Math.min(this.#windowDays, Math.max(0, time - this.#firstSeen) / DAY_MS);
    return (Math.max(0, count) + prior.perDay * prior.days) / (observed + prior.days);
  }

  #daysOf(analytic: string, actor: string, oldest: number, today: number): number {
    const habit = this.#habits.get(analytic)?.get(actor);
    if (habit === undefined || habit.isWork) return 0;
    return habit.days.filter((day) => day > oldest && day <= today).length;
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
    isWork = false,
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
      isWork,
    };
    this.#putHabit(habit);
    const contacts = pairs.map(([target, by]): Contact => ({ target, actor: by, lastSeen: time }));
    for (const contact of contacts) this.#putContact(contact.target, contact.actor, time);
    if (this.#pairs > MAXIMUM_PAIRS) this.#forgetBefore(time - this.#windowDays * DAY_MS);
    return { habit, contacts };
  }

  #putHabit(habit: Habit): void {
    const actors = this.#habits.get(habit.analytic) ?? new Map<string, Habit>();
    const known = actors.get(habit.actor);
    if (known === undefined) this.#pairs++;
    this.#habits.set(habit.analytic, actors.set(habit.actor, habit));
    if (habit.isWork) return;
    const counts = this.#days.get(habit.analytic) ?? new Map<number, number>();
    for (const day of habit.days) if (known?.days.includes(day) !== true) counts.set(day, (counts.get(day) ?? 0) + 1);
    for (const day of counts.keys()) if (day < (habit.days.at(-1) ?? 0) - this.#windowDays) counts.delete(day);
    this.#days.set(habit.analytic, counts);
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
      if (actors.size > 0) continue;
      this.#habits.delete(analytic);
      this.#days.delete(analytic);
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
