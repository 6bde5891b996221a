import type { AssetFactName } from '@sphinx/schema';

/** Facts that are exchanged with other systems. */
export const EXCHANGED_FACTS = [
  'kind',
  'manufacturer',
  'model',
  'serial',
  'operatingSystem',
  'software',
  'clinicalFunction',
  'patientSafetyClass',
  'zone',
  'owner',
  'location',
  'careArea',
  'downtimeCost',
] as const satisfies readonly AssetFactName[];
export type ExchangedFact = (typeof EXCHANGED_FACTS)[number];

/** Addresses and times go out and identify on the way in; they are never changed by an import. */
export type Column = 'id' | 'name' | 'macs' | 'ips' | 'hostnames' | 'firstSeen' | 'lastSeen' | ExchangedFact;

export const COLUMNS: readonly Column[] = [
  'id',
  'name',
  'macs',
  'ips',
  'hostnames',
  ...EXCHANGED_FACTS,
  'firstSeen',
  'lastSeen',
];

/** What equipment databases call the columns, without spaces and case. */
const SYNONYMS: Readonly<Record<string, Column>> = {
  assetid: 'id',
  devicename: 'name',
  description: 'name',
  mac: 'macs',
  macaddress: 'macs',
  macaddresses: 'macs',
  ip: 'ips',
  ipaddress: 'ips',
  ipaddresses: 'ips',
  hostname: 'hostnames',
  devicetype: 'kind',
  type: 'kind',
  category: 'kind',
  vendor: 'manufacturer',
  make: 'manufacturer',
  modelname: 'model',
  serialnumber: 'serial',
  serialno: 'serial',
  sn: 'serial',
  os: 'operatingSystem',
  softwareversion: 'software',
  firmware: 'software',
  department: 'owner',
  responsible: 'owner',
  room: 'location',
  site: 'location',
  ward: 'careArea',
  unit: 'careArea',
};

/** @returns the column that a heading means; undefined for one that is left alone */
export function columnOf(heading: string): Column | undefined {
  const plain = heading.toLowerCase().replace(/[^a-z0-9]/g, '');
  return COLUMNS.find((column) => column.toLowerCase() === plain) ?? SYNONYMS[plain];
}
