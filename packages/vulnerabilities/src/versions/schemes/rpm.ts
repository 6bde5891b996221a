import {
  type Comparison,
  compareDigits,
  comparePieces,
  numberPiece,
  type VersionOrder,
  type VersionPiece,
  withoutLeadingZeros,
  wordPiece,
} from '../version-order.ts';

/* RPM versions, `[epoch:]version[-release]`: rpm-version(7) and the documented algorithm of rpmvercmp. */

interface RpmVersion {
  readonly epoch: string;
  readonly version: readonly VersionPiece[];
  /** Undefined where there is none, which is older than any. */
  readonly release: readonly VersionPiece[] | undefined;
}

const RANK = { tilde: 0, end: 1, caret: 2, letters: 3, digits: 4 } as const;
const END = wordPiece(RANK.end, '');
const EPOCH = /^(\d*):/;
const READABLE = /^(?:\d+:)?[A-Za-z0-9._+~^]*[A-Za-z0-9][A-Za-z0-9._+~^]*(?:-[A-Za-z0-9._+~^]+)?$/;

/** Order of rpm. */
export const RPM: VersionOrder<RpmVersion> = {
  isReadable: (text) => READABLE.test(text),
  parse,
  compare: (first, second) =>
    compareDigits(first.epoch, second.epoch) ||
    comparePieces(first.version, second.version, END) ||
    compareReleases(first.release, second.release),
};

function parse(text: string): RpmVersion {
  const epoch = EPOCH.exec(text);
  const rest = epoch === null ? text : text.slice(epoch[0].length);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: withoutLeadingZeros(epoch?.[1] ?? ''),
    version: splitSegments(hyphen === -1 ? rest : rest.slice(0, hyphen)),
    release: hyphen === -1 ? undefined : splitSegments(rest.slice(hyphen + 1)),
  };
}

/** Anything but ASCII letters, digits, `~` and `^` only separates. */
function splitSegments(text: string): readonly VersionPiece[] {
  const pieces: VersionPiece[] = [];
  for (const [segment] of text.matchAll(/\d+|[A-Za-z]+|[~^]/g)) {
    if (segment === '~') pieces.push(wordPiece(RANK.tilde, ''));
    else if (segment === '^') pieces.push(wordPiece(RANK.caret, ''));
    else if (/^\d/.test(segment)) pieces.push(numberPiece(RANK.digits, segment));
    else pieces.push(wordPiece(RANK.letters, segment));
  }
  return pieces;
}

function compareReleases(first: RpmVersion['release'], second: RpmVersion['release']): Comparison {
  if (first === undefined || second === undefined) {
    if (first === second) return 0;
    return first === undefined ? -1 : 1;
  }
  return comparePieces(first, second, END);
}
