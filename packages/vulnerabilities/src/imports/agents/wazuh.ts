import type { ReportedWeakness } from '@sphinx/schema';
import { readJson } from '../../reading/json-document.ts';
import { type JsonRecord, numberOf, recordOf, recordsOf, textOf } from '../../reading/json-fields.ts';
import type { Problem } from '../../reading/reading.ts';
import { deviceNames } from '../device-names.ts';
import type { ImportContent, JsonFormat, TextFormat } from '../format.ts';
import { packagePurl } from '../packages/package-purl.ts';
import { UNKNOWN_RELEASE } from '../packages/system-release.ts';
import {
  deviceEvidence,
  EMPTY_REPORT,
  IMPORT_LIMITS,
  type ImportedReport,
  type ItemFields,
  listedItems,
} from '../report.ts';
import { reportedWeakness, severityOfScore, severityOfWord } from '../weakness.ts';

/*
 * What agents of Wazuh collect (syscollector): answers of the server API (`/syscollector/{agent}/packages`, `/os`, `/hardware`,
 * `/netaddr`, `/netiface`, `/hotfixes`, `/agents`), one or several in a list, and documents of its indexer
 * (`wazuh-states-inventory-*`, `wazuh-states-vulnerabilities-*`), as an answer to a search or a line each.
 */

export const WAZUH: JsonFormat = {
  kind: 'json',
  id: 'wazuh',
  title: 'Wazuh JSON',
  isIt: (value) => entriesOf(value).some(({ agent_id, agent }) => isText(agent_id) || isText(recordOf(agent).id)),
  read: (value) => contentOf(entriesOf(value), []),
};

