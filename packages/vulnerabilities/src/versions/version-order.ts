/** Negative: the first is older; zero: neither is newer; positive: the first is newer. */
export type Comparison = -1 | 0 | 1;

/** How versions of one ecosystem are read and ordered. */
export interface VersionOrder<Key> {
  /** @returns whether the text is a version as the ecosystem defines it (and not only something that can be put in an order) */
  isReadable(text: string): boolean;
  /** Takes any text: what is malformed gets a place in the order too. */
  parse(text: string): Key;
  /** The form in which versions that users take for the same are the same; left out where the text is that form. */
  normalize?(text: string): string;
  /**
   * A number that orders keys which have one as `compare` does; undefined for a key that has none, left out where no key has.
   */
  place?(key: Key): number | undefined;
  /** A total order over keys, but for the circles that a scheme's specification has itself. */
  compare(first: Key, second: Key): Comparison;
}

/**
 * One piece of a version. Pieces are ordered by rank, then by content: numbers by value, words by code unit.
 * Where a version has ended and another goes on, the scheme's `end` stands in for the missing piece.
 */
export interface VersionPiece {
  readonly rank: number;
  /** Digits without leading zeros (`''` is zero), or a word. */
  readonly content: string;
  readonly isNumber: boolean;
}

/** @returns a piece with the value of a run of decimal digits of any length */
export function numberPiece(rank: number, digits: string): VersionPiece {
  return { rank, content: withoutLeadingZeros(digits), isNumber: true };
}

export function wordPiece(rank: number, word: string): VersionPiece {
  return { rank, content: word, isNumber: false };
}

/** Lexicographic order, which is total because that of pieces is. */
export function comparePieces(
  first: readonly VersionPiece[],
  second: readonly VersionPiece[],
  end: VersionPiece,
): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = comparePiece(first[i] ?? end, second[i] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePiece(first: VersionPiece, second: VersionPiece): Comparison {
  if (first.rank !== second.rank) return first.rank < second.rank ? -1 : 1;
  return first.isNumber && second.isNumber
    ? compareDigits(first.content, second.content)
    : compareText(first.content, second.content);
}

/** Compares numbers of any length: digits without leading zeros. */
export function compareDigits(first: string, second: string): Comparison {
  if (first.length !== second.length) return first.length < second.length ? -1 : 1;
  return compareText(first, second);
}

/** By code units, as `strcmp` does for ASCII. */
export function compareText(first: string, second: string): Comparison {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

export function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits[start] === '0') start++;
  return digits.slice(start);
}

/** @returns digit lists in lexicographic order; a list that has ended is older */
export function compareNumberLists(first: readonly string[], second: readonly string[]): Comparison {
  const length = Math.min(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = compareDigits(first[i] ?? '', second[i] ?? '');
    if (order !== 0) return order;
  }
  return compareLengths(first.length, second.length);
}

export function compareLengths(first: number, second: number): Comparison {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

const PLACED_PIECES = 4;
/** Four pieces of so many values fit into the 53 bits in which a number is exact. */
const PIECE_VALUES = 2 ** 13;

/** @returns the place of a version that is numbers only among others of its kind; undefined where it has too many or too large ones */
export function placeOfNumbers(numbers: readonly string[]): number | undefined {
  if (numbers.length > PLACED_PIECES) return undefined;
  let place = 0;
  for (let piece = 0; piece < PLACED_PIECES; piece += 1) {
    const digits = numbers[piece];
    // A version that has ended is before one that goes on, be it with a zero.
    const value = digits === undefined ? 0 : Number(digits) + 1;
    if (!(value < PIECE_VALUES)) return undefined;
    place = place * PIECE_VALUES + value;
  }
  return place;
}
