import type { VersionRange, VersionScheme } from '../advisory.ts';
import { readRangeText } from '../versions/notations/words.ts';

/** @returns exactly one version */
export function versionRange(version: string, scheme: VersionScheme = 'generic'): VersionRange {
  const bound = { version, isInclusive: true };
  return { scheme, intervals: [{ from: bound, to: bound }] };
}

/** @returns a range in VERS or in the words of a vendor; `unclear` where they were not understood */
export function readRange(text: string): VersionRange {
  return readRangeText(text);
}

/**
 * What stands where a document should name one version: mostly one, but lists (`4.20 | 4.30`), all (`vers:all/*`) and `14.x` too.
 *
 * @returns words that name no version stand for themselves: only who writes the same is told to have it
 */
export function readVersionName(text: string): VersionRange {
  const whole = readRangeText(text);
  if (whole.unclear === undefined) return whole;
  const parts = text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const ranges = parts.map((part) => {
    const range = readRangeText(part);
    return range.unclear === undefined ? range : versionRange(part);
  });
  return { scheme: 'generic', intervals: ranges.flatMap(({ intervals }) => intervals) };
}
