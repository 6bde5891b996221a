import type { ReportedWeakness } from '@sphinx/schema';
import { addressOf, deviceNames } from '../device-names.ts';
import type { ImportContent, XmlFormat } from '../format.ts';
import {
  deviceEvidence,
  EMPTY_REPORT,
  IMPORT_LIMITS,
  type ImportedReport,
  listedItems,
  type ReportedEvidence,
} from '../report.ts';
import type { Chunks } from '../source/bytes.ts';
import { childOf, childrenOf, readElements, textAt, type XmlElement } from '../source/xml-elements.ts';
import { reportedWeakness, severityOfScore, versionsIn } from '../weakness.ts';
import { cpeItem } from './cpe-item.ts';

/* Reports of Greenbone (OpenVAS) in XML: the element `report` of the Greenbone Management Protocol 20.8 to 22.5. */

export const GREENBONE: XmlFormat = {
  kind: 'xml',
  id: 'greenbone',
  title: 'Greenbone (OpenVAS) report XML',
  roots: ['report', 'get_reports_response'],
  read: readGreenbone,
};

interface HostReport {
  readonly details: Map<string, string[]>;
  readonly names: Set<string>;
  readonly services: Map<string, ReportedEvidence>;
  readonly weaknesses: ReportedWeakness[];
  endedAtMs: number | undefined;
}

async function readGreenbone(chunks: Chunks): Promise<ImportContent> {
  const hosts = new Map<string, HostReport>();
  let left = 0;
  const wanted = {
    isWanted: (path: string) => /(?:^|\/)report\/(?:results\/result|host)$/.test(path),
    isDropped: (name: string) => name === 'details' || name === 'user_tags',
  };
  for await (const element of readElements(chunks, wanted)) {
    const address = element.name === 'host' ? textAt(element, 'ip') : (childOf(element, 'host')?.text.trim() ?? '');
    if (addressOf(address) === undefined) continue;
    const host = hosts.get(address) ?? emptyHost();
    if (!hosts.has(address) && hosts.size >= IMPORT_LIMITS.reports) {
      left += 1;
      continue;
    }
    hosts.set(address, host);
    if (element.name === 'host') addHost(host, element);
    else addResult(host, element);
  }
  const problems =
    left === 0
      ? []
      : [{ where: '', what: `holds more than ${IMPORT_LIMITS.reports} devices; the others are left out` }];
  return { tool: 'Greenbone', reports: [...hosts].map(([address, host]) => reportOf(address, host)), problems };
}

function emptyHost(): HostReport {
  return { details: new Map(), names: new Set(), services: new Map(), weaknesses: [], endedAtMs: undefined };
}

function addHost(host: HostReport, element: XmlElement): void {
  for (const detail of childrenOf(element, 'detail').slice(0, 20_000)) {
    const [name, value] = [textAt(detail, 'name'), textAt(detail, 'value')];
    if (name === '' || value === '') continue;
    const values = host.details.get(name) ?? [];
    values.push(value);
    host.details.set(name, values);
  }
  const ended = Date.parse(textAt(element, 'end') || textAt(element, 'start'));
  host.endedAtMs = Number.isNaN(ended) ? host.endedAtMs : ended;
}

function addResult(host: HostReport, result: XmlElement): void {
  const hostname = textAt(result, 'host', 'hostname');
  if (hostname !== '') host.names.add(hostname);
  const place = placeOf(textAt(result, 'port'));
  if (place !== undefined) {
    host.services.set(`${place.transport}/${place.port}`, {
      attribute: 'report.service',
      value: place.protocol || 'open',
      ...place,
    });
  }
  const weakness = weaknessOf(result, place);
  if (weakness !== undefined && host.weaknesses.length < IMPORT_LIMITS.weaknessesOfReport)
    host.weaknesses.push(weakness);
}

/** `443/tcp`, `general/tcp`; older ones also `https (443/tcp)` */
function placeOf(text: string) {
  const match = /(?:^|\()(\d{1,5})\/(tcp|udp)\)?$/.exec(text);
  const port = Number(match?.[1]);
  if (match === null || port < 1 || port > 65_535) return undefined;
  const transport = match[2] === 'udp' ? ('udp' as const) : ('tcp' as const);
  return { port, transport, protocol: /^([a-z][\w-]{0,30}) \(/.exec(text)?.[1] ?? '' };
}

/** Results of severity 0 are log messages. */
function weaknessOf(result: XmlElement, place: ReturnType<typeof placeOf>): ReportedWeakness | undefined {
  const score = Number(textAt(result, 'severity'));
  if (!(score > 0)) return undefined;
  const nvt = childOf(result, 'nvt');
  const tags = tagsOf(textAt(nvt, 'tags'));
  const references = childrenOf(childOf(nvt, 'refs'), 'ref')
    .filter(({ attributes }) => /^cve$/i.test(attributes.type ?? ''))
    .map(({ attributes }) => attributes.id ?? '');
  return reportedWeakness({
    id: nvt?.attributes.oid ?? '',
    title: textAt(result, 'name') || textAt(nvt, 'name'),
    cves: [...references, textAt(nvt, 'cve')].join(' '),
    severity: severityOfScore(score),
    vector: textAt(nvt, 'severities', 'severity', 'value') || tags.get('cvss_base_vector'),
    port: place?.port,
    transport: place?.transport,
    ...versionsIn(textAt(result, 'description')),
    remedy: textAt(nvt, 'solution') || tags.get('solution'),
    certainty: Number(textAt(result, 'qod', 'value') || 'none'),
  });
}

/** `cvss_base_vector=AV:N/…|summary=…|solution=…` */
function tagsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('|').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, at)), pair.slice(at + 1)];
  });
  return new Map(pairs);
}

function reportOf(address: string, { details, names, services, weaknesses, endedAtMs }: HostReport): ImportedReport {
  const all = (name: string) => details.get(name) ?? [];
  const system = all('best_os_txt')[0] ?? all('OS').find((value) => !value.startsWith('cpe:')) ?? '';
  const cpes = [...new Set([...all('best_os_cpe'), ...all('App')].filter((value) => value.startsWith('cpe:')))];
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: [address],
      macs: all('MAC'),
      hostnames: [...all('hostname'), ...names],
    }),
    takenAtMs: endedAtMs,
    evidence: [...deviceEvidence('report.operating-system', system), ...services.values()].slice(
      0,
      IMPORT_LIMITS.evidenceOfReport,
    ),
    software: { method: 'scanner', isComplete: false, items: listedItems(cpes.flatMap((cpe) => cpeItem(cpe) ?? [])) },
    weaknesses,
  };
}
