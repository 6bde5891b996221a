import type { Norm } from '../baselines/norm.ts';
import { MEASURES, type MeasureId } from '../traffic/measures.ts';

const STEPS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
const STEP = 1000;

/** @returns for example `340 addresses tried in vain on port 445 in one hour` */
export function seenWords(measure: MeasureId, value: number, detail: string): string {
  return `${amountWords(measure, value)} ${wordsOf(measure, detail)} in one hour`;
}

/** @returns for example `Usually 2 an hour, more than 9 in one hour of a hundred (this device in 410 hours of activity).` */
export function expectedWords(measure: MeasureId, norm: Norm, kind: string): string {
  const { usual, high } = norm;
  const compared = comparedWords(norm, kind);
  if (usual === 0 && high === 0) return `None as a rule (${compared})`;
  const more = `more than ${amountWords(measure, high)} in one hour of a hundred (${compared})`;
  return usual === undefined ? `Not ${more}` : `Usually ${amountWords(measure, usual)} an hour, ${more}`;
}

export function amountWords(measure: MeasureId, value: number): string {
  const { unit } = MEASURES[measure];
  if (unit === 'seconds') return value < 120 ? `${Math.round(value)} seconds` : `${Math.round(value / 60)} minutes`;
  if (unit === 'count') return Math.round(value).toLocaleString('en');
  let rest = value;
  let step = 0;
  while (rest >= STEP && step < STEPS.length - 1) {
    rest /= STEP;
    step++;
  }
  return `${rest >= 100 || step === 0 ? Math.round(rest) : Math.round(rest * 10) / 10} ${STEPS[step]}`;
}

/** What a measure is of, for example `sent to the internet, most of it to 198.51.100.7`. */
export function wordsOf(measure: MeasureId, detail: string): string {
  return MEASURES[measure].words.replace('{detail}', detail);
}

/** What the number is compared with. */
export function comparedWords({ basis, hours }: Pick<Norm, 'basis' | 'hours'>, kind: string): string {
  switch (basis) {
    case 'itself':
      return `this ${kind === 'user' ? 'person' : 'device'} in ${timeWords(hours)}`;
    case 'kind':
      return `all of the kind ${kind} in ${timeWords(hours)}`;
    case 'site':
      return `all hosts here in ${timeWords(hours)}`;
    default:
      return 'hospitals in general: nothing was learnt here yet';
  }
}

function timeWords(hours: number): string {
  return `${Math.round(hours).toLocaleString('en')} hours of activity`;
}

/** What a sentence about rarity needs of an anomaly. */
export interface Rare {
  readonly detector: string;
  readonly rarity: number;
  readonly measure: object | null;
  readonly habit: string | null;
}

/** Rarer than this is said as "less than": what was learnt says no more. */
const RAREST = 1e-9;

/**
 * @returns how rare it is in a sentence without its end, by what was compared: amounts with those of other hours, what is new with how often
 * it could have been there before, a rhythm with what chance does, and what needs no comparison with nothing
 */
export function howRare({ detector, rarity, measure, habit }: Rare): string {
  if (detector === 'beaconing') return `Chance alone is as regular in ${shareWords(rarity)} cases`;
  if (rarity === 0) return 'Nothing here ever does so';
  if (measure !== null)
    return `As much or more in ${rarity >= 0.5 ? 'every other hour' : `${shareWords(rarity)} hours`}`;
  if (detector === 'unusual-combination') return `An hour is as strange in ${shareWords(rarity)} cases`;
  if (detector === 'new-peer') return `Somebody new comes in ${shareWords(rarity)} hours of such devices`;
  if (habit === null) return `Seen in ${shareWords(rarity)} hours`;
  // Half a time in so many hours: it was not there in any of them.
  const hours = Math.max(1, Math.round(0.5 / rarity) - 1);
  return `Not once in ${hours.toLocaleString('en')} hours of activity before`;
}

/** @returns for example `1 of 2,000` */
function shareWords(rarity: number): string {
  const less = rarity < RAREST ? 'less than ' : '';
  return `${less}1 of ${Number((1 / Math.max(rarity, RAREST)).toPrecision(2)).toLocaleString('en')}`;
}

/** @returns for example `2 March 2026, 08:15 UTC` */
export function momentWords(time: number): string {
  return `${dayWords(time)}, ${new Date(time).toISOString().slice(11, 16)} UTC`;
}

/** @returns for example `2 March 2026` (UTC) */
export function dayWords(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
