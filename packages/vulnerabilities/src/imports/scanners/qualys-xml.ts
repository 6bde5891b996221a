import type { ReportedWeakness, Severity } from '@sphinx/schema';
import { deviceNames } from '../device-names.ts';
import type { ImportContent, XmlFormat } from '../format.ts';
import { deviceEvidence, EMPTY_REPORT, IMPORT_LIMITS, type ImportedReport } from '../report.ts';
import type { Chunks } from '../source/bytes.ts';
import { childOf, childrenOf, readElements, textAt, type XmlElement } from '../source/xml-elements.ts';
import { reportedWeakness, versionsIn } from '../weakness.ts';

/*
 * Three documents of Qualys (VM/PC API user guide): detections of hosts (`HOST_LIST_VM_DETECTION_OUTPUT`), reports of assets
 * (`ASSET_DATA_REPORT`) and results of one scan (`SCAN`).
 */

export const QUALYS_XML: XmlFormat = {
  kind: 'xml',
  id: 'qualys-xml',
  title: 'Qualys XML',
  roots: ['HOST_LIST_VM_DETECTION_OUTPUT', 'ASSET_DATA_REPORT', 'SCAN'],
  read: readQualys,
};

/** What the glossary of a report tells of a check. */
interface Check {
  readonly title: string;
  readonly severity: Severity;
  readonly cves: string;
  readonly remedy: string;
}

const WANTED =
  /^(?:HOST_LIST_VM_DETECTION_OUTPUT\/RESPONSE\/HOST_LIST\/HOST|ASSET_DATA_REPORT\/HOST_LIST\/HOST|ASSET_DATA_REPORT\/GLOSSARY\/VULN_DETAILS_LIST\/VULN_DETAILS|SCAN\/IP)$/;
const DROPPED = new Set([
  'THREAT',
  'THREAT_COMMENT',
  'IMPACT',
  'DIAGNOSIS',
  'CONSEQUENCE',
  'CORRELATION',
  'VENDOR_REFERENCE_LIST',
]);

async function readQualys(chunks: Chunks): Promise<ImportContent> {
  const hosts: XmlElement[] = [];
  const checks = new Map<string, Check>();
  const wanted = { isWanted: (path: string) => WANTED.test(path), isDropped: (name: string) => DROPPED.has(name) };
  for await (const element of readElements(chunks, wanted)) {
    if (element.name === 'VULN_DETAILS') checks.set(textAt(element, 'QID'), checkOf(element));
    else if (hosts.length < IMPORT_LIMITS.reports) hosts.push(element);
  }
  return { tool: 'Qualys', reports: hosts.map((host) => reportOf(host, checks)), problems: [] };
}

/** Qualys counts severity from 1 (minimal) to 5 (urgent). */
export function severityOfLevel(level: string): Severity {
  return (['low', 'low', 'medium', 'high', 'critical'] as const)[Number(level) - 1] ?? 'medium';
}

function checkOf(element: XmlElement): Check {
  return {
    title: textAt(element, 'TITLE'),
    severity: severityOfLevel(textAt(element, 'SEVERITY')),
    cves: cvesOf(element),
    remedy: withoutMarkup(textAt(element, 'SOLUTION')),
  };
}

function cvesOf(element: XmlElement): string {
  return childrenOf(childOf(element, 'CVE_ID_LIST'), 'CVE_ID')
    .map((cve) => textAt(cve, 'ID'))
    .join(' ');
}

/** Solutions are pieces of HTML. */
export function withoutMarkup(html: string): string {
  return html.slice(0, 20_000).replaceAll(/<[^>]{0,500}>/g, ' ');
}

function reportOf(host: XmlElement, checks: ReadonlyMap<string, Check>): ImportedReport {
  const { value, name } = host.attributes;
  const system = textAt(host, 'OPERATING_SYSTEM') || textAt(host, 'OS');
  const taken = Date.parse(textAt(host, 'LAST_VM_SCANNED_DATE') || textAt(host, 'LAST_SCAN_DATETIME'));
  const weaknesses = host.name === 'IP' ? scanWeaknesses(host) : reportWeaknesses(host, checks);
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: [value, textAt(host, 'IP'), textAt(host, 'IPV6')],
      hostnames: [name, textAt(host, 'DNS'), textAt(host, 'NETBIOS'), textAt(host, 'NETBIOS_HOSTNAME')],
    }),
    takenAtMs: Number.isNaN(taken) ? undefined : taken,
    evidence: deviceEvidence('report.operating-system', system),
    weaknesses: weaknesses.slice(0, IMPORT_LIMITS.weaknessesOfReport),
  };
}

/** `DETECTION` of host detections, `VULN_INFO` of asset reports. What is fixed or informational is no weakness. */
function reportWeaknesses(host: XmlElement, checks: ReadonlyMap<string, Check>): ReportedWeakness[] {
  const found = [
    ...childrenOf(childOf(host, 'DETECTION_LIST'), 'DETECTION'),
    ...childrenOf(childOf(host, 'VULN_INFO_LIST'), 'VULN_INFO'),
  ];
  return found.flatMap((entry) => {
    const type = textAt(entry, 'TYPE');
    const status = textAt(entry, 'STATUS') || textAt(entry, 'VULN_STATUS');
    if (/^(?:info|ig|practice)$/i.test(type) || /^fixed$/i.test(status)) return [];
    const id = textAt(entry, 'QID');
    const check = checks.get(id);
    const level = textAt(entry, 'SEVERITY');
    return (
      reportedWeakness({
        id,
        title: check?.title ?? `QID ${id}`,
        cves: check?.cves ?? cvesOf(entry),
        severity: level === '' ? (check?.severity ?? 'medium') : severityOfLevel(level),
        port: Number(textAt(entry, 'PORT')),
        transport: textAt(entry, 'PROTOCOL'),
        ...versionsIn(textAt(entry, 'RESULTS') || textAt(entry, 'RESULT')),
        remedy: check?.remedy,
        certainty: /potential/i.test(type) ? 50 : 95,
      }) ?? []
    );
  });
}

function scanWeaknesses(host: XmlElement): ReportedWeakness[] {
  return childrenOf(childOf(host, 'VULNS'), 'CAT').flatMap((category) =>
    childrenOf(category, 'VULN').flatMap((entry) => {
      const { number = '', severity = '', cveid = '' } = entry.attributes;
      return (
        reportedWeakness({
          id: number,
          title: textAt(entry, 'TITLE'),
          cves: `${cveid} ${cvesOf(entry)}`,
          severity: severityOfLevel(severity),
          port: Number(category.attributes.port),
          transport: category.attributes.protocol,
          ...versionsIn(textAt(entry, 'RESULT')),
          remedy: withoutMarkup(textAt(entry, 'SOLUTION')),
        }) ?? []
      );
    }),
  );
}
