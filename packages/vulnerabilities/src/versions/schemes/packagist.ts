import { type Comparison, compareDigits, type VersionOrder, withoutLeadingZeros } from '../version-order.ts';

/*
 * Versions of Composer packages, as version_compare of PHP documents it: any other word < dev < alpha = a < beta = b < RC = rc
 * < # < pl = p. Composer brings what it can read to four numbers first (getcomposer.org/doc/articles/versions.md): `1.0` is
 * `1.0.0` to it, and older to PHP.
 *
 * `#` is as any number to PHP, so that `1.#` is as `1.1` and as `1.2`.
 */

/** Words are found by their beginning, in this order, as PHP does. */
const WORDS: readonly (readonly [string, number])[] = [
  ['dev', 1],
  ['alpha', 2],
  ['a', 2],
  ['beta', 3],
  ['b', 3],
  ['RC', 4],
  ['rc', 4],
  ['#', 5],
  ['pl', 6],
  ['p', 6],
];
const NUMBER = 5;

const READABLE =
  /^v?(\d+(?:\.\d+){0,3})(?:[._-]?(?:(stable)|((?:beta|b|rc|alpha|a|patch|pl|p)(?:[.-]?\d+)*)))?([.-]?dev)?(?:\+[^\s]+)?$/i;

/** Order of PHP, and the normal form of Composer. */
export const PACKAGIST: VersionOrder<readonly string[]> = {
  isReadable: (text) => READABLE.test(text),
  normalize,
  parse: (text) => text.replace(/^[vV]/, '').match(/\d+|[^\d.+_-]+/g) ?? [],
  compare,
};

function normalize(text: string): string {
  const composed = READABLE.exec(text);
  if (composed === null) return text;
  const [, numbers = '', , suffix = '', dev = ''] = composed;
  const padded = [...numbers.split('.'), '0', '0', '0'].slice(0, 4).join('.');
  return `${padded}.${suffix}.${dev}`.toLowerCase();
}

function compare(first: readonly string[], second: readonly string[]): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = comparePart(first[i], second[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A missing part is before a number, and as a number to a word. */
function comparePart(first: string | undefined, second: string | undefined): Comparison {
  const isOne = first !== undefined && /^\d/.test(first);
  const isOther = second !== undefined && /^\d/.test(second);
  if (isOne && isOther) return compareDigits(withoutLeadingZeros(first), withoutLeadingZeros(second));
  if (isOne && second === undefined) return 1;
  if (isOther && first === undefined) return -1;
  const difference = weigh(first) - weigh(second);
  if (difference === 0) return 0;
  return difference < 0 ? -1 : 1;
}

function weigh(part: string | undefined): number {
  if (part === undefined || /^\d/.test(part)) return NUMBER;
  return WORDS.find(([word]) => part.startsWith(word))?.[1] ?? 0;
}
