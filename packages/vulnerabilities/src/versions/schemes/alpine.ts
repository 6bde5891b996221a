import { comparePieces, numberPiece, type VersionOrder, type VersionPiece, wordPiece } from '../version-order.ts';

/*
 * Alpine versions, `number{.number}[letter]{_suffix[number]}[~hash][-r#]`: apk-package(5), order as apk-tools 3 has it. A
 * part that comes early in that form outweighs one that comes late; a pre-release suffix is older than none.
 */

const PRE_RELEASE = ['alpha', 'beta', 'pre', 'rc'];
const POST_RELEASE = ['cvs', 'svn', 'git', 'hg', 'p'];

const RANK = {
  preRelease: 0,
  invalid: 1,
  emptyNumber: 2,
  end: 3,
  revision: 4,
  hash: 5,
  suffixNumber: 6,
  postRelease: 7,
  letter: 8,
  /** A number with a leading zero is compared as text, and is then before any without. */
  zeroNumber: 9,
  number: 10,
} as const;

const END = wordPiece(RANK.end, '');
const READABLE = /^\d+(?:\.\d+)*[a-z]?\d*(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:~[0-9a-f]+)?(?:-r\d+)?$/;
const HEAD = /^(\d*)((?:\.\d*|[a-z]\d*)*)/;
const TAIL = /^((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])\d*)*)(~[0-9a-f]+)?(-r(?![a-z])\d*)?/;

/** Order of apk. */
export const ALPINE: VersionOrder<readonly VersionPiece[]> = {
  isReadable: (text) => READABLE.test(text),
  parse,
  compare: (first, second) => comparePieces(first, second, END),
};

function parse(text: string): readonly VersionPiece[] {
  const [head, first = '', more = ''] = HEAD.exec(text) ?? [''];
  const pieces = [numberPiece(RANK.number, first), ...parseNumbers(more)];
  const [tail, suffixes = '', hash, revision] = TAIL.exec(text.slice(head.length)) ?? [''];
  pieces.push(...parseSuffixes(suffixes));
  if (hash !== undefined) pieces.push(wordPiece(RANK.hash, hash.slice(1)));
  if (revision !== undefined) pieces.push(numberPiece(RANK.revision, revision.slice(2)));
  if (head.length + tail.length < text.length) pieces.push(wordPiece(RANK.invalid, ''));
  return pieces;
}

function parseNumbers(text: string): VersionPiece[] {
  const pieces: VersionPiece[] = [];
  for (const [, mark = '', digits = ''] of text.matchAll(/([.a-z])(\d*)/g)) {
    if (mark !== '.') pieces.push(wordPiece(RANK.letter, mark));
    if (digits.startsWith('0')) pieces.push(wordPiece(RANK.zeroNumber, digits));
    else if (digits !== '') pieces.push(numberPiece(RANK.number, digits));
    else if (mark === '.') pieces.push(wordPiece(RANK.emptyNumber, ''));
  }
  return pieces;
}

function parseSuffixes(text: string): VersionPiece[] {
  const pieces: VersionPiece[] = [];
  for (const [, suffix = '', digits = ''] of text.matchAll(/_([a-z]+)(\d*)/g)) {
    const before = PRE_RELEASE.indexOf(suffix);
    const rank = before === -1 ? RANK.postRelease : RANK.preRelease;
    pieces.push(numberPiece(rank, String(before === -1 ? POST_RELEASE.indexOf(suffix) : before)));
    if (digits !== '') pieces.push(numberPiece(RANK.suffixNumber, digits));
  }
  return pieces;
}
