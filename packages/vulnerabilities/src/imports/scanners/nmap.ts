import type { ListedSoftwareItem, ReportedWeakness } from '@sphinx/schema';
import { deviceNames } from '../device-names.ts';
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
import { cvesIn, reportedWeakness } from '../weakness.ts';

/* XML of nmap (`nmap -oX`): nmap.dtd of nmap 7. */

export const NMAP: XmlFormat = {
  kind: 'xml',
  id: 'nmap',
  title: 'nmap XML',
  roots: ['nmaprun'],
  read: readNmap,
};

async function readNmap(chunks: Chunks): Promise<ImportContent> {
  const reports: ImportedReport[] = [];
  const wanted = { isWanted: (path: string) => path === 'nmaprun/host', isDropped: (name: string) => name === 'trace' };
  for await (const host of readElements(chunks, wanted)) {
    const isDown = childOf(host, 'status')?.attributes.state === 'down';
    if (!isDown && reports.length < IMPORT_LIMITS.reports) reports.push(reportOf(host));
  }
  return { tool: 'nmap', reports, problems: [] };
}

/** Below this, nmap itself calls the match of an operating system a guess. */
const SURE_ENOUGH = 95;

function reportOf(host: XmlElement): ImportedReport {
  const addresses = childrenOf(host, 'address').map(({ attributes }) => attributes);
  const open = childrenOf(childOf(host, 'ports'), 'port').filter(
    (port) => childOf(port, 'state')?.attributes.state === 'open',
  );
  const system = systemOf(host);
  const seconds = Number(host.attributes.endtime ?? host.attributes.starttime);
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: addresses.map(({ addr, addrtype }) => (addrtype === 'mac' ? undefined : addr)),
      macs: addresses.map(({ addr, addrtype }) => (addrtype === 'mac' ? addr : undefined)),
      hostnames: childrenOf(childOf(host, 'hostnames'), 'hostname').map(({ attributes }) => attributes.name),
    }),
    takenAtMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
    evidence: [...deviceEvidence('report.operating-system', system?.name), ...open.flatMap(evidenceOf)].slice(
      0,
      IMPORT_LIMITS.evidenceOfReport,
    ),
    software: { method: 'scanner', isComplete: false, items: itemsOf(open, system) },
    weaknesses: weaknessesOf(host, open),
  };
}

function systemOf(host: XmlElement): { readonly name: string; readonly cpe: string } | undefined {
  const [match] = childrenOf(childOf(host, 'os'), 'osmatch');
  if (match === undefined || Number(match.attributes.accuracy) < SURE_ENOUGH) return undefined;
  return { name: match.attributes.name ?? '', cpe: textAt(childOf(match, 'osclass'), 'cpe') };
}

function placeOf(port: XmlElement): Pick<ReportedEvidence, 'port' | 'transport'> {
  const { protocol, portid } = port.attributes;
  const number = Number(portid);
  const isPort = Number.isInteger(number) && number > 0 && number <= 65_535;
  const transport = protocol === 'udp' ? 'udp' : 'tcp';
  return { port: isPort ? number : undefined, transport };
}

function evidenceOf(port: XmlElement): ReportedEvidence[] {
  const place = placeOf(port);
  if (place.port === undefined) return [];
  const { name = '', product = '', version = '', extrainfo = '', tunnel } = childOf(port, 'service')?.attributes ?? {};
  const protocol = tunnel === 'ssl' && name === 'http' ? 'https' : name;
  const told = [product, version, extrainfo === '' ? '' : `(${extrainfo})`].filter((part) => part !== '').join(' ');
  return [{ attribute: 'report.service', value: told || protocol || 'open', protocol, ...place }];
}

function itemsOf(open: readonly XmlElement[], system: ReturnType<typeof systemOf>): ListedSoftwareItem[] {
  const services = open.flatMap((port) => {
    const service = childOf(port, 'service');
    const { product = '', version = '' } = service?.attributes ?? {};
    const cpes = childrenOf(service, 'cpe').map(({ text }) => text.trim());
    const cpe = cpes.find((one) => one.startsWith('cpe:/a:')) ?? cpes.find((one) => one.startsWith('cpe:/h:'));
    return product === '' ? [] : [{ name: product, version, cpe }];
  });
  const systems =
    system === undefined ? [] : [{ name: system.name, cpe: system.cpe, kind: 'operating-system' as const }];
  return listedItems([...systems, ...services]);
}

/** What scripts of the category `vuln` report in the structure of nmap's library `vulns`. */
function weaknessesOf(host: XmlElement, open: readonly XmlElement[]): ReportedWeakness[] {
  const ofHost = childrenOf(childOf(host, 'hostscript'), 'script').map((script) => ({ script, place: {} }));
  const ofPorts = open.flatMap((port) =>
    childrenOf(port, 'script').map((script) => ({ script, place: placeOf(port) })),
  );
  const found = [...ofHost, ...ofPorts].flatMap(({ script, place }) =>
    childrenOf(script, 'table').flatMap((table) => {
      const state = elementOf(table, 'state');
      if (!/^(?:LIKELY )?VULNERABLE/.test(state)) return [];
      const ids = table.children
        .filter(({ attributes }) => attributes.key === 'ids')
        .flatMap(({ children }) => children);
      const cves = cvesIn(`${table.attributes.key} ${ids.map(({ text }) => text.replace(/^CVE:/, '')).join(' ')}`);
      const weakness = reportedWeakness({
        id: script.attributes.id ?? '',
        title: elementOf(table, 'title') || (script.attributes.id ?? ''),
        cves: cves.join(' '),
        severity: RISKS[elementOf(table, 'risk factor').split(' ')[0]?.toLowerCase() ?? ''] ?? 'medium',
        certainty: state.startsWith('LIKELY') ? 70 : 95,
        ...place,
      });
      return weakness ?? [];
    }),
  );
  return found.slice(0, IMPORT_LIMITS.weaknessesOfReport);
}

const RISKS: Readonly<Record<string, 'low' | 'medium' | 'high'>> = { low: 'low', medium: 'medium', high: 'high' };

function elementOf(table: XmlElement, key: string): string {
  return table.children.find(({ name, attributes }) => name === 'elem' && attributes.key === key)?.text.trim() ?? '';
}
