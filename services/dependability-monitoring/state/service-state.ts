import type { AvailabilityState } from '@sphinx/schema';

/** What one check, or the observed traffic, says of a service. */
export interface Voice {
  readonly title: string;
  readonly state: AvailabilityState;
  readonly message: string;
  /** Without it the service cannot be used; others only degrade it. */
  readonly isEssential: boolean;
}

export interface ServiceVerdict {
  readonly state: AvailabilityState;
  /** What those say that keep it from being up; empty where it is. */
  readonly reason: string;
}

const MAXIMUM_REASONS = 3;

/** The state of a service out of what its checks and its traffic say: the gravest that counts. */
export function judgeService(voices: readonly Voice[]): ServiceVerdict {
  const known = voices.filter(({ state }) => state !== 'unknown');
  if (known.length === 0) return { state: 'unknown', reason: '' };
  const down = known.filter(({ state, isEssential }) => state === 'down' && isEssential);
  if (down.length > 0) return { state: 'down', reason: words(down) };
  const degraded = known.filter(({ state }) => state !== 'up');
  if (degraded.length > 0) return { state: 'degraded', reason: words(degraded) };
  return { state: 'up', reason: '' };
}

function words(voices: readonly Voice[]): string {
  const told = voices.slice(0, MAXIMUM_REASONS).map(({ title, message }) => `${title}: ${message}`);
  const more = voices.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
}
