import type { Problem } from '../../reading/reading.ts';
import { deviceNames } from '../device-names.ts';
import type { ImportContent, TextFormat } from '../format.ts';
import { deviceEvidence, EMPTY_REPORT, IMPORT_LIMITS, type ImportedReport } from '../report.ts';
import { readCsv } from '../source/csv-rows.ts';
import { reportedWeakness, versionsIn } from '../weakness.ts';
import { severityOfLevel, withoutMarkup } from './qualys-xml.ts';

/* Reports of Qualys in CSV: some lines about the report, then a table whose headings begin with the address. */

export const QUALYS_CSV: TextFormat = {
  kind: 'text',
  id: 'qualys-csv',
  title: 'Qualys CSV',
  isIt: (head) => /^"?IP(?: Address)?"?[,;].{0,2000}"?QID"?[,;]/im.test(head),
  read: readQualysCsv,
};

type Row = ReadonlyMap<string, string>;

function readQualysCsv(text: string): ImportContent {
  const hosts = new Map<string, { first: Row; weaknesses: NonNullable<ReturnType<typeof weaknessOf>>[] }>();
  const problems: Problem[] = [];
  let headings: readonly string[] | undefined;
  for (const { line, cells } of readCsv(text)) {
    if (headings === undefined) {
      const plain = cells.map((cell) => cell.toLowerCase());
      if (plain.includes('qid') && /^ip/.test(plain[0] ?? '')) headings = plain;
      continue;
    }
    const row: Row = new Map(headings.map((heading, index) => [heading, cells[index] ?? '']));
    const device = namesOf(row);
    const key = device.ips[0] ?? device.hostnames[0];
    if (key === undefined) {
      if (problems.length < IMPORT_LIMITS.problems)
        problems.push({ where: `line ${line}`, what: 'names no device: IP and DNS are empty' });
      continue;
    }
    const host = hosts.get(key) ?? { first: row, weaknesses: [] };
    hosts.set(key, host);
    const weakness = weaknessOf(row);
    if (weakness !== undefined && host.weaknesses.length < IMPORT_LIMITS.weaknessesOfReport)
      host.weaknesses.push(weakness);
  }
  const reports = [...hosts.values()]
    .slice(0, IMPORT_LIMITS.reports)
    .map(({ first, weaknesses }) => reportOf(first, weaknesses));
  return { tool: 'Qualys', reports, problems };
}

function namesOf(row: Row) {
  return deviceNames({
    ips: [row.get('ip') ?? row.get('ip address')],
    hostnames: [row.get('dns'), row.get('fqdn'), row.get('netbios')],
  });
}

function weaknessOf(row: Row) {
  if (/^(?:ig|info|practice)/i.test(row.get('type') ?? '') || /^fixed$/i.test(row.get('vuln status') ?? ''))
    return undefined;
  return reportedWeakness({
    id: row.get('qid') ?? '',
    title: row.get('title') ?? '',
    cves: row.get('cve id') ?? '',
    severity: severityOfLevel(row.get('severity') ?? ''),
    port: Number(row.get('port')),
    transport: row.get('protocol'),
    ...versionsIn(row.get('results') ?? ''),
    remedy: withoutMarkup(row.get('solution') ?? ''),
  });
}

function reportOf(row: Row, weaknesses: ImportedReport['weaknesses']): ImportedReport {
  const system = row.get('os') ?? '';
  const taken = Date.parse(row.get('last detected') ?? row.get('last_scan_datetime') ?? '');
  return {
    ...EMPTY_REPORT,
    device: namesOf(row),
    takenAtMs: Number.isNaN(taken) ? undefined : taken,
    evidence: deviceEvidence('report.operating-system', system),
    weaknesses,
  };
}
