import type { Range } from './queries.ts';

/** "5 to 30 minutes", "unknown" where nothing is known. */
export function rangeWords(range: Range | null, unit: string): string {
  if (range === null) return 'unknown';
  const [low, high] = range.map((value) => value.toLocaleString('en'));
  return low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}`;
}

/** "45 to 70 %" */
export function percentWords([low, high]: Range): string {
  const [from, to] = [Math.round(low * 100), Math.round(high * 100)];
  return from === to ? `${from} %` : `${from} to ${to} %`;
}
