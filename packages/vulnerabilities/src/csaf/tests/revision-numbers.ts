/** A version number of a document (CSAF 2.0 §3.1.11): an integer, or a version of Semantic Versioning. */
export interface RevisionNumber {
  readonly isInteger: boolean;
  /** The integer; of a semantic version, its major part. */
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Empty where there is none. */
  readonly preRelease: string;
  /** Empty where there is none. */
  readonly build: string;
}

/** @param number of the form that the schema asks for */
export function parseRevisionNumber(number: string): RevisionNumber {
  const plus = number.indexOf('+');
  const build = plus < 0 ? '' : number.slice(plus + 1);
  const rest = plus < 0 ? number : number.slice(0, plus);
  const dash = rest.indexOf('-');
  const parts = (dash < 0 ? rest : rest.slice(0, dash)).split('.');
  const [major = 0n, minor = 0n, patch = 0n] = parts.map((part) => BigInt(part));
  return {
    isInteger: parts.length === 1,
    major,
    minor,
    patch,
    preRelease: dash < 0 ? '' : rest.slice(dash + 1),
    build,
  };
}

/** Semantic Versioning 2.0.0 §11; integers are ordered as their major parts. @returns below 0 when `a` comes before `b` */
export function compareRevisionNumbers(a: string, b: string): number {
  const [left, right] = [parseRevisionNumber(a), parseRevisionNumber(b)];
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (left[part] !== right[part]) return left[part] < right[part] ? -1 : 1;
  }
  if (left.preRelease === right.preRelease) return 0;
  if (left.preRelease === '') return 1;
  if (right.preRelease === '') return -1;
  return comparePreReleases(left.preRelease.split('.'), right.preRelease.split('.'));
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [left = '', right = ''] = [a[at], b[at]];
    if (left === right) continue;
    const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeftNumber && isRightNumber) return BigInt(left) < BigInt(right) ? -1 : 1;
    if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
