import type { IncidentDetail, IncidentItem, LessonItem } from '@sphinx/service-incident-forensics';
import { printable, renderTable } from './table.ts';

/** "INC-12"; the id of what is no incident. */
export function incidentName({ number, id }: Pick<IncidentItem, 'number' | 'id'>): string {
  return number === null ? id : `INC-${number}`;
}

/** Incidents as a table, newest first. */
export function incidentTable(incidents: readonly IncidentItem[]): string {
  return renderTable(incidents, [
    { title: 'Incident', value: incidentName },
    { title: 'Severity', value: ({ severity }) => severity },
    { title: 'Status', value: ({ status, verdict }) => (verdict === null ? status : `${status}: ${verdict}`) },
    { title: 'Owner', value: ({ owner }) => printable(owner ?? 'nobody') },
    { title: 'Last seen', value: ({ lastSeen }) => timeText(lastSeen) },
    { title: 'Signals', value: ({ signals }) => signals.toLocaleString('en'), align: 'right' },
    { title: 'What', value: ({ title }) => printable(title) },
  ]);
}

/** One incident as a person reads it. */
export function incidentText(incident: IncidentDetail): string {
  const { title, summary, severity, clinicalImpact, status, owner, reasons, steps, activity, checklists } = incident;
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${printable(line)}`)];
  return [
    `${incidentName(incident)}: ${printable(title)}`,
    `${severity}, ${status}, ${owner === null ? 'nobody has it' : `owner ${printable(owner)}`}`,
    '',
    printable(summary),
    ...(clinicalImpact === '' ? [] : [printable(clinicalImpact)]),
    ...section(
      'What happened',
      steps.map(({ time, stage, text }) => `${timeText(time)}  ${stage === '' ? '' : `${stage}: `}${text}`),
    ),
    ...section('Why it is shown', reasons),
    ...checklists.flatMap(({ title: list, steps: of }) =>
      section(
        list,
        of.map(({ id, text, doneAt }) => `[${doneAt === null ? ' ' : 'x'}] ${text} (${id})`),
      ),
    ),
    ...section(
      'History',
      activity.map(({ time, by, text }) => `${timeText(time)}  ${by}: ${text}`),
    ),
  ].join('\n');
}

/** What was learnt, as a table. */
export function lessonTable(lessons: readonly LessonItem[]): string {
  return renderTable(lessons, [
    { title: 'Detection', value: ({ title }) => printable(title) },
    { title: 'Of', value: ({ actorName }) => printable(actorName) },
    { title: 'Was', value: ({ wasTrue }) => (wasTrue ? 'an attack' : 'harmless') },
    { title: 'From', value: ({ incident, by }) => printable(`${incident}, ${by}`) },
    { title: 'Id', value: ({ id }) => id },
  ]);
}

function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
