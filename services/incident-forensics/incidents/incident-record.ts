import type { Incident, IncidentStatus, IncidentVerdict, Severity } from '@sphinx/schema';
import type { StoryStep } from '../story/story.ts';

/** Why it is, or is not, something to look at. */
export type Attention = 'incident' | 'held-back' | 'noted';

/** What people do with an incident; what its signals say is told again with each signal. */
export interface Work {
  readonly status: IncidentStatus;
  readonly verdict: IncidentVerdict | null;
  readonly owner: string | null;
  /** Said by a person; null while it is what the signals say. */
  readonly severity: Severity | null;
  readonly title: string | null;
  readonly closingNote: string;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** Who opened it although its points did not; empty where it opened by itself. */
  readonly openedBy: string;
  /** Incident that has it now. */
  readonly mergedInto: string | null;
}

export const NEW_WORK: Work = {
  status: 'new',
  verdict: null,
  owner: null,
  severity: null,
  title: null,
  closingNote: '',
  openedAt: null,
  closedAt: null,
  openedBy: '',
  mergedInto: null,
};

/** An incident, or what may become one, as the API gives it. */
export interface IncidentView extends Omit<Incident, 'number' | 'openedAt'> {
  readonly number: number | null;
  readonly openedAt: number | null;
  readonly attention: Attention;
  readonly score: number;
  readonly plainScore: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly steps: readonly StoryStep[];
  readonly closingNote: string;
  readonly mergedInto: string | null;
}

/** Source of everything that the sample hospital tells: what has no other goes with it. */
export const SAMPLE_SOURCE = 'sample-incidents';
/** Prefix of ids of incidents of the sample hospital. */
export const SAMPLE_PREFIX = 'smp';

/** @returns whether an incident is one of the sample hospital: nothing real joins it, and nobody is told of it */
export function isOfSampleHospital(id: string): boolean {
  return id.startsWith(`${SAMPLE_PREFIX}_`);
}

/** One line of the history of an incident. */
export interface Activity {
  readonly sequence: number;
  readonly incident: string;
  readonly time: number;
  readonly by: string;
  readonly kind:
    | 'opened'
    | 'grew'
    | 'assigned'
    | 'status'
    | 'severity'
    | 'comment'
    | 'hand-over'
    | 'checklist'
    | 'pinned'
    | 'merged'
    | 'closed'
    | 'reopened'
    | 'evidence'
    | 'notified';
  readonly text: string;
}

/** Signals of one incident that repeat one another. */
export interface SignalRow {
  readonly key: string;
  readonly kind: string;
  readonly analytic: { readonly id: string; readonly title: string; readonly set: string };
  readonly severity: Severity;
  readonly message: string;
  readonly techniques: readonly string[];
  readonly stages: readonly string[];
  readonly entities: readonly {
    readonly type: string;
    readonly id: string;
    readonly name: string;
    readonly role: string;
  }[];
  readonly references: readonly {
    readonly kind: string;
    readonly id: string;
    readonly time: number;
    readonly summary: string;
    readonly packet?: { readonly source: string; readonly number: number; readonly time: number } | undefined;
  }[];
  readonly points: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
}
