import {
  type Comparison,
  compareDigits,
  comparePieces,
  compareText,
  numberPiece,
  type VersionOrder,
  type VersionPiece,
  withoutLeadingZeros,
  wordPiece,
} from '../version-order.ts';

/*
 * Python versions: PEP 440, with the normalisations of its appendix B. What does not follow it is older than all that does, in
 * the order that setuptools had before PEP 440.
 */

/** Exactly one is there. */
interface PythonVersion {
  readonly key?: readonly VersionPiece[];
  readonly epoch: string;
  readonly legacy?: readonly string[];
}

const PATTERN = new RegExp(
  [
    /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d+)?)?/,
    /(?:-(?<implicitPost>\d+)|(?<post>[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d+)?))?/,
    /(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?/,
    /(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
);

/** After equal numbers: development release, pre-release, nothing, post-release, local version; more numbers come last. */
const RANK = { dev: 0, pre: 1, end: 2, local: 3, localWord: 4, localNumber: 5, post: 6, number: 7 } as const;
const END = wordPiece(RANK.end, '');

/** Order of Python packages. */
export const PYPI: VersionOrder<PythonVersion> = { isReadable: (text) => PATTERN.test(text), parse, compare };

function parse(text: string): PythonVersion {
  const groups = PATTERN.exec(text)?.groups;
  if (groups === undefined) return { epoch: '', legacy: parseLegacy(text.toLowerCase()) };
  const { release = '', pre, preNumber = '', implicitPost, post, postNumber = '', dev, devNumber = '', local } = groups;
  const pieces = release
    .replace(/(?:\.0+)+$/, '')
    .split('.')
    .map((digits) => numberPiece(RANK.number, digits));
  if (pre !== undefined) pieces.push(wordPiece(RANK.pre, preLetter(pre)), numberPiece(RANK.number, preNumber));
  if (implicitPost !== undefined || post !== undefined) {
    pieces.push(numberPiece(RANK.post, implicitPost ?? postNumber));
  }
  if (dev !== undefined) pieces.push(numberPiece(RANK.dev, devNumber));
  if (local !== undefined) pieces.push(wordPiece(RANK.local, ''), ...localPieces(local));
  return { epoch: withoutLeadingZeros(groups.epoch ?? ''), key: pieces };
}

function preLetter(word: string): string {
  const lower = word.toLowerCase();
  if (lower.startsWith('a')) return 'a';
  return lower.startsWith('b') ? 'b' : 'rc';
}

function localPieces(local: string): VersionPiece[] {
  return local
    .toLowerCase()
    .split(/[-_.]/)
    .map((part) => (/^\d+$/.test(part) ? numberPiece(RANK.localNumber, part) : wordPiece(RANK.localWord, part)));
}

function compare(first: PythonVersion, second: PythonVersion): Comparison {
  if (first.key === undefined || second.key === undefined) {
    if (first.key !== undefined) return 1;
    return second.key === undefined ? compareLegacy(first.legacy ?? [], second.legacy ?? []) : -1;
  }
  return compareDigits(first.epoch, second.epoch) || comparePieces(first.key, second.key, END);
}

const LEGACY_WORDS: Readonly<Record<string, string>> = { pre: 'c', preview: 'c', '-': 'final-', rc: 'c', dev: '@' };
const LEGACY_DIGITS = 24;

function parseLegacy(text: string): readonly string[] {
  const parts: string[] = [];
  for (const raw of [...text.split(/(\d+|[a-z]+|\.|-)/), 'final']) {
    if (raw === '' || raw === '.') continue;
    const part = /^\d/.test(raw) ? raw.padStart(LEGACY_DIGITS, '0') : `*${LEGACY_WORDS[raw] ?? raw}`;
    if (part.startsWith('*')) {
      while (part < '*final' && parts.at(-1) === '*final-') parts.pop();
      while (/^0+$/.test(parts.at(-1) ?? '')) parts.pop();
    }
    parts.push(part);
  }
  return parts;
}

function compareLegacy(first: readonly string[], second: readonly string[]): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const order = compareText(first[i] ?? '', second[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
