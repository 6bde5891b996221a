import { formatPurl } from '../../identity/purl.ts';
import { readJson } from '../../reading/json-document.ts';
import { type JsonRecord, recordOf, recordsOf, textOf } from '../../reading/json-fields.ts';
import type { Problem } from '../../reading/reading.ts';
import { deviceNames } from '../device-names.ts';
import type { ImportContent, JsonFormat, TextFormat } from '../format.ts';
import { packagePurl } from '../packages/package-purl.ts';
import { type SystemRelease, UNKNOWN_RELEASE } from '../packages/system-release.ts';
import {
  deviceEvidence,
  EMPTY_REPORT,
  IMPORT_LIMITS,
  type ImportedReport,
  type ItemFields,
  listedItems,
} from '../report.ts';

/*
 * Results of osquery (schema 5): rows of one table (`osqueryi --json`), rows under the names of their tables, and lines of the log
 * of results, differential or snapshot. The table of a row is told by its columns.
 */

export const OSQUERY: JsonFormat = {
  kind: 'json',
  id: 'osquery',
  title: 'osquery JSON',
  isIt: (value) => rowsOf(value, '').rows.some(({ row }) => tableOf(row) !== undefined),
  read: (value) => contentOf(rowsOf(value, '')),
};

export const OSQUERY_LOG: TextFormat = {
  kind: 'text',
  id: 'osquery-log',
  title: 'osquery results log',
  isIt: (head) => /^\{[^\n]*"hostIdentifier"\s*:/m.test(head),
  read: readLog,
};

interface HostRow {
  /** Empty where the file is of one host. */
  readonly host: string;
  readonly row: JsonRecord;
  readonly timeMs: number | undefined;
}

interface HostRows {
  readonly rows: readonly HostRow[];
  readonly problems: readonly Problem[];
}

function readLog(text: string): ImportContent {
  const rows: HostRow[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const json = readJson(line);
    if (json.isRead) rows.push(...rowsOf(json.value, '').rows);
    else if (problems.length < IMPORT_LIMITS.problems)
      problems.push({ where: `line ${index + 1}`, what: 'is not JSON' });
  }
  return contentOf({ rows, problems });
}

/** Rows in any of the shapes, those that were removed again left out. */
function rowsOf(value: unknown, host: string): HostRows {
  const rows: HostRow[] = [];
  const add = (entry: unknown, of: string, timeMs: number | undefined): void => {
    const record = recordOf(entry);
    const { action, columns, snapshot, hostIdentifier, unixTime, decorations } = record;
    const name = textOf(hostIdentifier) || textOf(recordOf(decorations).hostname) || of;
    const seconds = Number(unixTime);
    const time = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : timeMs;
    if (action === 'removed') return;
    if (typeof columns === 'object' && columns !== null)
      rows.push({ host: name, row: recordOf(columns), timeMs: time });
    else if (Array.isArray(snapshot))
      for (const row of recordsOf(snapshot)) rows.push({ host: name, row, timeMs: time });
    else rows.push({ host: name, row: record, timeMs: time });
  };
  if (Array.isArray(value)) for (const entry of recordsOf(value, 1_000_000)) add(entry, host, undefined);
  else if (Object.values(recordOf(value)).some(Array.isArray) && !('snapshot' in recordOf(value))) {
    for (const table of Object.values(recordOf(value))) for (const row of recordsOf(table)) add(row, host, undefined);
  } else add(value, host, undefined);
  return { rows, problems: [] };
}

type Table = 'deb' | 'rpm' | 'program' | 'app' | 'python' | 'npm' | 'patch' | 'os' | 'system' | 'interface' | 'address';

const TABLES: readonly (readonly [Table, readonly string[]])[] = [
  ['deb', ['name', 'version', 'arch', 'revision', 'status']],
  ['deb', ['name', 'version', 'arch', 'maintainer']],
  ['rpm', ['name', 'version', 'release', 'arch']],
  ['program', ['name', 'version', 'install_location']],
  ['program', ['name', 'version', 'identifying_number']],
  ['app', ['bundle_identifier', 'bundle_short_version']],
  ['python', ['name', 'version', 'summary', 'author', 'license', 'path']],
  ['npm', ['name', 'version', 'description', 'author', 'license', 'path']],
  ['patch', ['hotfix_id']],
  ['os', ['name', 'version', 'major', 'minor', 'platform']],
  ['system', ['hostname', 'uuid', 'hardware_vendor']],
  ['interface', ['interface', 'mac', 'mtu']],
  ['address', ['interface', 'address', 'mask']],
];

function tableOf(row: JsonRecord): Table | undefined {
  return TABLES.find(([, columns]) => columns.every((column) => column in row))?.[0];
}

function contentOf({ rows, problems }: HostRows): ImportContent {
  const hosts = Map.groupBy(rows, ({ host }) => host);
  const reports = [...hosts].slice(0, IMPORT_LIMITS.reports).map(([host, of]) => reportOf(host, of));
  return { tool: 'osquery', reports, problems };
}

function reportOf(host: string, rows: readonly HostRow[]): ImportedReport {
  const of = (table: Table) => rows.filter(({ row }) => tableOf(row) === table).map(({ row }) => row);
  const [system] = of('system');
  const [os] = of('os');
  const release: SystemRelease =
    os === undefined
      ? UNKNOWN_RELEASE
      : { id: textOf(os.platform), version: versionOfSystem(os), title: textOf(os.name) };
  const items = rows.flatMap(({ row }) => itemOf(row, release) ?? []);
  const times = rows.flatMap(({ timeMs }) => timeMs ?? []);
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: of('address').map(({ address }) => textOf(address)),
      macs: of('interface').map(({ mac }) => textOf(mac)),
      hostnames: [textOf(system?.hostname), host],
      serial: textOf(system?.hardware_serial),
    }),
    takenAtMs: times.length === 0 ? undefined : times.reduce((last, time) => Math.max(last, time)),
    evidence: [
      ...deviceEvidence('report.operating-system', [release.title, release.version].join(' ')),
      ...deviceEvidence('report.manufacturer', textOf(system?.hardware_vendor)),
      ...deviceEvidence('report.model', textOf(system?.hardware_model)),
    ],
    software: { method: 'agent', isComplete: items.length > 0, items: listedItems(items) },
  };
}

