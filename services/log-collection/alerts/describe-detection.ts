import type { LogReading } from '@sphinx/logs';
import type { SigmaDetection, SigmaEvent, SigmaLevel, SigmaLogsource } from '@sphinx/rules';
import type { LogRow } from '../intake/log-row.ts';
import type { RaisedAlert } from './alert-desk.ts';
import { evidenceOf, subjectsOf } from './describe-event.ts';

const MAXIMUM_SUBJECTS = 50;
const SEVERITIES: Readonly<Record<SigmaLevel, RaisedAlert['severity']>> = {
  informational: 'informational',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/** @returns whether people are told: not of a rule that only serves others as their beginning */
export function isTold({ rule, correlation }: SigmaDetection): boolean {
  return rule.level !== 'informational' || correlation !== undefined;
}

/**
 * @param event with which it was found, as it is shown, masked; undefined where a time span was over
 * @returns what is told of a detection
 */
export function describeDetection({ rule, correlation }: SigmaDetection, event: LogRow | undefined): RaisedAlert {
  const subjects = event === undefined ? groupSubjects(correlation) : subjectsOf(event);
  const time = correlation?.firstMs ?? event?.time ?? 0;
  const endTime = correlation?.lastMs ?? event?.time ?? time;
  const count = Math.max(1, correlation?.count ?? 1);
  const where = event?.device_host || event?.device_ip || event?.source_id;
  const times = count > 1 ? `, ${count} events` : '';
  const place = where === undefined ? '' : ` in the log of ${where}`;
  return {
    kind: 'log-rule',
    analytic: {
      id: rule.id,
      title: rule.title.slice(0, 500) || rule.id,
      set: rule.file.split('/')[0] ?? '',
      version: rule.status,
      references: rule.references.slice(0, 50).map((reference) => reference.slice(0, 1000)),
    },
    severity: SEVERITIES[rule.level],
    message: `${rule.title}${times}${place}.`.slice(0, 2000),
    subjects: subjects.slice(0, MAXIMUM_SUBJECTS),
    techniques: techniquesOf(rule.tags),
    time: Math.max(0, Math.trunc(time)),
    endTime: Math.max(0, Math.trunc(endTime)),
    count,
    evidence: event === undefined ? [] : [evidenceOf(event)],
  };
}

/** @returns what rules look at. Those for logs of lines look for words in the line; what is JSON or XML has all of it in its fields */
export function ruleEventOf(raw: string, { fields }: LogReading): SigmaEvent {
  const isLine = fields.message === undefined && !/^\s*[{<][^\d]/.test(raw);
  return isLine ? { ...fields, message: raw } : fields;
}

/** @returns what the log is in the words of Sigma; undefined where its format does not tell */
export function originOf({ logsource }: LogReading): SigmaLogsource | undefined {
  const { product, category, service } = logsource;
  const isTold = product !== undefined || category !== undefined || service !== undefined;
  return isTold ? (logsource as SigmaLogsource) : undefined;
}

/** Of correlation rules that end by time alone: whoever the events were grouped by. */
function groupSubjects(correlation: SigmaDetection['correlation']): RaisedAlert['subjects'] {
  const subjects = (correlation?.group ?? []).flatMap(({ field, value }) => {
    if (value === '' || /patient|participantobject/i.test(field)) return [];
    const type = /ip|address/i.test(field) ? 'ip' : /user|account/i.test(field) ? 'user' : 'service';
    return [{ role: 'actor', type, value: value.slice(0, 500) } as const];
  });
  return subjects.length > 0 ? subjects : [{ role: 'affected', type: 'service', value: 'logs' }];
}

function techniquesOf(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => {
    const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
    return technique === undefined ? [] : [technique.toUpperCase()];
  });
}
