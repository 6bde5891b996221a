import {
  type Comparison,
  compareNumberLists,
  compareText,
  type VersionOrder,
  withoutLeadingZeros,
} from '../version-order.ts';

/*
 * Versions that are lists of numbers, in which a longer list is newer than its beginning. Hackage: Data.Version and the Package
 * Versioning Policy. CRAN: `numeric_version` of R, where `-` separates as `.` does.
 */

interface NumberList {
  readonly numbers: readonly string[];
  /** What follows the numbers and is no part of a version; it decides only between equal lists. */
  readonly rest: string;
}

/** Order of Hackage. */
export const HACKAGE: VersionOrder<NumberList> = numberLists(/^\d+(?:\.\d+)*/);

/** Order of CRAN. */
export const CRAN: VersionOrder<NumberList> = numberLists(/^\d+(?:[.-]\d+)*/);

function numberLists(pattern: RegExp): VersionOrder<NumberList> {
  return {
    isReadable: (text) => pattern.exec(text)?.[0].length === text.length,
    parse: (text) => {
      const head = pattern.exec(text)?.[0] ?? '';
      const numbers = head === '' ? [] : head.split(/[.-]/).map(withoutLeadingZeros);
      return { numbers, rest: text.slice(head.length) };
    },
    compare: (first, second): Comparison =>
      compareNumberLists(first.numbers, second.numbers) || compareText(first.rest, second.rest),
  };
}
