import type { PatientSafetyClass } from '@sphinx/schema';
import { type CvssVector, withMetrics } from './cvss-vector.ts';

/** From where somebody can reach the device. */
export type Exposure = 'internet' | 'hospital' | 'restricted' | 'isolated';

/** What of a device decides how bad a weakness is here. */
export interface AssetContext {
  readonly safetyClass: PatientSafetyClass | undefined;
  readonly exposure: Exposure | undefined;
  /** Keeps or shows patients' data. */
  readonly hasPatientData: boolean | undefined;
}

/** Integrity and availability, by what a failure can do to a patient. */
const SAFETY_REQUIREMENT: Readonly<Record<PatientSafetyClass, string>> = {
  'life-sustaining': 'H',
  therapy: 'H',
  diagnosis: 'M',
  'care-support': 'M',
  none: 'L',
};

/** The widest attack vector that is left: a filter never makes an attack easier. */
const REACH: Readonly<Record<Exposure, string>> = { internet: 'N', hospital: 'N', restricted: 'A', isolated: 'L' };
const VECTORS = ['N', 'A', 'L', 'P'];

/**
 * Sets the environmental metrics of a vector from what is known of a device; what is not known stays not defined. Metrics that the
 * vector has already are kept.
 *
 * Version 2 has no modified attack vector and no safety: only the requirements are set there.
 */
export function applyContext(vector: CvssVector, context: AssetContext): CvssVector {
  const { safetyClass, exposure, hasPatientData } = context;
  const metrics: Record<string, string> = {};
  if (safetyClass !== undefined) {
    metrics.IR = SAFETY_REQUIREMENT[safetyClass];
    metrics.AR = SAFETY_REQUIREMENT[safetyClass];
  }
  if (hasPatientData !== undefined) metrics.CR = hasPatientData ? 'H' : 'L';
  const reach = exposure === undefined ? undefined : REACH[exposure];
  if (reach !== undefined && isNarrower(reach, vector.metrics.get('AV'))) metrics.MAV = reach;
  Object.assign(metrics, safetyMetrics(vector, safetyClass));
  const isFree = ([name]: [string, string]) => ['X', 'ND', undefined].includes(vector.metrics.get(name));
  return withMetrics(vector, Object.fromEntries(Object.entries(metrics).filter(isFree)));
}

function isNarrower(reach: string, published: string | undefined): boolean {
  return VECTORS.indexOf(reach) > VECTORS.indexOf(published ?? 'P');
}

/** CVSS 4.0 §4.2: what can hurt a person through a device is a safety impact on what comes after it, the patient. */
function safetyMetrics(vector: CvssVector, safetyClass: PatientSafetyClass | undefined): Record<string, string> {
  const canHurt = safetyClass === 'life-sustaining' || safetyClass === 'therapy';
  if (vector.version !== '4.0' || !canHurt) return {};
  const isHit = (name: string) => vector.metrics.get(name) === 'H';
  return { ...(isHit('VI') ? { MSI: 'S' } : {}), ...(isHit('VA') ? { MSA: 'S' } : {}) };
}
