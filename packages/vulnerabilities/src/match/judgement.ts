import type { AffectedStatus } from '../advisory.ts';
import type { SoftwareMatch } from './software.ts';

// What an advisory says of an item, in ten bits: hundreds of thousands of advisories are compared with tens of thousands of items.

/** What an advisory says of an item, without words. `readJudgement` tells what it means. */
export type Judgement = number;

/** In the order of their numbers. */
export const STATUSES: readonly AffectedStatus[] = [
  'affected',
  'not-affected',
  'fixed',
  'under-investigation',
  'unknown',
];
export const QUALITIES = ['exact-version', 'range', 'product'] as const;
export const IDENTITIES = ['purl', 'cpe', 'vendor-and-name', 'name'] as const;

const UNLISTED = 1 << 7;
const MAY_BE_MENDED = 1 << 8;
const OWN = 1 << 9;
/** Bits of a judgement. */
export const JUDGEMENT_BITS = 10;

/** Places in the lists above. */
export const AFFECTED = 0;
export const FIXED = 2;
export const UNKNOWN = 4;
export const EXACT = 0;
export const RANGE = 1;
export const PRODUCT = 2;

/** @returns what one entry says of a version, before it is known whose entry it is */
export function judged(status: number, quality: number, isUnlisted = false): Judgement {
  return status | (quality << 3) | (isUnlisted ? UNLISTED : 0);
}

/**
 * @param identity place in `IDENTITIES`
 * @param isOwn a distribution speaks of its own package
 */
export function ofEntry(judgement: Judgement, identity: number, isOwn: boolean): Judgement {
  return judgement | (identity << 5) | (isOwn ? OWN : 0);
}

/**
 * @param isUnsure the item is a package of a distribution, or may be newer than its version: where only the maker speaks, it may be mended
 * @returns what is told
 */
export function ofItem(judgement: Judgement, isUnsure: boolean): Judgement {
  const isAffected = (judgement & 7) === AFFECTED;
  return isUnsure && isAffected && (judgement & OWN) === 0 ? judgement | MAY_BE_MENDED : judgement;
}

/** Affected 4, fixed 3, not affected 2, under investigation 1, unknown 0: by place in `STATUSES`. */
const STATUS_WEIGHTS = [4, 2, 3, 1, 0];
const IDENTITY_WEIGHTS = [3, 3, 2, 1];

/**
 * Which of two entries of one advisory counts. What a distribution says of its own package decides before what the maker says
 * of versions; affected by one entry is affected; a status says more than none; the better name breaks ties.
 */
export function isStronger(first: Judgement, second: Judgement): boolean {
  if ((first & OWN) !== (second & OWN)) return (first & OWN) !== 0;
  return weight(first) > weight(second);
}

function weight(judgement: Judgement): number {
  return (STATUS_WEIGHTS[judgement & 7] ?? 0) * 10 + (IDENTITY_WEIGHTS[(judgement >> 5) & 3] ?? 0);
}

/** @returns the judgement in words */
export function readJudgement(
  judgement: Judgement,
): Pick<SoftwareMatch, 'status' | 'quality' | 'identity' | 'mayBeMended' | 'isUnlisted'> {
  return {
    status: STATUSES[judgement & 7] ?? 'unknown',
    quality: QUALITIES[(judgement >> 3) & 3] ?? 'product',
    identity: IDENTITIES[(judgement >> 5) & 3] ?? 'name',
    mayBeMended: (judgement & MAY_BE_MENDED) !== 0,
    ...((judgement & UNLISTED) === 0 ? {} : { isUnlisted: true }),
  };
}
