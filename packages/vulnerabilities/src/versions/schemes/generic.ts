import {
  comparePieces,
  numberPiece,
  placeOfNumbers,
  type VersionOrder,
  type VersionPiece,
  wordPiece,
} from '../version-order.ts';

/*
 * Versions of vendors that follow no published scheme, and Windows builds, as people mean them: numbers by value, `1.0` as
 * `1.0.0`, `2.4 SP1` after `2.4` and before `2.4.1`, `2.0 beta` before `2.0`, `1.0.2k` after `1.0.2`, `VB20A` after `VB10B`.
 */

/** Words of a release before the release, from early to late; those of one line mean the same. */
const PRE_RELEASE: readonly (readonly string[])[] = [
  ['dev', 'devel', 'nightly', 'snapshot'],
  ['alpha'],
  ['beta'],
  ['milestone'],
  ['preview', 'pre', 'prerelease', 'ctp'],
  ['rc', 'cr', 'candidate'],
];

/** Words that say no more than that it is the release. */
const RELEASE = new Set(['final', 'ga', 'release', 'rtm', 'stable', 'gold']);

/** Different words for the same, each with the one that stands for all. */
const SYNONYMS: Readonly<Record<string, string>> = {
  servicepack: 'sp',
  'service pack': 'sp',
  hotfix: 'hf',
  patch: 'p',
  pl: 'p',
  update: 'u',
  upd: 'u',
  revision: 'rev',
  bld: 'build',
};

/** Words before the first number that are no part of the version. */
const PREFIX = /^\s*(?:(?:software|firmware|sw|fw)\s+)?(?:versions?|vers?\.?|v\.?|release|rel\.?|build)?\s*(?=\d)/i;

const RANK = { preRelease: 0, end: 1, word: 2, number: 3 } as const;
const END = wordPiece(RANK.end, '');
const PIECE = /\d+|service pack|\p{L}+|~/gu;
const READABLE_LENGTH = 128;

/** Order of vendors' versions. */
export const GENERIC: VersionOrder<readonly VersionPiece[]> = {
  isReadable: (text) => text.length <= READABLE_LENGTH && /\d/.test(text),
  parse,
  place: (pieces) =>
    pieces.every(({ rank }) => rank === RANK.number) ? placeOfNumbers(pieces.map(({ content }) => content)) : undefined,
  compare: (first, second) => comparePieces(first, second, END),
};

function parse(text: string): readonly VersionPiece[] {
  const pieces: VersionPiece[] = [];
  for (const [raw] of text.replace(PREFIX, '').toLowerCase().matchAll(PIECE)) {
    if (/^\d/.test(raw)) pieces.push(numberPiece(RANK.number, raw));
    else if (!RELEASE.has(raw)) {
      dropZeros(pieces);
      pieces.push(toWord(raw));
    }
  }
  dropZeros(pieces);
  return pieces;
}

function toWord(raw: string): VersionPiece {
  if (raw === '~') return numberPiece(RANK.preRelease, '0');
  const word = SYNONYMS[raw] ?? raw;
  const early = PRE_RELEASE.findIndex((words) => words.includes(word));
  return early === -1 ? wordPiece(RANK.word, word) : numberPiece(RANK.preRelease, String(early + 1));
}

/** Zeros at the end of a run of numbers do not count, except the only one. */
function dropZeros(pieces: VersionPiece[]): void {
  while (pieces.length > 1) {
    const last = pieces.at(-1);
    const isZero = last?.rank === RANK.number && last.content === '';
    if (!isZero || pieces.at(-2)?.rank !== RANK.number) return;
    pieces.pop();
  }
}
