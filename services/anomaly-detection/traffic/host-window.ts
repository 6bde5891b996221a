import { MEASURE_AT, MEASURE_IDS, type MeasureId } from './measures.ts';

/** Members that are told apart of one thing of one host within an hour; it is far beyond anything usual by then. */
const MAXIMUM_MEMBERS = 20_000;
const MAXIMUM_GROUPS = 4_000;
/** Habits of one host within an hour. */
const MAXIMUM_HABITS = 200;
/** Other devices here that are told apart within an hour. */
const MAXIMUM_PEERS = 200;

/** What one host does within one hour. Sets are made when there is something to put into them: most hosts do little. */
export class HostWindow {
  readonly ip: string;
  readonly isInternal: boolean;
  /** By place of the measure. */
  readonly values = new Float64Array(MEASURE_IDS.length);
  /** Value from which it is told, by place of the measure; not a number: not asked yet. */
  readonly limits = new Float64Array(MEASURE_IDS.length).fill(Number.NaN);
  /** Measures that something was told of: what the hour has taught of them is kept within the limit. */
  readonly told = new Set<MeasureId>();
  #details: Map<MeasureId, string> | undefined;
  #members: Map<MeasureId, Set<string | number>> | undefined;
  #groups: Map<MeasureId, Map<string, Set<string | number>>> | undefined;
  #sums: Map<MeasureId, Map<string, number>> | undefined;
  #habits: Set<string> | undefined;
  #asked: Set<string> | undefined;
  #asking: Set<string> | undefined;
  /** Amounts from which a seasonal measure is told at this hour, by their places; not a number: not asked yet. */
  seasonLimits: Float64Array | undefined;
  flows = 0;
  /** Habits that were told of as new. */
  newHabits = 0;

  constructor(ip: string, isInternal: boolean) {
    this.ip = ip;
    this.isInternal = isInternal;
  }

  get habits(): ReadonlySet<string> {
    return this.#habits ?? NONE;
  }

  valueOf(measure: MeasureId): number {
    return this.values[MEASURE_AT[measure]] ?? 0;
  }

  /** What the number is highest for, for example a port. */
  detailOf(measure: MeasureId): string {
    return this.#details?.get(measure) ?? '';
  }

  /** Addresses here that it has asked, and those that have asked it. */
  get asked(): ReadonlySet<string> {
    return this.#asked ?? NONE;
  }

  get asking(): ReadonlySet<string> {
    return this.#asking ?? NONE;
  }

  /** @returns whether it is the first time within the hour that it asked this one */
  addAsked(ip: string): boolean {
    this.#asked ??= new Set();
    return addBelow(this.#asked, ip, MAXIMUM_PEERS);
  }

  /** @returns whether it is the first time within the hour that this one asked it */
  addAsking(ip: string): boolean {
    this.#asking ??= new Set();
    return addBelow(this.#asking, ip, MAXIMUM_PEERS);
  }

  /** @returns whether it is the first time within the hour */
  addHabit(habit: string): boolean {
    this.#habits ??= new Set();
    return addBelow(this.#habits, habit, MAXIMUM_HABITS);
  }

  /** Adds to a plain sum. @returns the sum */
  add(measure: MeasureId, amount: number): number {
    const at = MEASURE_AT[measure];
    const value = (this.values[at] ?? 0) + amount;
    this.values[at] = value;
    return value;
  }

  /** Counts different members. @returns how many there are; 0 where it was there already */
  addMember(measure: MeasureId, member: string | number): number {
    this.#members ??= new Map();
    let members = this.#members.get(measure);
    if (members === undefined) {
      members = new Set();
      this.#members.set(measure, members);
    }
    if (members.size >= MAXIMUM_MEMBERS || members.has(member)) return 0;
    members.add(member);
    this.values[MEASURE_AT[measure]] = members.size;
    return members.size;
  }

  /**
   * Counts different members for each group; the measure is the highest of all groups.
   *
   * @param weight what each member counts
   * @returns whether the measure has risen
   */
  addToGroup(measure: MeasureId, group: string, member: string | number, weight = 1): boolean {
    this.#groups ??= new Map();
    let groups = this.#groups.get(measure);
    if (groups === undefined) {
      groups = new Map();
      this.#groups.set(measure, groups);
    }
    let members = groups.get(group);
    if (members === undefined) {
      if (groups.size >= MAXIMUM_GROUPS) return false;
      members = new Set();
      groups.set(group, members);
    }
    if (members.size >= MAXIMUM_MEMBERS || members.has(member)) return false;
    members.add(member);
    return weight === 1 ? this.#raise(measure, members.size, group) : this.addFor(measure, group, weight);
  }

  /** Adds to the sum of one group; the measure is the highest of all groups. @returns whether the measure has risen */
  addFor(measure: MeasureId, group: string, amount: number): boolean {
    const sum = this.#addToSum(measure, group, amount);
    return sum !== undefined && this.#raise(measure, sum, group);
  }

  /** Adds to a plain sum, and remembers which group has most of it. @returns the sum */
  addWith(measure: MeasureId, group: string, amount: number): number {
    const sum = this.#addToSum(measure, group, amount) ?? 0;
    const most = this.#sums?.get(measure)?.get(this.detailOf(measure)) ?? 0;
    if (sum > most) this.#setDetail(measure, group);
    return this.add(measure, amount);
  }

  #addToSum(measure: MeasureId, group: string, amount: number): number | undefined {
    this.#sums ??= new Map();
    let sums = this.#sums.get(measure);
    if (sums === undefined) {
      sums = new Map();
      this.#sums.set(measure, sums);
    }
    const before = sums.get(group);
    if (before === undefined && sums.size >= MAXIMUM_GROUPS) return undefined;
    const sum = (before ?? 0) + amount;
    sums.set(group, sum);
    return sum;
  }

  #raise(measure: MeasureId, value: number, detail: string): boolean {
    const at = MEASURE_AT[measure];
    if (value <= (this.values[at] ?? 0)) return false;
    this.values[at] = value;
    this.#setDetail(measure, detail);
    return true;
  }

  #setDetail(measure: MeasureId, detail: string): void {
    this.#details ??= new Map();
    this.#details.set(measure, detail);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** @returns whether it was not in the set, and there was room */
function addBelow(set: Set<string>, member: string, maximum: number): boolean {
  if (set.has(member) || set.size >= maximum) return false;
  set.add(member);
  return true;
}
