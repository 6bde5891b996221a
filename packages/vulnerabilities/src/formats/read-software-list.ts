import { readCycloneDxList } from '../cyclonedx/read-cyclonedx.ts';
import { readJson } from '../reading/json-document.ts';
import { type Reading, refuse } from '../reading/reading.ts';
import type { SoftwareList } from '../sbom/software-list.ts';
import { readSpdx2List } from '../spdx/read-spdx-2.ts';
import { readSpdx3List } from '../spdx/read-spdx-3.ts';

/** A form of bills of materials. */
interface SoftwareListFormat {
  readonly id: string;
  readonly title: string;
  isIt(document: Readonly<Record<string, unknown>>): boolean;
  read(content: Uint8Array | string): Reading<SoftwareList>;
}

/** Every form that is read into a software list. */
export const SOFTWARE_LIST_FORMATS: readonly SoftwareListFormat[] = [
  {
    id: 'cyclonedx',
    title: 'CycloneDX 1.4–1.7',
    isIt: ({ bomFormat }) => bomFormat === 'CycloneDX',
    read: readCycloneDxList,
  },
  {
    id: 'spdx-2',
    title: 'SPDX 2.2–2.3',
    isIt: ({ spdxVersion }) => typeof spdxVersion === 'string',
    read: readSpdx2List,
  },
  { id: 'spdx-3', title: 'SPDX 3', isIt: (document) => '@graph' in document, read: readSpdx3List },
];

/** @returns the software that a bill of materials of any known form lists, or what is wrong and where; never throws */
export function readSoftwareList(content: Uint8Array | string): Reading<SoftwareList> {
  const json = readJson(content);
  if (!json.isRead) return json;
  const { value } = json;
  const isObject = typeof value === 'object' && value !== null;
  const format = isObject
    ? SOFTWARE_LIST_FORMATS.find((candidate) => candidate.isIt(value as Readonly<Record<string, unknown>>))
    : undefined;
  if (format !== undefined) return format.read(content);
  return refuse('', `is none of ${SOFTWARE_LIST_FORMATS.map(({ title }) => title).join(', ')}`);
}
