import type { SoftwareKind } from '@sphinx/schema';
import { readSoftwareList, SOFTWARE_LIST_FORMATS } from '../formats/read-software-list.ts';
import type { ListedSoftware, SoftwareList } from '../sbom/software-list.ts';
import type { JsonFormat } from './format.ts';
import { EMPTY_REPORT, type ItemFields, listedItems, type ReportedModelName } from './report.ts';
import { Unreadable } from './source/unreadable.ts';

/* Bills of materials as reports: what they list, and what they say that they are about. */

export const BILLS: readonly JsonFormat[] = SOFTWARE_LIST_FORMATS.map(({ id, title, isIt }) => ({
  kind: 'json',
  id,
  title,
  isIt: (value) => typeof value === 'object' && value !== null && isIt(value as Readonly<Record<string, unknown>>),
  read(_value, bytes) {
    const reading = readSoftwareList(bytes);
    if (!reading.isRead) {
      const [first] = reading.problems;
      throw new Unreadable(first?.where ?? '', first?.what ?? 'cannot be read');
    }
    const list = reading.value;
    const subjects = new Set(list.subjects);
    const parts = list.items.filter((item) => !subjects.has(item.id) || list.items.length === 1);
    const software = { method: 'sbom' as const, isComplete: true, items: listedItems(parts.map(toItem)) };
    const report = { ...EMPTY_REPORT, model: modelOf(list), takenAtMs: list.createdMs, software };
    return { tool: list.format, reports: [report], problems: [] };
  },
}));

function modelOf({ items, subjects }: SoftwareList): ReportedModelName | undefined {
  const subject = items.find(({ id }) => subjects.includes(id));
  if (subject === undefined || subject.name === '') return undefined;
  return { manufacturer: subject.vendor, model: subject.name, version: subject.version };
}

const KINDS: Readonly<Record<string, SoftwareKind>> = {
  application: 'application',
  framework: 'framework',
  library: 'library',
  container: 'container',
  platform: 'application',
  'operating-system': 'operating-system',
  'operating system': 'operating-system',
  operatingsystem: 'operating-system',
  device: 'device',
  'device-driver': 'library',
  firmware: 'firmware',
  file: 'file',
  module: 'library',
};

function toItem({ kind, vendor, name, version, purls, cpes }: ListedSoftware): ItemFields {
  const known = KINDS[kind.toLowerCase()];
  return { kind: known ?? (kind === '' ? 'library' : 'other'), vendor, name, version, purl: purls[0], cpe: cpes[0] };
}
