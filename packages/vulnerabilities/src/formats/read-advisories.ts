import type { Advisory } from '../advisory.ts';
import { readCsaf } from '../csaf/read-csaf.ts';
import { readCycloneDxAdvisories } from '../cyclonedx/read-cyclonedx.ts';
import { readNvd } from '../nvd/read-nvd.ts';
import { readOpenVex } from '../openvex/read-openvex.ts';
import { readOsv } from '../osv/read-osv.ts';
import { readJson } from '../reading/json-document.ts';
import { type Reading, refuse } from '../reading/reading.ts';

/** A form in which advisories are published. */
export interface AdvisoryFormat {
  readonly id: string;
  /** As people call it: `CSAF 2.0`. */
  readonly title: string;
  /** Whether a parsed document says of itself that it is of this form; what it holds may still be wrong. */
  isIt(document: Readonly<Record<string, unknown>>): boolean;
  read(content: Uint8Array | string): Reading<readonly Advisory[]>;
}

/** Every form that is read into advisories. */
export const ADVISORY_FORMATS: readonly AdvisoryFormat[] = [
  { id: 'csaf', title: 'CSAF 2.0', isIt: ({ document }) => hasMember(document, 'csaf_version'), read: readCsaf },
  {
    id: 'openvex',
    title: 'OpenVEX',
    isIt: ({ '@context': context }) => typeof context === 'string' && context.startsWith('https://openvex.dev/'),
    read: readOpenVex,
  },
  {
    id: 'cyclonedx',
    title: 'CycloneDX 1.4–1.7',
    isIt: ({ bomFormat }) => bomFormat === 'CycloneDX',
    read: readCycloneDxAdvisories,
  },
  { id: 'nvd', title: 'NVD 2.0', isIt: ({ format }) => format === 'NVD_CVE', read: readNvd },
  { id: 'osv', title: 'OSV', isIt: isOsv, read: readOsv },
];

/** @returns advisories of a document of any known form, or what is wrong with it and where; never throws */
export function readAdvisories(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const json = readJson(content);
  if (!json.isRead) return json;
  const format = findAdvisoryFormat(json.value);
  if (format !== undefined) return format.read(content);
  return refuse('', `is none of ${ADVISORY_FORMATS.map(({ title }) => title).join(', ')}`);
}

/** @returns the form that a parsed document says it has */
export function findAdvisoryFormat(value: unknown): AdvisoryFormat | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return ADVISORY_FORMATS.find((format) => format.isIt(value as Readonly<Record<string, unknown>>));
}

/** OSV is told by its members alone, one record or a list of them. */
function isOsv(document: Readonly<Record<string, unknown>>): boolean {
  const first: unknown = Array.isArray(document) ? document[0] : document;
  return (
    hasMember(first, 'id') &&
    hasMember(first, 'modified') &&
    (hasMember(first, 'affected') || hasMember(first, 'schema_version'))
  );
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value;
}
