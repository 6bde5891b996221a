/**
 * How one thing comes back, as a machine of states without a clock or a wire: whoever hosts it keeps the state before it follows
 * the order, tells the event that came of it, and may be killed in between. Every order can be followed again.
 */

/** Where a recovery stands. Each phase but the last three has one order. */
export type RecoveryPhase =
  | 'waiting'
  | 'restoring'
  | 'verifying'
  | 'watching'
  | 'releasing'
  | 'taking-back'
  | 'released'
  | 'taken-back'
  | 'needs-person';

export interface RecoveryState {
  readonly phase: RecoveryPhase;
  /** Times that it was restored; another copy is taken each time. */
  readonly attempt: number;
  /** Milliseconds since 1970-01-01 UTC, when the phase began. */
  readonly since: number;
  /** Watching ends then, unless something is seen. */
  readonly watchUntil?: number | undefined;
  /** Probes that failed one after another while it is watched. */
  readonly failures: number;
  readonly log: readonly RecoveryNote[];
}

export interface RecoveryNote {
  readonly time: number;
  readonly text: string;
}

export interface RecoveryPolicy {
  /** Copies that are tried, each older than the one before. */
  readonly attempts: number;
  /** Milliseconds for which it is watched before it is released. */
  readonly watchMs: number;
  /** Probes that may fail one after another before it counts as down. */
  readonly failuresAllowed: number;
}

export const DEFAULT_RECOVERY_POLICY: RecoveryPolicy = { attempts: 3, watchMs: 30 * 60_000, failuresAllowed: 2 };

export type RecoveryEvent =
  /** All that it needs is back. */
  | { readonly type: 'ready' }
  | { readonly type: 'restored' }
  | { readonly type: 'restore-failed'; readonly reason: string; readonly isTemporary: boolean }
  /** Result of hashes and of the probes of the service together. */
  | {
      readonly type: 'verified';
      readonly hashesFit: boolean;
      readonly serviceAnswers: boolean;
      readonly reason: string;
    }
  | { readonly type: 'probe'; readonly isUp: boolean; readonly reason: string }
  /** A detection or drift on what was restored. */
  | { readonly type: 'attack-seen'; readonly reason: string }
  | { readonly type: 'time' }
  | { readonly type: 'released' }
  | { readonly type: 'taken-back' }
  | { readonly type: 'stop'; readonly by: string };

/** What the host is to do now. */
export type RecoveryOrder =
  | { readonly do: 'wait-for-needs' }
  | { readonly do: 'restore'; readonly olderBy: number }
  | { readonly do: 'verify' }
  | { readonly do: 'probe' }
  | { readonly do: 'release' }
  | { readonly do: 'take-back' }
  | { readonly do: 'tell-person' }
  | { readonly do: 'nothing' };

export function beginRecovery(now: number): RecoveryState {
  return {
    phase: 'waiting',
    attempt: 0,
    since: now,
    failures: 0,
    log: [{ time: now, text: 'It waits for what it needs.' }],
  };
}

/** What is to be done in a state; the same each time, so that it can be asked again after a crash. */
export function orderOf({ phase, attempt }: RecoveryState): RecoveryOrder {
  switch (phase) {
    case 'waiting':
      return { do: 'wait-for-needs' };
    case 'restoring':
      return { do: 'restore', olderBy: attempt - 1 };
    case 'verifying':
      return { do: 'verify' };
    case 'watching':
      return { do: 'probe' };
    case 'releasing':
      return { do: 'release' };
    case 'taking-back':
      return { do: 'take-back' };
    case 'needs-person':
      return { do: 'tell-person' };
    case 'released':
    case 'taken-back':
      return { do: 'nothing' };
  }
}

/**
 * The state after an event. An event that does not belong to the phase, as one that comes twice, changes nothing.
 *
 * @param now milliseconds since 1970-01-01 UTC
 */
export function advanceRecovery(
  state: RecoveryState,
  event: RecoveryEvent,
  now: number,
  policy: RecoveryPolicy = DEFAULT_RECOVERY_POLICY,
): RecoveryState {
  const to = (phase: RecoveryPhase, text: string, more: Partial<RecoveryState> = {}): RecoveryState => ({
    ...state,
    phase,
    since: now,
    failures: 0,
    ...more,
    log: [...state.log, { time: now, text }],
  });
  const again = (reason: string): RecoveryState =>
    state.attempt >= policy.attempts
      ? to('needs-person', `${reason} ${state.attempt} copies were tried; a person has to decide.`)
      : to('restoring', `${reason} The copy before is tried.`, { attempt: state.attempt + 1, watchUntil: undefined });
  if (event.type === 'stop' && mayStop(state.phase)) {
    const isUntouched = state.phase === 'waiting';
    return isUntouched ? to('taken-back', `Stopped by ${event.by}.`) : to('taking-back', `Stopped by ${event.by}.`);
  }
  switch (state.phase) {
    case 'waiting':
      return event.type === 'ready' ? to('restoring', 'All that it needs is back.', { attempt: 1 }) : state;
    case 'restoring':
      if (event.type === 'restored') return to('verifying', 'It was restored.');
      if (event.type !== 'restore-failed') return state;
      return event.isTemporary ? to('restoring', `${event.reason} It is tried again.`) : again(event.reason);
    case 'verifying':
      if (event.type !== 'verified') return state;
      if (!event.hashesFit) return again(`Hashes differ: ${event.reason}`);
      if (!event.serviceAnswers) return again(`It does not answer as it should: ${event.reason}`);
      return to('watching', 'Hashes fit and it answers; it is watched.', { watchUntil: now + policy.watchMs });
    case 'watching':
      return watched(state, event, now, policy, to, again);
    case 'releasing':
      return event.type === 'released' ? to('released', 'It is back in service.') : state;
    case 'taking-back':
      return event.type === 'taken-back' ? to('taken-back', 'It is as it was before.') : state;
    case 'needs-person':
    case 'released':
    case 'taken-back':
      return state;
  }
}

function watched(
  state: RecoveryState,
  event: RecoveryEvent,
  now: number,
  policy: RecoveryPolicy,
  to: (phase: RecoveryPhase, text: string, more?: Partial<RecoveryState>) => RecoveryState,
  again: (reason: string) => RecoveryState,
): RecoveryState {
  // What was restored is attacked again or was infected already: another copy without a look would only repeat that.
  if (event.type === 'attack-seen')
    return to('needs-person', `Something is wrong with what was restored: ${event.reason} A person has to decide.`);
  if (event.type === 'probe' && !event.isUp) {
    const failures = state.failures + 1;
    if (failures > policy.failuresAllowed) return again(`It went down again: ${event.reason}`);
    return { ...state, failures };
  }
  const calm = event.type === 'probe' ? { ...state, failures: 0 } : state;
  const isOver =
    (event.type === 'probe' || event.type === 'time') && calm.failures === 0 && now >= (state.watchUntil ?? 0);
  return isOver ? to('releasing', 'Nothing was seen while it was watched.') : calm;
}

function mayStop(phase: RecoveryPhase): boolean {
  return (
    phase === 'waiting' ||
    phase === 'restoring' ||
    phase === 'verifying' ||
    phase === 'watching' ||
    phase === 'needs-person'
  );
}
