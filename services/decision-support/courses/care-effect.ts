import type { Interference } from '@sphinx/playbooks';
import type { PatientSafetyClass } from '@sphinx/schema';
import type { TouchedAsset } from '../subjects/subject.ts';

/** Part of its use that a thing loses while it is interfered with so. Judgement of the authors. */
const LOST_USE: Readonly<Record<Interference, number>> = {
  none: 0,
  watched: 0.02,
  'account-locked': 0.1,
  restricted: 0.15,
  restarted: 0.35,
  replaced: 0.5,
  'cut-off': 0.8,
};
/** How much care depends on a thing, after the harm classes of IEC 62304 §4.3; unknown counts as the middle. */
const DEPENDENCE: Readonly<Record<PatientSafetyClass | 'unknown', number>> = {
  'life-sustaining': 1,
  therapy: 0.8,
  diagnosis: 0.6,
  'care-support': 0.4,
  unknown: 0.5,
  none: 0.15,
};
const HARD: ReadonlySet<Interference> = new Set(['restarted', 'replaced', 'cut-off']);
/** A care area's devices that a sentence names. */
const MOST_NAMED = 3;

/** What a course of action does to care. */
export interface CareEffect {
  /** 0: nothing is noticed, 1: what sustains life is gone. */
  readonly disturbance: number;
  /** A life-sustaining device would be restarted, replaced or cut off. */
  readonly endangersLife: boolean;
  readonly areas: readonly CareAreaEffect[];
  /** Assets of which nothing is known that would tell what care loses. */
  readonly unknownAssets: number;
}

export interface CareAreaEffect {
  /** "unknown" where no asset says where it stands. */
  readonly careArea: string;
  /** Beds that the hospital states for the area; null where unknown. */
  readonly beds: number | null;
  readonly devices: number;
  readonly functions: readonly string[];
  readonly names: readonly string[];
}

/**
 * @param functions what kinds of assets do for patients, by kind
 * @param beds of care areas, as the hospital states them
 */
export function careEffect(
  interference: Interference,
  assets: readonly TouchedAsset[],
  functions: ReadonlyMap<string, string>,
  beds: Readonly<Record<string, number>>,
): CareEffect {
  const classes = assets.length === 0 ? [null] : assets.map(({ safetyClass }) => safetyClass);
  const dependence = Math.max(...classes.map((each) => DEPENDENCE[each ?? 'unknown']));
  const isTouching = interference !== 'none' && interference !== 'watched';
  return {
    disturbance: LOST_USE[interference] * dependence,
    endangersLife: HARD.has(interference) && assets.some(({ safetyClass }) => safetyClass === 'life-sustaining'),
    areas: isTouching ? areasOf(assets, functions, beds) : [],
    unknownAssets: assets.filter(({ kind, safetyClass }) => kind === '' && safetyClass === null).length,
  };
}

function areasOf(
  assets: readonly TouchedAsset[],
  functions: ReadonlyMap<string, string>,
  beds: Readonly<Record<string, number>>,
): readonly CareAreaEffect[] {
  // An incident may concern addresses of which the inventory knows nothing.
  if (assets.length === 0) return [{ careArea: 'unknown', beds: null, devices: 0, functions: [], names: [] }];
  const knownBeds = new Map(Object.entries(beds).map(([area, count]) => [area.toLowerCase(), count]));
  return [...Map.groupBy(assets, ({ careArea }) => careArea || 'unknown')].map(([careArea, there]) => ({
    careArea,
    beds: knownBeds.get(careArea.toLowerCase()) ?? null,
    devices: there.length,
    functions: [...new Set(there.flatMap(({ kind }) => functions.get(kind) ?? []))].slice(0, MOST_NAMED),
    names: there.slice(0, MOST_NAMED).map(({ name }) => name),
  }));
}
