import type { ListedSoftwareItem, ReportedWeakness } from '@sphinx/schema';
import { deviceNames } from '../device-names.ts';
import type { ImportContent, XmlFormat } from '../format.ts';
import {
  deviceEvidence,
  EMPTY_REPORT,
  IMPORT_LIMITS,
  type ImportedReport,
  type ItemFields,
  listedItems,
  type ReportedEvidence,
} from '../report.ts';
import type { Chunks } from '../source/bytes.ts';
import { childOf, childrenOf, readElements, textAt, type XmlElement } from '../source/xml-elements.ts';
import { reportedWeakness, versionsIn } from '../weakness.ts';
import { cpeItem } from './cpe-item.ts';

/* Reports of Nessus in its format version 2 (`.nessus`): Tenable, "Nessus File Format". */

export const NESSUS: XmlFormat = {
  kind: 'xml',
  id: 'nessus',
  title: 'Nessus report (.nessus)',
  roots: ['NessusClientData_v2'],
  read: readNessus,
};

/** Long texts that nothing is taken from. */
const DROPPED = new Set(['description', 'synopsis', 'see_also', 'xref', 'script_version', 'exploited_by_malware']);

async function readNessus(chunks: Chunks): Promise<ImportContent> {
  const reports: ImportedReport[] = [];
  let version = '';
  const wanted = {
    isWanted: (path: string) => path === 'NessusClientData_v2/Report/ReportHost',
    isDropped: (name: string) => DROPPED.has(name),
  };
  for await (const host of readElements(chunks, wanted)) {
    const items = childrenOf(host, 'ReportItem');
    version ||= versionOf(items);
    if (reports.length < IMPORT_LIMITS.reports) reports.push(reportOf(host, items));
  }
  return { tool: version === '' ? 'Nessus' : `Nessus ${version}`, reports, problems: [] };
}

/** Plugins whose output is a list of software or of facts about the scan. */
const PLUGINS = { scan: '19506', windowsSoftware: '20811', packages: '22869', cpes: '45590' } as const;

function versionOf(items: readonly XmlElement[]): string {
  const output = textAt(
    items.find(({ attributes }) => attributes.pluginID === PLUGINS.scan),
    'plugin_output',
  );
  return /^Nessus version : (\d[\w.]*)/m.exec(output)?.[1] ?? '';
}

function reportOf(host: XmlElement, items: readonly XmlElement[]): ImportedReport {
  const tags = new Map(
    childrenOf(childOf(host, 'HostProperties'), 'tag').map(({ attributes, text }) => [
      attributes.name ?? '',
      text.trim(),
    ]),
  );
  const system = tags.get('operating-system')?.split('\n')[0]?.trim() ?? '';
  const serial = tags.get('bios-serial') ?? tags.get('serial-number');
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: [tags.get('host-ip'), host.attributes.name],
      macs: (tags.get('mac-address') ?? '').split(/\s+/),
      hostnames: [tags.get('host-fqdn'), tags.get('hostname'), tags.get('netbios-name'), tags.get('host-rdns')],
      serial,
    }),
    takenAtMs: timeOf(tags),
    evidence: [...deviceEvidence('report.operating-system', system), ...evidenceOf(items)].slice(
      0,
      IMPORT_LIMITS.evidenceOfReport,
    ),
    software: { method: 'scanner', ...softwareOf(items, tags) },
    weaknesses: items.flatMap((item) => weaknessOf(item) ?? []).slice(0, IMPORT_LIMITS.weaknessesOfReport),
  };
}

