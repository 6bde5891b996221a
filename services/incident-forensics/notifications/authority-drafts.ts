import { loadKnowledgeFiles } from '@sphinx/platform';
import { z } from 'zod';
import type { Activity, IncidentView } from '../incidents/incident-record.ts';
import { nameOf } from '../incidents/incident-work.ts';

const FIELDS = [
  'what-happened',
  'detailed-description',
  'nature-of-breach',
  'severity-and-impact',
  'indicators',
  'suspected-unlawful',
  'cross-border',
  'root-cause',
  'measures',
  'consequences',
  'contact',
] as const;
type Field = (typeof FIELDS)[number];

/** `knowledge/notifications`. */
export const Duty = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  recipient: z.string(),
  applies: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  stages: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        article: z.string(),
        deadlineHours: z.int().positive(),
        fields: z.array(z.enum(FIELDS)).min(1),
      }),
    )
    .min(1),
});
export type Duty = z.infer<typeof Duty>;

/** What would be told to an authority, filled as far as the facts go. */
export interface AuthorityDraft {
  readonly id: string;
  readonly duty: string;
  readonly title: string;
  readonly recipient: string;
  readonly applies: string;
  readonly article: string;
  readonly url: string;
  /** Milliseconds since the Unix epoch. */
  readonly dueAt: number;
  readonly isOverdue: boolean;
  readonly fields: readonly { readonly title: string; readonly text: string; readonly isOpen: boolean }[];
}

const HOUR_MS = 3_600_000;
const TITLES: Readonly<Record<Field, string>> = {
  'what-happened': 'What happened',
  'detailed-description': 'Detailed description',
  'nature-of-breach': 'Nature of the breach, persons and records concerned',
  'severity-and-impact': 'Severity and impact',
  indicators: 'Indicators of compromise',
  'suspected-unlawful': 'Suspected to be caused by unlawful or malicious acts',
  'cross-border': 'Impact across borders',
  'root-cause': 'Kind of threat, or root cause',
  measures: 'Measures taken and under way',
  consequences: 'Likely consequences',
  contact: 'Contact',
};
/** What only a person knows stays to be filled in. */
const TO_FILL = 'To be filled in by a person.';

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export function loadDuties(folder: string): Promise<readonly Duty[]> {
  return loadKnowledgeFiles(folder, Duty);
}

/**
 * @param now milliseconds since the Unix epoch
 * @returns drafts of every duty, soonest first; whether a duty applies is judged by a person
 */
export function authorityDrafts(
  view: IncidentView,
  activity: readonly Activity[],
  duties: readonly Duty[],
  now: number,
): readonly AuthorityDraft[] {
  const knownSince = view.openedAt ?? view.firstSeen;
  return duties
    .flatMap((duty) =>
      duty.stages.map((stage): AuthorityDraft => {
        const dueAt = knownSince + stage.deadlineHours * HOUR_MS;
        const { title: dutyTitle, recipient, applies } = duty;
        return {
          id: `${duty.id}.${stage.id}`,
          duty: dutyTitle,
          title: stage.title,
          recipient,
          applies,
          article: stage.article,
          url: duty.references[0]?.url ?? '',
          dueAt,
          isOverdue: now > dueAt,
          fields: stage.fields.map((field) => {
            const text = fillIn(field, view, activity);
            return { title: TITLES[field], text: text === '' ? TO_FILL : text, isOpen: text === '' };
          }),
        };
      }),
    )
    .toSorted((a, b) => a.dueAt - b.dueAt);
}

/** Facts only; empty where only a person knows. */
function fillIn(field: Field, view: IncidentView, activity: readonly Activity[]): string {
  switch (field) {
    case 'what-happened':
      return `${nameOf(view)}, known since ${timeText(view.openedAt ?? view.firstSeen)}. ${view.summary}`;
    case 'detailed-description':
      return [view.summary, ...view.steps.map(({ time, stage, text }) => `${timeText(time)} ${stage}: ${text}`)].join(
        '\n',
      );
    case 'nature-of-breach':
      return isOfData(view) ? `Signs of data being taken: ${titlesOf(view)}. Number of persons: to be filled in.` : '';
    case 'severity-and-impact':
      return [
        `Severity: ${view.severity}.`,
        view.clinicalImpact === '' ? '' : `For patients: ${view.clinicalImpact}`,
        `Devices concerned: ${view.assets.length}.`,
      ]
        .filter(Boolean)
        .join(' ');
    case 'indicators':
      return view.addresses.length === 0
        ? ''
        : `Addresses: ${view.addresses.join(', ')}. Techniques: ${view.techniques.join(', ')}.`;
    case 'suspected-unlawful':
      return view.verdict === 'true' ? 'Yes.' : '';
    case 'root-cause':
      return view.techniques.length === 0
        ? ''
        : `Signs of: ${view.techniques.join(', ')} (MITRE ATT&CK). Cause: to be filled in.`;
    case 'measures': {
      const done = activity.filter(({ kind }) => kind === 'checklist' || kind === 'comment' || kind === 'hand-over');
      return done.map(({ time, text }) => `${timeText(time)} ${text}`).join('\n');
    }
    case 'consequences':
      return view.clinicalImpact;
    case 'cross-border':
    case 'contact':
      return '';
  }
}

function isOfData({ stages }: IncidentView): boolean {
  return stages.includes('exfiltration') || stages.includes('collection');
}

function titlesOf({ analytics }: IncidentView): string {
  return analytics
    .slice(0, 5)
    .map(({ title }) => title)
    .join('; ');
}

function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
