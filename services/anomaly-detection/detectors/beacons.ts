import type { TelemetryRow } from '@sphinx/schema';

type FlowRow = TelemetryRow<'network_activity'>;

/** Starts of connections that are kept of each pair. */
const STARTS = 48;
/** Connections before a rhythm can be told: with fewer, chance makes one too often. */
const LEAST_STARTS = 12;
/** Pairs that are followed; those that called least lately go first. */
const MAXIMUM_PAIRS = 20_000;
/** Faster than this is a connection after the other, slower takes longer to see than anybody waits. */
const LEAST_INTERVAL_MS = 5_000;
const GREATEST_INTERVAL_MS = 12 * 3_600_000;
/** Share of its interval by which half of the calls may be off: implants add a jitter of up to a quarter. */
const GREATEST_SPREAD = 0.15;
/** A destination that more hosts call than this is a service of many. */
const MOST_CALLERS = 3;
const GROWTH = 2;

/** A rhythm that was found. */
export interface Rhythm {
  readonly intervalMs: number;
  /** Median deviation, as a share of the interval. */
  readonly spread: number;
  readonly calls: number;
  readonly since: number;
  /** Chance that independent calls are as regular. */
  readonly rarity: number;
}

interface Pair {
  readonly starts: number[];
  calls: number;
  since: number;
  toldAt: number;
  leastSent: number;
  mostSent: number;
}

/**
 * Finds hosts that call the same address in a steady rhythm, as implants do to ask for orders. Judged by the median of the
 * intervals and the median absolute deviation from it, which a few missed or extra calls do not move.
 */
export class Beacons {
  readonly #pairs = new Map<string, Pair>();
  readonly #callers = new Map<string, Set<string>>();

  get pairs(): number {
    return this.#pairs.size;
  }

  /** @returns a rhythm, where the pair has one and it is news */
  take(row: FlowRow): Rhythm | undefined {
    const { src_ip: caller, dst_ip: called, dst_port: port, time, bytes_out: sent } = row;
    const target = `${called} ${port}`;
    const callers = this.#callersOf(target);
    if (callers.size <= MOST_CALLERS) callers.add(caller);
    if (callers.size > MOST_CALLERS) return undefined;
    const pair = this.#pairOf(`${caller} ${target}`, time);
    insertSorted(pair.starts, time);
    if (pair.starts.length > STARTS) pair.starts.shift();
    pair.calls++;
    pair.since = Math.min(pair.since, time);
    pair.leastSent = Math.min(pair.leastSent, sent);
    pair.mostSent = Math.max(pair.mostSent, sent);
    if (pair.calls < pair.toldAt) return undefined;
    const rhythm = rhythmOf(pair);
    if (rhythm === undefined) return undefined;
    pair.toldAt = pair.calls * GROWTH;
    return rhythm;
  }

  #callersOf(target: string): Set<string> {
    let callers = this.#callers.get(target);
    if (callers === undefined) {
      if (this.#callers.size >= MAXIMUM_PAIRS) this.#callers.clear();
      callers = new Set();
      this.#callers.set(target, callers);
    }
    return callers;
  }

  #pairOf(key: string, time: number): Pair {
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      if (this.#pairs.size >= MAXIMUM_PAIRS) {
        const [oldest] = this.#pairs.keys();
        if (oldest !== undefined) this.#pairs.delete(oldest);
      }
      pair = {
        starts: [],
        calls: 0,
        since: time,
        toldAt: LEAST_STARTS,
        leastSent: Number.POSITIVE_INFINITY,
        mostSent: 0,
      };
    } else this.#pairs.delete(key);
    // Last in the order of the map: the first one called least lately.
    this.#pairs.set(key, pair);
    return pair;
  }
}

/** Flows are told as they end: almost in order. */
function insertSorted(starts: number[], time: number): void {
  let at = starts.length;
  while (at > 0 && (starts[at - 1] ?? 0) > time) at--;
  starts.splice(at, 0, time);
}

/** Connections that begin together are one call: browsers open several at once. */
const TOGETHER_MS = 2_000;

function rhythmOf({ starts, calls, since, leastSent, mostSent }: Pair): Rhythm | undefined {
  const intervals: number[] = [];
  for (let at = 1; at < starts.length; at++) {
    const interval = (starts[at] ?? 0) - (starts[at - 1] ?? 0);
    if (interval > TOGETHER_MS) intervals.push(interval);
  }
  if (intervals.length < LEAST_STARTS - 1) return undefined;
  const interval = median(intervals);
  if (interval < LEAST_INTERVAL_MS || interval > GREATEST_INTERVAL_MS) return undefined;
  const spread = median(intervals.map((each) => Math.abs(each - interval))) / interval;
  if (spread > GREATEST_SPREAD) return undefined;
  const near = intervals.filter((each) => Math.abs(each - interval) <= GREATEST_SPREAD * 2 * interval).length;
  // Calls of a person differ in what they send; those of a program that asks for orders hardly do.
  if (near < intervals.length * 0.7 || mostSent > leastSent * 4 + 2_000) return undefined;
  return { intervalMs: interval, spread, calls, since, rarity: chanceOf(near, intervals.length) };
}

/** Intervals of independent calls are exponential: so many of them lie within the band around their median by chance. */
function chanceOf(near: number, count: number): number {
  const [low, high] = [1 - 2 * GREATEST_SPREAD, 1 + 2 * GREATEST_SPREAD];
  const share = 2 ** -low - 2 ** -high;
  // Chernoff's bound for a binomial tail.
  const seen = near / count;
  const divergence = seen * Math.log(seen / share) + (seen === 1 ? 0 : (1 - seen) * Math.log((1 - seen) / (1 - share)));
  return Math.exp(-count * divergence);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
