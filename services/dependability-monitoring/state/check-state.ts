import type { AvailabilityState } from '@sphinx/schema';
import type { CheckOutcome } from '../checks/check.ts';

/** After how many answers of one kind in a row a check changes its state. */
export interface DampingRules {
  readonly failuresToDown: number;
  readonly warningsToDegraded: number;
  readonly successesToUp: number;
}

/** What is remembered of a check between two runs. */
export interface CheckState {
  readonly state: AvailabilityState;
  /** Since when, milliseconds since the Unix epoch. */
  readonly since: number;
  /** Last answers, oldest first, one letter each: `g`, `w`, `f`. */
  readonly recent: string;
  readonly isFlapping: boolean;
  /** What the last answer said. */
  readonly message: string;
  readonly lastAt: number | null;
  readonly latencyMs: number | null;
}

export const UNKNOWN_STATE: CheckState = {
  state: 'unknown',
  since: 0,
  recent: '',
  isFlapping: false,
  message: '',
  lastAt: null,
  latencyMs: null,
};

/** Answers that flapping is told from, as Nagios counts (documentation, "Detection and Handling of State Flapping"). */
const REMEMBERED = 21;
/** It begins to flap when so large a share of them differ from the one before, and ends below the other. */
const FLAPPING_FROM = 0.5;
const FLAPPING_UNTIL = 0.25;
/** Newer changes count up to this much more than the oldest, which count as much less. */
const WEIGHT_SPREAD = 0.2;

const LETTERS: Readonly<Record<CheckOutcome, string>> = { good: 'g', warning: 'w', failed: 'f' };

/**
 * The state of a check after one more answer. One failure is no outage and one answer no recovery: states change after several
 * in a row, and a check that goes to and fro is degraded until it is steady.
 */
export function advanceCheck(
  before: CheckState,
  answer: { readonly outcome: CheckOutcome; readonly message: string; readonly latencyMs: number | null },
  time: number,
  rules: DampingRules,
): CheckState {
  const recent = (before.recent + LETTERS[answer.outcome]).slice(-REMEMBERED);
  const share = changeShare(recent);
  const isFlapping = before.isFlapping ? share >= FLAPPING_UNTIL : share >= FLAPPING_FROM;
  const state = isFlapping ? 'degraded' : settledState(before, recent, rules);
  const since = state === before.state ? before.since : time;
  const message = isFlapping && !before.isFlapping ? `It comes and goes. ${answer.message}` : answer.message;
  return { state, since, recent, isFlapping, message, lastAt: time, latencyMs: answer.latencyMs };
}

function settledState(before: CheckState, recent: string, rules: DampingRules): AvailabilityState {
  const last = recent.at(-1) ?? '';
  const streak = recent.length - recent.replace(new RegExp(`${last}+$`), '').length;
  switch (last) {
    case 'f': {
      if (streak >= rules.failuresToDown) return 'down';
      // What was flapping settles with what it does now.
      return before.isFlapping ? 'down' : before.state;
    }
    case 'w': {
      // A warning is an answer: what was down is up in part at once enough times in a row.
      if (before.state === 'down') return streak >= rules.successesToUp ? 'degraded' : 'down';
      return streak >= rules.warningsToDegraded || before.isFlapping ? 'degraded' : before.state;
    }
    default: {
      if (before.state === 'unknown' || before.isFlapping) return 'up';
      return streak >= rules.successesToUp ? 'up' : before.state;
    }
  }
}

/** Weighted share of answers that differ from the one before; 0 until there are enough to tell. */
export function changeShare(recent: string): number {
  if (recent.length < REMEMBERED) return 0;
  const pairs = recent.length - 1;
  let changed = 0;
  let all = 0;
  for (let at = 1; at <= pairs; at += 1) {
    const weight = 1 - WEIGHT_SPREAD + (2 * WEIGHT_SPREAD * (at - 1)) / (pairs - 1);
    all += weight;
    if (recent[at] !== recent[at - 1]) changed += weight;
  }
  return changed / all;
}
