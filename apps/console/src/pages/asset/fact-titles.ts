import type { AssetFactName, DowntimeCost, PatientSafetyClass } from '@sphinx/schema';

/** What the facts are called on screen. */
export const FACT_TITLES: Readonly<Record<AssetFactName, string>> = {
  kind: 'Kind',
  manufacturer: 'Manufacturer',
  model: 'Model',
  serial: 'Serial number',
  operatingSystem: 'Operating system',
  software: 'Software',
  clinicalFunction: 'Clinical function',
  patientSafetyClass: 'Patient safety',
  zone: 'Zone',
  owner: 'Owner',
  location: 'Location',
  careArea: 'Care area',
  downtimeCost: 'Cost of a standstill',
};

/** What a failure can do to a patient, in words. */
export const SAFETY_CLASS_TITLES: Readonly<Record<PatientSafetyClass, string>> = {
  'life-sustaining': 'Life-sustaining',
  therapy: 'Therapy',
  diagnosis: 'Diagnosis',
  'care-support': 'Care support',
  none: 'No patient effect',
};

/** What a standstill costs the hospital, in words. */
export const DOWNTIME_COST_TITLES: Readonly<Record<DowntimeCost, string>> = {
  low: 'Low: something else does its work',
  medium: 'Medium: work goes on more slowly',
  high: 'High: work stops',
};

/** Where a belief comes from, in words. */
export const ORIGIN_TITLES = {
  profile: 'Concluded from a device profile',
  observed: 'Told by the device itself',
  manual: 'Stated by a person',
  imported: 'Imported',
} as const;

export function isDowntimeCost(value: string): value is DowntimeCost {
  return value in DOWNTIME_COST_TITLES;
}

export function isSafetyClass(value: string): value is PatientSafetyClass {
  return value in SAFETY_CLASS_TITLES;
}
