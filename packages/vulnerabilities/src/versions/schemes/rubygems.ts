import { comparePieces, numberPiece, type VersionOrder, type VersionPiece, wordPiece } from '../version-order.ts';

/* Versions of Ruby gems: Gem::Version, where any letter makes a pre-release and `-` stands for `.pre.`. */

const RANK = { word: 0, number: 1 } as const;
/** A missing segment is a zero. */
const END = numberPiece(RANK.number, '');
const READABLE = /^\s*\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\s*$/;

/** Order of RubyGems. */
export const RUBYGEMS: VersionOrder<readonly VersionPiece[]> = {
  isReadable: (text) => READABLE.test(text),
  parse,
  compare: (first, second) => comparePieces(first, second, END),
};

function parse(text: string): readonly VersionPiece[] {
  const segments = text.replaceAll('-', '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
  const firstWord = segments.findIndex((segment) => !/^\d/.test(segment));
  const cut = firstWord === -1 ? segments.length : firstWord;
  return [...toPieces(segments.slice(0, cut)), ...toPieces(segments.slice(cut))];
}

/** Zeros at the end of the numbers, and of the pre-release, do not count. */
function toPieces(segments: readonly string[]): VersionPiece[] {
  let length = segments.length;
  while (length > 0 && /^0+$/.test(segments[length - 1] ?? '')) length--;
  return segments
    .slice(0, length)
    .map((segment) => (/^\d/.test(segment) ? numberPiece(RANK.number, segment) : wordPiece(RANK.word, segment)));
}
