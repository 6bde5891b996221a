import { QUIET_LINES, renderPdf } from '@sphinx/platform/pdf';
import type { Content } from 'pdfmake/interfaces.js';
import type { CustodyEntry } from '../evidence/custody.ts';
import type { EvidenceItem } from '../evidence/evidence-item.ts';
import type { Activity, IncidentView } from '../incidents/incident-record.ts';
import { nameOf } from '../incidents/incident-work.ts';

/** Everything that a report tells. */
export interface ReportParts {
  readonly view: IncidentView;
  readonly activity: readonly Activity[];
  readonly evidence: readonly EvidenceItem[];
  readonly custody: readonly CustodyEntry[];
  readonly time: number;
}

/** @returns the report on an incident as PDF: what happened, what was done, what proves it, who had it */
export function incidentReport({ view, activity, evidence, custody, time }: ReportParts): Promise<Uint8Array> {
  const content: Content[] = [
    { text: `${nameOf(view)}: ${view.title}`, style: 'title' },
    { text: `${view.severity}, ${view.status}; report of ${timeText(time)}`, style: 'meta' },
    ...(view.isSample ? [{ text: 'Of the sample hospital, not of a real one.', style: 'lead' }] : []),
    { text: view.summary, margin: [0, 8, 0, 0] },
    ...(view.clinicalImpact === '' ? [] : [{ text: `For patients: ${view.clinicalImpact}`, bold: true }]),
    ...table(
      'What happened',
      ['When (UTC)', 'Stage', 'What', 'Severity'],
      view.steps.map(({ time: at, stage, text, severity }) => [timeText(at), stage, text, severity]),
    ),
    ...table(
      'Devices',
      ['Device', 'Kind', 'Care area', 'Class'],
      view.assets.map(({ name, kind, careArea, patientSafetyClass }) => [
        name,
        kind,
        careArea,
        patientSafetyClass ?? '',
      ]),
    ),
    ...table(
      'What was done',
      ['When (UTC)', 'Who', 'What'],
      activity.map(({ time: at, by, text }) => [timeText(at), by, text]),
    ),
    ...table(
      'Evidence',
      ['What', 'Collected (UTC)', 'SHA-256'],
      evidence.map(({ about, collectedAt, sha256 }) => [about, timeText(collectedAt), sha256]),
    ),
    ...table(
      'Chain of custody',
      ['No.', 'When (UTC)', 'Who', 'What'],
      custody.map(({ sequence, time: at, actor, action, detail }) => [
        String(sequence),
        timeText(at),
        actor,
        `${action}: ${detail}`,
      ]),
    ),
    { text: `Last hash of the chain: ${custody.at(-1)?.hash ?? 'none'}`, style: 'meta', margin: [0, 6, 0, 0] },
  ];
  return renderPdf({ title: `${nameOf(view)}: report`, subject: 'Report on an incident', time, content });
}

function table(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): Content[] {
  if (rows.length === 0) return [];
  return [
    { text: heading, style: 'heading' },
    {
      layout: QUIET_LINES,
      fontSize: 8.5,
      table: {
        headerRows: 1,
        widths: columns.map((title) => (title === 'What' || title === 'SHA-256' ? '*' : 'auto')),
        body: [columns.map((text) => ({ text, style: 'tableHead' })), ...rows.map((row) => row.map(breakable))],
      },
    },
  ];
}

/** A hash is one word to a layout; it may be broken anywhere. */
function breakable(text: string): string {
  return text.replace(/[0-9a-f]{16}(?=[0-9a-f])/g, '$&\u200b');
}

function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
