import type { RiskFigures } from '@sphinx/schema';

/** Changes of less than this are told to nobody, whatever the level: the borders of levels would be crossed back and forth. */
const LEAST_POINTS = 1;
/** So much more or less harm is told even within a level. */
const MUCH_POINTS = 5;
/** Half as much again, or that much less. */
const MUCH_RATIO = 1.5;

/**
 * @param before as it was told last; undefined where nothing was told yet
 * @returns whether others should hear of it. The figures are judgement: small enough that no decision rests on an older value, large
 * enough that fading evidence, which moves everything a little every quarter of an hour, is told a few times, not always
 */
export function isMeaningfulStep(before: RiskFigures | undefined, now: RiskFigures): boolean {
  if (before === undefined) return now.points >= LEAST_POINTS || now.level !== 'very-low';
  const moved = Math.abs(now.points - before.points);
  if (moved < LEAST_POINTS) return false;
  if (now.level !== before.level || moved >= MUCH_POINTS) return true;
  const [least, most] = [Math.min(now.points, before.points), Math.max(now.points, before.points)];
  return most >= least * MUCH_RATIO;
}

/** @param points of now @returns whether it can be told without reckoning the level, which costs more */
export function mayBeMeaningful(before: RiskFigures | undefined, points: number): boolean {
  return Math.abs(points - (before?.points ?? 0)) >= LEAST_POINTS || before === undefined;
}
