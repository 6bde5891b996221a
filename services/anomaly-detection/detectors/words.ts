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

/** @returns for example `1 of 2,000 hours` */
export function rarityWords(rarity: number): string {
  if (rarity >= 0.5) return 'every other hour';
  return `1 of ${Number((1 / rarity).toPrecision(2)).toLocaleString('en')} hours`;
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
