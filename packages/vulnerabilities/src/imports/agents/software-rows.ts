import type { ListedSoftwareItem, SoftwareMethod } from '@sphinx/schema';
import type { Problem } from '../../reading/reading.ts';
import { deviceNames } from '../device-names.ts';
import type { ImportContent } from '../format.ts';
import {
  deviceEvidence,
  EMPTY_REPORT,
  IMPORT_LIMITS,
  type ImportedReport,
  type ItemFields,
  listedItems,
} from '../report.ts';

/*
 * Tables with one piece of software a row, of one device or of many: exports of Intune, Configuration Manager, PowerShell, the
 * registry, osquery, and what people write by hand. Columns are known by what they are called. Names and addresses of users,
 * which some of them hold, are never read.
 */

type Column =
  | 'name'
  | 'version'
  | 'vendor'
  | 'kind'
  | 'purl'
  | 'cpe'
  | 'patch'
  | 'state'
  | 'host'
  | 'ip'
  | 'mac'
  | 'serial'
  | 'manufacturer'
  | 'model'
  | 'system'
  | 'systemVersion'
  | 'time';

/** What programs call the columns, without spaces and signs, in small letters. */
const SYNONYMS: Readonly<Record<Column, readonly string[]>> = {
  name: [
    'name',
    'displayname',
    'displayname0',
    'applicationname',
    'appname',
    'productname',
    'productname0',
    'arpdisplayname',
    'arpdisplayname0',
    'software',
    'softwarename',
    'title',
    'program',
    'application',
    'package',
    'packagename',
    'caption',
  ],
  version: [
    'version',
    'version0',
    'displayversion',
    'displayversion0',
    'applicationversion',
    'appversion',
    'productversion',
    'productversion0',
    'softwareversion',
    'packageversion',
  ],
  vendor: [
    'vendor',
    'publisher',
    'publisher0',
    'applicationpublisher',
    'apppublisher',
    'softwarevendor',
    'companyname',
  ],
  kind: ['kind', 'softwaretype'],
  purl: ['purl', 'packageurl'],
  cpe: ['cpe', 'cpe23'],
  patch: ['hotfixid', 'kb', 'kbid', 'kbnumber', 'kbarticle', 'kbarticleid', 'articleid', 'articleid0', 'updateid'],
  // Reports on updates list those that are missing as well.
  state: [
    'state',
    'statename',
    'status',
    'statusname',
    'updatestate',
    'updatestatus',
    'compliance',
    'compliancestate',
    'compliancestatus',
    'installstate',
    'installstatus',
    'installationstate',
    'isinstalled',
    'installed',
  ],
  host: [
    'devicename',
    'computername',
    'computer',
    'hostname',
    'host',
    'netbiosname',
    'netbiosname0',
    'machinename',
    'pscomputername',
    'node',
    'device',
    'csname',
    'systemname',
    'endpoint',
    'server',
    'name0',
  ],
  ip: ['ip', 'ipaddress', 'ipaddress0', 'ipaddresses', 'ipv4address'],
  mac: ['mac', 'macaddress', 'macaddress0', 'wifimac', 'ethernetmac'],
  serial: ['serial', 'serialnumber', 'serialnumber0', 'serialno'],
  manufacturer: ['manufacturer', 'manufacturer0', 'devicemanufacturer', 'make'],
  model: ['model', 'model0', 'devicemodel'],
  system: ['os', 'operatingsystem', 'osname', 'osdescription', 'osplatform', 'platform'],
  systemVersion: ['osversion', 'operatingsystemversion', 'osbuild'],
  time: ['lastcheckin', 'lastseen', 'collected', 'scantime', 'date', 'lasthwscan'],
};

const COLUMNS = Object.keys(SYNONYMS) as Column[];

/** A row with its place in the file for messages. */
export interface SoftwareRow {
  readonly where: string;
  readonly cells: readonly string[];
}

