import type { Threshold } from '../thresholds.ts';

const MICROS_PER_SECOND = 1_000_000;
/** Hosts that thresholds count at a time; beyond this the longest known are forgotten. */
const MAXIMUM_COUNTERS = 200_000;

interface Counter {
  startMicros: number;
  count: number;
  next: number;
  ports: Set<number> | undefined;
}

/** Whom a match concerns. */
export interface ThresholdSubject {
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Identifies the flow; thresholds that track flows never hold without one. */
  readonly flow: object | undefined;
}

/** A threshold, and what it is counted under. */
export interface CountedThreshold {
  readonly name: string;
  readonly threshold: Threshold;
}

/** Counts matches per rule and host. */
export class ThresholdCounters {
  readonly #counters = new Map<string, Counter>();
  readonly #perFlow = new WeakMap<object, Map<string, Counter>>();

  /** @returns whether a match of this rule speaks now */
  admits(rule: string, threshold: Threshold, subject: ThresholdSubject, timeMicros: number): boolean {
    const counter = this.#counter(rule, threshold, subject, timeMicros);
    const isOver = timeMicros - counter.startMicros > threshold.seconds * MICROS_PER_SECOND;
    if (isOver && threshold.type !== 'backoff') restart(counter, timeMicros);
    if (threshold.unique === undefined) counter.count += 1;
    else counter.count = countPorts(counter, threshold.unique, subject);
    return decide(counter, threshold, timeMicros);
  }

  #counter(rule: string, threshold: Threshold, subject: ThresholdSubject, timeMicros: number): Counter {
    const counters = threshold.track === 'by_flow' ? this.#flowCounters(subject.flow) : this.#counters;
    const key = `${rule}|${subjectKey(threshold, subject)}`;
    const known = counters.get(key);
    if (known !== undefined) return known;
    if (counters.size >= MAXIMUM_COUNTERS) {
      const oldest = counters.keys().next().value;
      if (oldest !== undefined) counters.delete(oldest);
    }
    const counter: Counter = { startMicros: timeMicros, count: 0, next: threshold.count, ports: undefined };
    counters.set(key, counter);
    return counter;
  }

  #flowCounters(flow: object | undefined): Map<string, Counter> {
    if (flow === undefined) return new Map();
    let counters = this.#perFlow.get(flow);
    if (counters === undefined) {
      counters = new Map();
      this.#perFlow.set(flow, counters);
    }
    return counters;
  }
}

function subjectKey({ track }: Threshold, { sourceIp, destinationIp }: ThresholdSubject): string {
  switch (track) {
    case 'by_src':
      return sourceIp;
    case 'by_dst':
      return destinationIp;
    case 'by_both':
      return sourceIp < destinationIp ? `${sourceIp}|${destinationIp}` : `${destinationIp}|${sourceIp}`;
    default:
      return '';
  }
}

function restart(counter: Counter, timeMicros: number): void {
  counter.startMicros = timeMicros;
  counter.count = 0;
  counter.ports = undefined;
}

function countPorts(counter: Counter, unique: 'src_port' | 'dst_port', subject: ThresholdSubject): number {
  counter.ports ??= new Set();
  counter.ports.add(unique === 'src_port' ? subject.sourcePort : subject.destinationPort);
  return counter.ports.size;
}

function decide(counter: Counter, threshold: Threshold, timeMicros: number): boolean {
  switch (threshold.type) {
    case 'limit':
      return counter.count <= threshold.count;
    case 'threshold':
      if (counter.count < threshold.count) return false;
      restart(counter, timeMicros);
      return true;
    case 'both':
      return counter.count === threshold.count;
    case 'detection_filter':
      return counter.count > threshold.count;
    case 'backoff':
      if (counter.count !== counter.next) return false;
      counter.next *= threshold.multiplier;
      return true;
  }
}
