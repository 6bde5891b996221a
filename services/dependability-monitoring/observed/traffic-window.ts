import type { AvailabilityState } from '@sphinx/schema';

/** What was seen of a service in some time. */
export interface TrafficCount {
  /** Requests with their fate known: operations, messages, exchanges. */
  readonly requests: number;
  readonly failures: number;
  /** Connections that were tried. */
  readonly connections: number;
  /** Of those, that nobody took or answered. */
  readonly refused: number;
  /** HL7 messages, and acknowledgements of them. */
  readonly messages: number;
  readonly acknowledgements: number;
  /** Connections on which segments came again, their segments, and those that came again. */
  readonly repeating: number;
  readonly segments: number;
  readonly repeated: number;
}

export const NO_TRAFFIC: TrafficCount = {
  requests: 0,
  failures: 0,
  connections: 0,
  refused: 0,
  messages: 0,
  acknowledgements: 0,
  repeating: 0,
  segments: 0,
  repeated: 0,
};

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 10;
/** Messages of the last minutes may still be answered. */
const ANSWER_MINUTES = 1;
/** Fewer say nothing: one modality that fails alone has a fault of its own. */
const LEAST = 5;
const LEAST_FOR_DOWN = 10;
/** Shares of failures from which it is degraded, and down. */
const DEGRADED_SHARE = 0.2;
const DOWN_SHARE = 0.8;
const UNACKNOWLEDGED_SHARE = 0.5;
/** Beyond a twentieth, TCP is slowed down to a crawl (Mathis et al. 1997: throughput falls with the root of the loss). */
const REPEATED_SHARE = 0.05;
const LEAST_REPEATED = 30;
const PERCENT = 100;

type Mutable = { -readonly [Key in keyof TrafficCount]: TrafficCount[Key] };

/** The last minutes of one service, by the minute. Bounded: older minutes are written over. */
export class TrafficWindow {
  readonly #minutes: { minute: number; count: Mutable }[] = [];
  /** It was seen to acknowledge; some interfaces never do. */
  #acknowledges = false;

  add(time: number, part: Partial<TrafficCount>): void {
    const minute = Math.floor(time / MINUTE_MS);
    let slot = this.#minutes.find((each) => each.minute === minute);
    if (slot === undefined) {
      slot = { minute, count: { ...NO_TRAFFIC } };
      this.#minutes.push(slot);
      if (this.#minutes.length > WINDOW_MINUTES + 1) this.#minutes.shift();
    }
    for (const key of Object.keys(part) as (keyof TrafficCount)[]) slot.count[key] += part[key] ?? 0;
    if ((part.acknowledgements ?? 0) > 0) this.#acknowledges = true;
  }

  /** @param skipMinutes leaves out the newest */
  sum(now: number, skipMinutes = 0): TrafficCount {
    const last = Math.floor(now / MINUTE_MS) - skipMinutes;
    const counts = this.#minutes.filter(({ minute }) => minute <= last && minute > last - WINDOW_MINUTES);
    return counts.reduce<TrafficCount>((sum, { count }) => added(sum, count), NO_TRAFFIC);
  }

  judge(now: number): { readonly state: AvailabilityState; readonly message: string } {
    const settled = this.sum(now, ANSWER_MINUTES);
    return judgeTraffic(this.sum(now), this.#acknowledges ? settled : undefined);
  }
}

export function added(a: TrafficCount, b: TrafficCount): TrafficCount {
  return {
    requests: a.requests + b.requests,
    failures: a.failures + b.failures,
    connections: a.connections + b.connections,
    refused: a.refused + b.refused,
    messages: a.messages + b.messages,
    acknowledgements: a.acknowledgements + b.acknowledgements,
    repeating: a.repeating + b.repeating,
    segments: a.segments + b.segments,
    repeated: a.repeated + b.repeated,
  };
}

/**
 * What the traffic of ten minutes says.
 *
 * @param acknowledged minutes whose messages had time to be acknowledged; undefined where the service never acknowledges
 */
export function judgeTraffic(
  count: TrafficCount,
  acknowledged: TrafficCount | undefined,
): { readonly state: AvailabilityState; readonly message: string } {
  const findings = [
    judgeShare(count.refused, count.connections, 'connections are not taken or not answered'),
    judgeShare(count.failures, count.requests, 'requests fail'),
    judgeAcknowledgements(acknowledged),
    judgeRepetition(count),
  ].flatMap((finding) => finding ?? []);
  const worst = findings.find(({ state }) => state === 'down') ?? findings[0];
  if (worst !== undefined) return worst;
  const isHeard = count.requests + count.connections + count.acknowledgements > 0;
  return isHeard ? { state: 'up', message: 'It is used and answers.' } : { state: 'unknown', message: 'No traffic.' };
}

function judgeShare(bad: number, all: number, words: string) {
  const share = all === 0 ? 0 : bad / all;
  if (all < LEAST || share < DEGRADED_SHARE) return undefined;
  const isDown = all >= LEAST_FOR_DOWN && share >= DOWN_SHARE;
  const message = `${bad} of ${all} ${words} (${Math.round(PERCENT * share)} percent in ${WINDOW_MINUTES} minutes).`;
  return { state: isDown ? 'down' : 'degraded', message } as const;
}

/** A network that loses much makes everything slow; one client far away that loses something is no fault of the service. */
function judgeRepetition({ repeating, segments, repeated }: TrafficCount) {
  const share = segments === 0 ? 0 : repeated / segments;
  if (repeating < LEAST || repeated < LEAST_REPEATED || share < REPEATED_SHARE) return undefined;
  const message = `${repeating} connections repeat ${Math.round(PERCENT * share)} percent of their segments (${repeated} in ${WINDOW_MINUTES} minutes): the network on the way loses packets.`;
  return { state: 'degraded', message } as const;
}

function judgeAcknowledgements(count: TrafficCount | undefined) {
  if (count === undefined || count.messages < LEAST) return undefined;
  const missing = count.messages - count.acknowledgements;
  if (missing < UNACKNOWLEDGED_SHARE * count.messages) return undefined;
  const isDown = count.acknowledgements === 0 && count.messages >= LEAST_FOR_DOWN;
  const message = `${missing} of ${count.messages} HL7 messages were not acknowledged.`;
  return { state: isDown ? 'down' : 'degraded', message } as const;
}