export const WAZUH_LINES: TextFormat = {
  kind: 'text',
  id: 'wazuh-lines',
  title: 'Wazuh documents, one a line',
  isIt: (head) =>
    /^\{[^\n]*"agent"\s*:\s*\{[^\n]*"(?:package|hotfix|vulnerability|host)"\s*:|^\{[^\n]*"(?:package|vulnerability)"\s*:\s*\{[^\n]*"agent"\s*:/m.test(
      head.slice(0, 8192),
    ),
  read: readLines,
};

function isText(value: unknown): boolean {
  return textOf(value) !== '';
}

function readLines(text: string): ImportContent {
  const entries: JsonRecord[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const json = readJson(line);
    if (json.isRead) entries.push(...entriesOf(json.value));
    else if (problems.length < IMPORT_LIMITS.problems)
      problems.push({ where: `line ${index + 1}`, what: 'is not JSON' });
  }
  return contentOf(entries, problems);
}

/** Items of answers and documents of searches, whatever they are wrapped in. */
function entriesOf(value: unknown): readonly JsonRecord[] {
  if (Array.isArray(value)) return recordsOf(value, 1_000_000).flatMap((one) => entriesOf(one));
  const record = recordOf(value);
  const items = recordsOf(recordOf(record.data).affected_items, 1_000_000);
  if (items.length > 0) return items;
  const hits = recordsOf(recordOf(record.hits).hits, 1_000_000);
  if (hits.length > 0) return hits.map(({ _source }) => recordOf(_source));
  return '_source' in record ? [recordOf(record._source)] : [record];
}

function contentOf(entries: readonly JsonRecord[], problems: readonly Problem[]): ImportContent {
  const agents = Map.groupBy(entries, agentOf);
  const reports = [...agents].filter(([agent]) => agent !== '').slice(0, IMPORT_LIMITS.reports);
  return { tool: 'Wazuh', reports: reports.map(([, of]) => reportOf(of)), problems };
}

/** An item of `/agents` has the number of the agent as its own. */
function agentOf({ agent_id, agent, id, os }: JsonRecord): string {
  return textOf(agent_id) || textOf(recordOf(agent).id) || (isText(id) && typeof os === 'object' ? textOf(id) : '');
}

function reportOf(entries: readonly JsonRecord[]): ImportedReport {
  const system = systemOf(entries);
  const weaknesses = entries.flatMap((entry) => weaknessOf(entry) ?? []);
  const times = entries
    .flatMap(({ scan }) => Date.parse(textOf(recordOf(scan).time)))
    .filter((time) => !Number.isNaN(time));
  const items = [
    ...(system.title === ''
      ? []
      : [{ name: system.title, version: system.version, kind: 'operating-system' as const }]),
    ...entries.flatMap((entry) => itemOf(entry) ?? []),
  ];
  return {
    ...EMPTY_REPORT,
    device: deviceNames({
      ips: entries.flatMap(({ address, ip, agent }) => [textOf(address), textOf(ip), ...ipsOf(recordOf(agent))]),
      macs: entries.map(({ mac }) => textOf(mac)),
      hostnames: entries.flatMap(({ hostname, name, agent, os, id }) => [
        textOf(hostname),
        textOf(recordOf(agent).name),
        // Of `/agents`, the name is that of the host; of a package it is not.
        typeof os === 'object' && isText(id) ? textOf(name) : undefined,
      ]),
      serial: entries.map(({ board_serial }) => textOf(board_serial)).find((text) => text !== ''),
    }),
    takenAtMs: times.length === 0 ? undefined : times.reduce((last, time) => Math.max(last, time)),
    evidence: deviceEvidence('report.operating-system', [system.title, system.version].join(' ')),
    software: { method: 'agent', isComplete: entries.some(({ format }) => isText(format)), items: listedItems(items) },
    weaknesses: weaknesses.length === 0 ? undefined : weaknesses.slice(0, IMPORT_LIMITS.weaknessesOfReport),
  };
}

function ipsOf({ ip, host }: JsonRecord): string[] {
  const ofHost = recordOf(host).ip;
  return [textOf(ip), ...(Array.isArray(ofHost) ? ofHost.map(textOf) : [textOf(ofHost)])];
}

function systemOf(entries: readonly JsonRecord[]) {
  const systems = entries.flatMap(({ os, host }) => [recordOf(os), recordOf(recordOf(host).os)]);
  const found = systems.find(({ name }) => isText(name));
  return { title: textOf(found?.name), version: textOf(found?.version) };
}

function itemOf(entry: JsonRecord): ItemFields | undefined {
  const hotfix = textOf(entry.hotfix) || textOf(recordOf(recordOf(entry.package).hotfix).name);
  if (hotfix !== '') return { name: hotfix, kind: 'patch', vendor: 'Microsoft' };
  const pkg = 'package' in entry ? recordOf(entry.package) : entry;
  const isDocument = 'package' in entry;
  const format = textOf(pkg.format) || (isDocument ? textOf(pkg.type) : '');
  const [name, version] = [textOf(pkg.name), textOf(pkg.version)];
  if (name === '' || (!isDocument && format === '')) return undefined;
  const architecture = textOf(pkg.architecture);
  const type = format === 'deb' || format === 'rpm' ? format : undefined;
  return {
    name,
    version,
    vendor: textOf(pkg.vendor),
    kind: type === undefined ? 'application' : 'package',
    purl: type === undefined ? undefined : packagePurl(type, { name, version, architecture }, UNKNOWN_RELEASE),
  };
}

function weaknessOf(entry: JsonRecord): ReportedWeakness | undefined {
  const vulnerability = recordOf(entry.vulnerability);
  const id = textOf(vulnerability.id);
  if (id === '') return undefined;
  const pkg = recordOf(entry.package);
  const score = numberOf(recordOf(vulnerability.score).base);
  const byScore = score === undefined ? 'medium' : severityOfScore(score);
  return reportedWeakness({
    id,
    title: textOf(vulnerability.description) || id,
    cves: id,
    severity: severityOfWord(textOf(vulnerability.severity)) ?? byScore,
    software: textOf(pkg.name),
    version: textOf(pkg.version),
  });
}
