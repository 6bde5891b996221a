import {
  type Comparison,
  compareDigits,
  compareLengths,
  compareText,
  placeOfNumbers,
  type VersionOrder,
  withoutLeadingZeros,
} from '../version-order.ts';

/*
 * Semantic Versioning 2.0.0, §11, and what is like it. A leading `v` and missing numbers are taken, as npm and Cargo do; a
 * fourth number counts as build metadata, which has no place in the order.
 */

/** Also what NuGet and Dart read into. */
export interface SemanticVersion {
  /** Digits without leading zeros; undefined where the text does not begin with a number. */
  readonly numbers: readonly string[] | undefined;
  readonly preRelease: readonly string[];
  readonly build: readonly string[];
  /** What orders texts that are no version. */
  readonly text: string;
}

const READABLE = /^v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Order of Semantic Versioning. */
export const SEMVER: VersionOrder<SemanticVersion> = {
  isReadable: (text) => READABLE.test(text),
  parse: (text) => parseSemantic(text, 3),
  place: ({ numbers, preRelease }) =>
    numbers !== undefined && preRelease.length === 0 ? placeOfNumbers(numbers) : undefined,
  compare: compareSemantic,
};

/** @param maximum how many numbers a version has; more are build metadata */
export function parseSemantic(text: string, maximum: number): SemanticVersion {
  const trimmed = text.trim();
  const [head, core] = /^[vV=]?\s*(\d+(?:\.\d+)*)/.exec(trimmed) ?? ['', undefined];
  if (core === undefined) return { numbers: undefined, preRelease: [], build: [], text: trimmed };
  const all = core.split('.');
  const numbers = all.slice(0, maximum).map(withoutLeadingZeros);
  const [rest = '', ...metadata] = trimmed.slice(head.length).split('+');
  // `1.0.0rc1` is taken as `1.0.0-rc1`, as npm does when it is lenient.
  const preRelease = all.length > maximum ? [] : splitIdentifiers(rest.replace(/^[-.]/, ''));
  const surplus = all.length > maximum ? [all.slice(maximum).join('.') + rest] : [];
  const build = [...surplus, metadata.join('+')].flatMap(splitIdentifiers);
  while (numbers.length < maximum) numbers.push('');
  return { numbers, preRelease, build, text: trimmed };
}

function splitIdentifiers(text: string): readonly string[] {
  return text === '' ? [] : text.split('.');
}

/** @returns the order without build metadata; what is no version is older than any version */
export function compareSemantic(first: SemanticVersion, second: SemanticVersion): Comparison {
  if (first.numbers === undefined || second.numbers === undefined) {
    if (first.numbers !== undefined) return 1;
    return second.numbers === undefined ? compareText(first.text, second.text) : -1;
  }
  for (const [i, number] of first.numbers.entries()) {
    const order = compareDigits(number, second.numbers[i] ?? '');
    if (order !== 0) return order;
  }
  const hasOne = first.preRelease.length > 0;
  const hasOther = second.preRelease.length > 0;
  if (hasOne !== hasOther) return hasOne ? -1 : 1;
  return compareIdentifiers(first.preRelease, second.preRelease);
}

/** Numbers by value and before words, words by code unit, fewer before more (§11.4). */
export function compareIdentifiers(first: readonly string[], second: readonly string[]): Comparison {
  const length = Math.min(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = compareIdentifier(first[i] ?? '', second[i] ?? '');
    if (order !== 0) return order;
  }
  return compareLengths(first.length, second.length);
}

function compareIdentifier(first: string, second: string): Comparison {
  const isNumber = /^\d+$/.test(first);
  if (isNumber !== /^\d+$/.test(second)) return isNumber ? -1 : 1;
  return isNumber ? compareDigits(withoutLeadingZeros(first), withoutLeadingZeros(second)) : compareText(first, second);
}
