import type { ProbePolicy } from '@sphinx/probes/policy';

/** How often a device is timed for a figure that one slow answer does not spoil. */
export const SAMPLES = 3;

/**
 * Times the answer of one port to an opened connection. @returns milliseconds, or undefined where nobody answers in time
 */
export type TimeAnswer = () => Promise<number | undefined>;

/**
 * Compares how fast a device answers with how fast it answered before it was probed. Pure but for `time`, which comes in.
 */
export class ResponseWatch {
  readonly #time: TimeAnswer;
  readonly #limits: ProbePolicy['slowdown'];
  #baselineMs: number | undefined;

  constructor(time: TimeAnswer, limits: ProbePolicy['slowdown']) {
    this.#time = time;
    this.#limits = limits;
  }

  get baselineMs(): number | undefined {
    return this.#baselineMs;
  }

  /** Before the first probe. @returns whether the device can be watched at all */
  async begin(): Promise<boolean> {
    const times: number[] = [];
    for (let count = 0; count < SAMPLES; count += 1) {
      const time = await this.#time();
      if (time !== undefined) times.push(time);
    }
    this.#baselineMs = times.length < SAMPLES ? undefined : medianOf(times);
    return this.#baselineMs !== undefined;
  }

  /** After a probe. @returns in words what has changed for the worse, or undefined when it answers as before */
  async look(): Promise<string | undefined> {
    const before = this.#baselineMs;
    if (before === undefined) return undefined;
    const times: number[] = [];
    for (let count = 0; count < SAMPLES; count += 1) {
      const time = await this.#time();
      if (time === undefined) continue;
      if (!this.#isSlow(time, before)) return undefined;
      times.push(time);
    }
    if (times.length === 0) return `it answered in ${round(before)} ms before, and no longer answers.`;
    return `it answered in ${round(before)} ms before, and takes ${round(medianOf(times))} ms now.`;
  }

  #isSlow(time: number, before: number): boolean {
    const { factor, atLeastMs } = this.#limits;
    return time > before * factor && time > before + atLeastMs;
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
