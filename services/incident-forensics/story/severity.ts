import { type IncidentAsset, type PatientSafetyClass, Severity } from '@sphinx/schema';
import type { Cluster } from '../grouping/cluster.ts';

const LEVELS = Severity.options;
/** Points from which on an incident is at least this severe, whatever its single signals say. */
const BY_POINTS: readonly (readonly [Severity, number])[] = [
  ['critical', 220],
  ['high', 100],
  ['medium', 0],
];
const GRAVITY: readonly PatientSafetyClass[] = ['life-sustaining', 'therapy', 'diagnosis', 'care-support'];

/** What a failure of a device does, in words (classes of IEC 62304 §4.3). */
const HARM: Readonly<Record<PatientSafetyClass, string>> = {
  'life-sustaining': 'keeps patients alive: a failure can kill',
  therapy: 'treats patients: a failure can injure',
  diagnosis: 'is needed for diagnosis: a failure delays care',
  'care-support': 'supports care: a failure slows it',
  none: '',
};

/**
 * How severe an incident is: the gravest of what its signals and its points say, one level more where a device is concerned
 * whose failure can injure or kill.
 */
export function severityOf(cluster: Cluster, assets: readonly IncidentAsset[]): Severity {
  const bySignals = Math.max(0, ...[...cluster.analytics.values()].map(({ severity }) => LEVELS.indexOf(severity)));
  const points = BY_POINTS.find(([, least]) => cluster.highestScore >= least)?.[0] ?? 'medium';
  const level = Math.max(bySignals, LEVELS.indexOf(points));
  const [gravest] = byGravity(assets);
  const isDangerous = gravest?.patientSafetyClass === 'life-sustaining' || gravest?.patientSafetyClass === 'therapy';
  return LEVELS[Math.min(level + (isDangerous ? 1 : 0), LEVELS.length - 1)] ?? 'high';
}

/** @returns what it can do to patients, in words; empty where no device that matters to them is concerned */
export function clinicalImpactOf(assets: readonly IncidentAsset[]): string {
  const grave = byGravity(assets);
  if (grave.length === 0) return '';
  const told = grave.slice(0, 3).map(({ name, careArea, patientSafetyClass }) => {
    const where = careArea === '' ? '' : ` (${careArea})`;
    return `${name}${where} ${HARM[patientSafetyClass ?? 'none']}`;
  });
  const rest = grave.length - told.length;
  return `${told.join('; ')}${rest > 0 ? `; and ${rest} more devices that care depends on` : ''}.`;
}

/** Devices that matter to patients, the gravest first. */
function byGravity(assets: readonly IncidentAsset[]): readonly IncidentAsset[] {
  const rank = ({ patientSafetyClass }: IncidentAsset) =>
    patientSafetyClass === null ? -1 : GRAVITY.indexOf(patientSafetyClass);
  return assets.filter((asset) => rank(asset) >= 0).toSorted((a, b) => rank(a) - rank(b));
}