function timeOf(tags: ReadonlyMap<string, string>): number | undefined {
  const seconds = Number(tags.get('HOST_END_TIMESTAMP'));
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  // `Tue Mar 5 10:12:44 2024`, in the time zone of the scanner, which it does not tell: taken as UTC.
  const time = Date.parse(`${tags.get('HOST_END') ?? ''} UTC`);
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

function placeOf({ attributes }: XmlElement): Pick<ReportedEvidence, 'port' | 'transport'> {
  const port = Number(attributes.port);
  const transport = attributes.protocol === 'udp' ? 'udp' : 'tcp';
  return Number.isInteger(port) && port > 0 && port <= 65_535
    ? { port, transport }
    : { port: undefined, transport: undefined };
}

function evidenceOf(items: readonly XmlElement[]): ReportedEvidence[] {
  const services = new Map<string, ReportedEvidence>();
  for (const item of items) {
    const place = placeOf(item);
    const name = (item.attributes.svc_name ?? '').replace(/\?$/, '');
    if (place.port === undefined || name === '' || name === 'general') continue;
    const protocol = name === 'www' ? 'http' : name;
    services.set(`${place.transport}/${place.port}`, {
      attribute: 'report.service',
      value: protocol,
      protocol,
      ...place,
    });
  }
  return [...services.values()];
}

function softwareOf(
  items: readonly XmlElement[],
  tags: ReadonlyMap<string, string>,
): { readonly isComplete: boolean; readonly items: ListedSoftwareItem[] } {
  const outputOf = (plugin: string) =>
    textAt(
      items.find(({ attributes }) => attributes.pluginID === plugin),
      'plugin_output',
    );
  const packages = packagesIn(outputOf(PLUGINS.packages));
  const programs = programsIn(outputOf(PLUGINS.windowsSoftware));
  const cpes = [
    ...(outputOf(PLUGINS.cpes).match(/cpe:\/[aoh]:[^\s]+/g) ?? []),
    ...[...tags].flatMap(([name, value]) => (/^cpe(?:-\d+)?$/.test(name) ? value.replace(/\s*->.*$/, '') : [])),
  ];
  const listed = listedItems([...packages, ...programs, ...cpes.flatMap((cpe) => cpeItem(cpe) ?? [])]);
  return { isComplete: packages.length + programs.length > 0, items: listed };
}

/** Lines of dpkg (`ii  name  version  …`) or rpm (`name-version-release|…`) in the output of the plugin that lists packages. */
function packagesIn(output: string): ItemFields[] {
  return output.split('\n').flatMap((line): ItemFields[] => {
    const dpkg = /^\s*ii\s+([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9]+)?\s+(\S+)/.exec(line);
    if (dpkg) return [{ name: dpkg[1] ?? '', version: dpkg[2] ?? '', kind: 'package' }];
    const rpm = /^\s{2,}([A-Za-z0-9][\w.+-]*)-((?:\d+:)?[^-\s|]+-[^-\s|]+)\|/.exec(line);
    return rpm ? [{ name: rpm[1] ?? '', version: rpm[2] ?? '', kind: 'package' }] : [];
  });
}

/** `Mozilla Firefox 115.0 (x64 en-US)  [version 115.0]  [installed on 2024/01/02]` */
function programsIn(output: string): ItemFields[] {
  return output.split('\n').flatMap((line): ItemFields[] => {
    const match = /^\s*(\S[^[\]]{0,300}?)\s+\[version ([^\]\s]{1,100})[^\]]{0,100}\]/.exec(line);
    return match ? [{ name: match[1] ?? '', version: match[2] ?? '' }] : [];
  });
}

const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;

/** Plugins without severity tell what is there, not what is wrong. */
function weaknessOf(item: XmlElement): ReportedWeakness | undefined {
  const { pluginID = '', pluginName = '', severity: level = '0' } = item.attributes;
  const severity = SEVERITIES[Number(level)];
  if (severity === undefined || severity === 'informational') return undefined;
  const vector = textAt(item, 'cvss4_vector') || textAt(item, 'cvss3_vector') || textAt(item, 'cvss_vector');
  return reportedWeakness({
    id: pluginID,
    title: pluginName,
    cves: childrenOf(item, 'cve')
      .map(({ text }) => text)
      .join(' '),
    severity,
    vector: vector.replace(/^CVSS2#/, ''),
    ...placeOf(item),
    ...versionsIn(textAt(item, 'plugin_output')),
    remedy: textAt(item, 'solution'),
  });
}