function itemOf(row: JsonRecord, release: SystemRelease): ItemFields | undefined {
  const [name, version] = [textOf(row.name), textOf(row.version)];
  switch (tableOf(row)) {
    case 'deb': {
      // Packages of which only settings are left.
      if (/^(?:deinstall|purge)\b/.test(textOf(row.status))) return undefined;
      const vendor = textOf(row.maintainer).replace(/\s*<.*$/, '');
      const purl = packagePurl('deb', { name, version, architecture: textOf(row.arch) }, release);
      return { name, version, vendor, kind: 'package', purl };
    }
    case 'rpm': {
      const epoch = textOf(row.epoch);
      const whole = `${/^[1-9]\d*$/.test(epoch) ? `${epoch}:` : ''}${version}-${textOf(row.release)}`;
      const purl = packagePurl('rpm', { name, version: whole, architecture: textOf(row.arch) }, release);
      return { name, version: whole, vendor: textOf(row.vendor), kind: 'package', purl };
    }
    case 'program':
      return { name, version, vendor: textOf(row.publisher) };
    case 'app':
      return { name: name.replace(/\.app$/, ''), version: textOf(row.bundle_short_version) };
    case 'python':
      return { name, version, kind: 'library', purl: libraryPurl('pypi', name, version) };
    case 'npm':
      return { name, version, kind: 'library', purl: libraryPurl('npm', name, version) };
    case 'patch':
      return { name: textOf(row.hotfix_id), kind: 'patch', vendor: 'Microsoft' };
    case 'os':
      return { name, version: versionOfSystem(row), kind: 'operating-system' };
    default:
      return undefined;
  }
}

/** Of Windows the revision, which updates raise, is in a column of its own. */
function versionOfSystem(row: JsonRecord): string {
  const [version, revision] = [textOf(row.version), textOf(row.revision)];
  const isBuild = textOf(row.platform) === 'windows' && /^\d+\.\d+\.\d{4,5}$/.test(version);
  return isBuild && /^[1-9]\d{0,5}$/.test(revision) ? `${version}.${revision}` : version;
}

function libraryPurl(type: 'npm' | 'pypi', name: string, version: string): string | undefined {
  if (name === '' || version === '') return undefined;
  const slash = name.lastIndexOf('/');
  return formatPurl({ type, namespace: name.slice(0, Math.max(0, slash)), name: name.slice(slash + 1), version });
}
