import {
  type Comparison,
  compareDigits,
  compareText,
  type VersionOrder,
  withoutLeadingZeros,
} from '../version-order.ts';

/* Debian versions, `[epoch:]upstream[-revision]`: deb-version(7), section "Sorting algorithm". */

interface DebianVersion {
  readonly epoch: string;
  readonly upstream: readonly string[];
  readonly revision: readonly string[];
}

const EPOCH = /^(\d+):/;
const READABLE = /^(?:\d+:)?\d[A-Za-z0-9.+:~-]*$/;

/** Order of dpkg. */
export const DEBIAN: VersionOrder<DebianVersion> = {
  isReadable: (text) => READABLE.test(text),
  parse,
  compare: (first, second) =>
    compareDigits(first.epoch, second.epoch) ||
    compareRuns(first.upstream, second.upstream) ||
    compareRuns(first.revision, second.revision),
};

function parse(text: string): DebianVersion {
  const epoch = EPOCH.exec(text)?.[1] ?? '';
  const rest = epoch === '' ? text : text.slice(epoch.length + 1);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: withoutLeadingZeros(epoch),
    upstream: splitRuns(hyphen === -1 ? rest : rest.slice(0, hyphen)),
    revision: splitRuns(hyphen === -1 ? '' : rest.slice(hyphen + 1)),
  };
}

/** @returns runs of other characters (even places) and of digits (odd places) in turn, either of which may be empty */
function splitRuns(text: string): readonly string[] {
  const runs: string[] = [];
  for (const [, others = '', digits = ''] of text.matchAll(/(\D*)(\d*)/g))
    runs.push(others, withoutLeadingZeros(digits));
  return runs;
}

function compareRuns(first: readonly string[], second: readonly string[]): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const compare = i % 2 === 0 ? compareOthers : compareDigits;
    const order = compare(first[i] ?? '', second[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde is before the end, the end before letters, letters before the rest. */
function compareOthers(first: string, second: string): Comparison {
  const length = Math.max(first.length, second.length);
  for (let i = 0; i < length; i++) {
    const one = weigh(first, i);
    const other = weigh(second, i);
    if (one !== other) return one < other ? -1 : 1;
  }
  return compareText(first, second);
}

function weigh(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (text[at] === '~') return -1;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter ? code : code + 256;
}
