import { formatBytes, formatCount, formatDuration } from '../../components/format.ts';
import type { Anomaly, Unit } from './queries.ts';

const MS_PER_SECOND = 1000;

export function amountText(value: number, unit: Unit): string {
  if (unit === 'bytes') return formatBytes(value);
  return unit === 'seconds' ? formatDuration(value * MS_PER_SECOND) : formatCount(Math.round(value));
}

export const BASIS_TITLES: Readonly<Record<Anomaly['basis'], string>> = {
  itself: 'its own past',
  kind: 'its kind',
  site: 'all hosts here',
  hospitals: 'hospitals in general',
};

export const VERDICT_TITLES = { open: 'Open', normal: 'Normal', confirmed: 'Confirmed' } as const;
