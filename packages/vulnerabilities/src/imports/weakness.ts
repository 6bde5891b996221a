import type { ReportedWeakness, Severity } from '@sphinx/schema';
import { plainText } from './report.ts';

/** What of a weakness is known. */
export interface WeaknessFields {
  readonly id: string;
  readonly title: string;
  /** Any text in which CVE numbers stand. */
  readonly cves: string;
  readonly severity: Severity;
  readonly vector?: string | undefined;
  readonly port?: number | undefined;
  readonly transport?: string | undefined;
  readonly software?: string | undefined;
  readonly version?: string | undefined;
  readonly fixedVersion?: string | undefined;
  readonly remedy?: string | undefined;
  readonly certainty?: number | undefined;
}

const MOST_CVES = 500;

/** @returns undefined where the report does not say which check found it */
export function reportedWeakness(fields: WeaknessFields): ReportedWeakness | undefined {
  const id = plainText(fields.id, 256);
  if (id === '') return undefined;
  const { port, certainty } = fields;
  const transport = fields.transport?.trim().toLowerCase();
  const isPort = port !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535;
  const isTransport = transport === 'tcp' || transport === 'udp';
  const isCertainty = certainty !== undefined && Number.isFinite(certainty);
  return {
    id,
    title: plainText(fields.title, 512),
    cves: cvesIn(fields.cves).slice(0, MOST_CVES),
    severity: fields.severity,
    remedy: plainText(fields.remedy ?? '', 1024),
    ...(isPort && { port }),
    ...(isTransport && { transport }),
    ...(isCertainty && { certainty: Math.min(100, Math.max(0, Math.round(certainty))) }),
    ...textField('vector', fields.vector, 256),
    ...textField('software', fields.software, 512),
    ...textField('version', fields.version, 256),
    ...textField('fixedVersion', fields.fixedVersion, 256),
  };
}

function textField(name: string, value: string | undefined, longest: number): Record<string, string> {
  const text = plainText(value ?? '', longest);
  return text === '' ? {} : { [name]: text };
}

/** @returns CVE numbers that stand in a text, each once */
export function cvesIn(text: string): string[] {
  const found = text.match(/\bC(?:VE|AN)-\d{4}-\d{4,}\b/gi) ?? [];
  return [...new Set(found.map((cve) => cve.toUpperCase().replace(/^CAN/, 'CVE')))];
}

/** Qualitative ratings of CVSS 3.1 §5: none below 0.1, low, medium from 4.0, high from 7.0, critical from 9.0. */
export function severityOfScore(score: number): Severity {
  if (!(score >= 0.1)) return 'informational';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  serious: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  negligible: 'low',
  minor: 'low',
};

/** @returns undefined for a word that says nothing of severity, such as `UNKNOWN` */
export function severityOfWord(word: string): Severity | undefined {
  return WORDS[word.trim().toLowerCase()];
}

/** What scanners write of versions: `Installed version : 1.1.1k`, `Fixed version: 1.1.1l`. */
export function versionsIn(output: string): {
  readonly version: string | undefined;
  readonly fixedVersion: string | undefined;
} {
  const find = (words: string) =>
    new RegExp(`^[ \\t]*(?:${words})[ \\t]*:[ \\t]*(\\S[^\\r\\n]{0,200})`, 'im')
      .exec(output.slice(0, 20_000))?.[1]
      ?.trim();
  return {
    version: find('installed version|installed package|remote package installed|version|reported version'),
    fixedVersion: find('fixed version|fixed package|should be|fixed in version'),
  };
}