/** @returns which cell holds which column; undefined where no column names software, patches or the system */
export function columnsOf(headings: readonly string[]): ReadonlyMap<Column, number> | undefined {
  const plain = headings.map((heading) => heading.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const columns = new Map<Column, number>();
  for (const column of COLUMNS) {
    // The first name in the list that a heading has: `DisplayName` says more than `Name` where both are there.
    const at = ORDER[column].map((name) => plain.indexOf(name)).find((index) => index !== -1);
    if (at !== undefined) columns.set(column, at);
  }
  const isUseful = columns.has('name') || columns.has('patch') || (columns.has('system') && columns.has('host'));
  return isUseful && columns.size > 1 ? columns : undefined;
}

/** `Name` is last of its column: programs use it for the device, too. */
const ORDER: Readonly<Record<Column, readonly string[]>> = {
  ...SYNONYMS,
  name: [...SYNONYMS.name.filter((name) => name !== 'name'), 'name'],
};

interface DeviceRows {
  readonly first: Fields;
  readonly items: ItemFields[];
}

type Fields = (column: Column) => string;

/** @param tool that made the table */
export function readSoftwareRows(
  headings: readonly string[],
  rows: Iterable<SoftwareRow>,
  { tool, method }: { readonly tool: string; readonly method: SoftwareMethod },
): ImportContent {
  const columns = columnsOf(headings) ?? new Map<Column, number>();
  const isOfDevices = (['host', 'ip', 'mac', 'serial'] as const).some((column) => columns.has(column));
  const devices = new Map<string, DeviceRows>();
  const problems: Problem[] = [];
  const refuse = (where: string, what: string) => {
    if (problems.length < IMPORT_LIMITS.problems) problems.push({ where, what });
  };
  for (const { where, cells } of rows) {
    const fields: Fields = (column) => cells[columns.get(column) ?? -1]?.trim().replace(/^'(?=[=+\-@])/, '') ?? '';
    const read = itemOf(fields);
    // An update that is missing says of the device what it is, and nothing of what is on it.
    const item = read?.kind === 'patch' && NOT_INSTALLED.test(fields('state')) ? undefined : read;
    if (read === undefined && columns.has('name')) {
      refuse(where, 'names no software');
      continue;
    }
    const { ips, macs, hostnames, serial } = namesOf(fields);
    const key = isOfDevices ? (serial ?? macs[0] ?? hostnames[0]?.toLowerCase() ?? ips[0]) : '';
    if (key === undefined) {
      refuse(where, 'names no device');
      continue;
    }
    const device = devices.get(key) ?? { first: fields, items: [] };
    if (!devices.has(key) && devices.size >= IMPORT_LIMITS.reports) {
      refuse(where, `is of a device beyond the first ${IMPORT_LIMITS.reports}`);
      continue;
    }
    devices.set(key, device);
    if (item !== undefined && device.items.length < IMPORT_LIMITS.itemsOfReport) device.items.push(item);
  }
  return { tool, problems, reports: [...devices.values()].map((device) => reportOf(device, method)) };
}

/** Updates of Windows stand among the programs: `2024-01 Cumulative Update for Windows 10 (KB5034122)`. */
const UPDATE =
  /^(?:\d{4}-\d{2}\s+)?(?:(?:security|cumulative|servicing|stack|monthly|quality|dynamic|preview|only|of)\s+){0,4}(?:update|hotfix|rollup)\b.{0,200}\b(KB\d{6,8})\b/i;
const NOT_INSTALLED =
  /^(?:no|false|0)$|\b(?:missing|required|needed|failed|superseded|unknown|pending|downloaded|available)\b|\bnot\s?(?:installed|applicable|required|detected|present)\b|non-?compliant/i;

function itemOf(fields: Fields): ItemFields | undefined {
  const patch = /^(?:KB)?(\d{6,8})$/i.exec(fields('patch'))?.[1];
  if (patch !== undefined) return { name: `KB${patch}`, kind: 'patch', vendor: 'Microsoft' };
  const name = fields('name');
  if (name === '') return undefined;
  const update = UPDATE.exec(name)?.[1];
  if (update !== undefined) return { name: update.toUpperCase(), kind: 'patch', vendor: 'Microsoft' };
  return {
    name,
    version: versionOf(fields('version'), name),
    vendor: fields('vendor'),
    purl: fields('purl'),
    cpe: fields('cpe'),
    kind: KINDS.find((kind) => kind === fields('kind').toLowerCase().replaceAll(' ', '-')) ?? 'application',
  };
}

const KINDS: readonly ListedSoftwareItem['kind'][] = [
  'application',
  'package',
  'library',
  'framework',
  'operating-system',
  'firmware',
  'patch',
  'device',
  'container',
  'file',
  'other',
];

/** `Unknown` is no version, and `v1.2` is 1.2. Where the column is empty, programs of Windows say it at the end of the name. */
function versionOf(text: string, name: string): string {
  if (/^(?:unknown|n\/?a|none|null|-|0)$/i.test(text)) return '';
  if (text === '')
    return / v?(\d+(?:\.\d+)+[a-z]?)(?: \((?:x64|x86|64-bit|32-bit)[^)]{0,40}\))?$/i.exec(name)?.[1] ?? '';
  return text.replace(/^v(?=\d)/i, '');
}

function namesOf(fields: Fields) {
  return deviceNames({
    ips: fields('ip').split(/[\s,;]+/),
    macs: fields('mac').split(/[\s,;]+/),
    hostnames: [fields('host')],
    serial: fields('serial'),
  });
}

function reportOf({ first, items }: DeviceRows, method: SoftwareMethod): ImportedReport {
  const system = first('system');
  const version = first('systemVersion');
  const taken = Date.parse(first('time'));
  const systems: ItemFields[] = system === '' ? [] : [{ name: system, version, kind: 'operating-system' }];
  return {
    ...EMPTY_REPORT,
    device: namesOf(first),
    takenAtMs: Number.isNaN(taken) ? undefined : taken,
    evidence: [
      ...deviceEvidence('report.operating-system', [system, version].filter((part) => part !== '').join(' ')),
      ...deviceEvidence('report.manufacturer', first('manufacturer')),
      ...deviceEvidence('report.model', first('model')),
    ],
    software: { method, isComplete: items.length > 0, items: listedItems([...systems, ...items]) },
  };
}
