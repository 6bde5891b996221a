import type { IncidentAsset, IncidentStatus, IncidentVerdict, Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Attention = 'incident' | 'held-back' | 'noted';

export interface IncidentItem {
  readonly id: string;
  readonly number: number | null;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly clinicalImpact: string;
  readonly status: IncidentStatus;
  readonly verdict: IncidentVerdict | null;
  readonly owner: string | null;
  readonly stages: readonly string[];
  readonly techniques: readonly string[];
  readonly assets: readonly IncidentAsset[];
  readonly users: readonly string[];
  readonly addresses: readonly string[];
  readonly analytics: readonly { readonly id: string; readonly title: string; readonly count: number }[];
  readonly signals: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly isSample: boolean;
  readonly attention: Attention;
  readonly score: number;
  readonly plainScore: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly steps: readonly {
    readonly time: number;
    readonly endTime: number;
    readonly stage: string;
    readonly text: string;
    readonly severity: string;
  }[];
  readonly closingNote: string;
  readonly mergedInto: string | null;
}

export interface IncidentDetail extends IncidentItem {
  readonly activity: readonly {
    readonly sequence: number;
    readonly time: number;
    readonly by: string;
    readonly kind: string;
    readonly text: string;
  }[];
  readonly checklists: readonly {
    readonly id: string;
    readonly title: string;
    readonly references: readonly { readonly title: string; readonly url: string }[];
    readonly steps: readonly {
      readonly id: string;
      readonly phase: string;
      readonly text: string;
      readonly doneAt: number | null;
      readonly by: string;
      readonly note: string;
    }[];
  }[];
}

export interface IncidentSignal {
  readonly key: string;
  readonly kind: string;
  readonly analytic: { readonly id: string; readonly title: string; readonly set: string };
  readonly severity: Severity;
  readonly message: string;
  readonly techniques: readonly string[];
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
    readonly packet?: { readonly source: string; readonly number: number; readonly time: number };
  }[];
  readonly points: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
}

export interface SimilarIncident {
  readonly id: string;
  readonly number: number | null;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly verdict: IncidentVerdict | null;
  readonly severity: Severity;
  readonly closingNote: string;
  readonly similarity: number;
  readonly because: readonly string[];
}

export interface IncidentLesson {
  readonly id: string;
  readonly incident: string;
  readonly title: string;
  readonly actorName: string;
  readonly wasTrue: boolean;
  readonly by: string;
  readonly time: number;
}

export interface IncidentSummary {
  readonly open: number;
  readonly unassigned: number;
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  readonly heldBack: number;
  readonly noted: number;
  readonly closed: number;
  /** Incidents of the invented hospital. */
  readonly sample: number;
  readonly signalsLastWeek: number;
  readonly openedLastWeek: number;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'incidents';

export interface IncidentFilter {
  readonly attention?: Attention | undefined;
  readonly status?: string | undefined;
  readonly severity?: string | undefined;
  readonly owner?: string | undefined;
  readonly search?: string | undefined;
}

export function useIncidents(filter: IncidentFilter) {
  return useInfiniteQuery({
    queryKey: [TOPIC, filter],
    queryFn: ({ pageParam, signal }) =>
      request<Page<IncidentItem>>('GET', '/incidents', {
        query: { ...filter, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useIncidentSummary() {
  return useQuery({
    queryKey: [TOPIC, 'summary'],
    queryFn: ({ signal }) => request<IncidentSummary>('GET', '/incidents/summary', { signal }),
  });
}

export function useIncident(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'one', id],
    queryFn: ({ signal }) => request<IncidentDetail>('GET', pathOf(id), { signal }),
  });
}

export function useIncidentSignals(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'signals', id],
    queryFn: ({ signal }) => request<Page<IncidentSignal>>('GET', `${pathOf(id)}/signals`, { signal }),
  });
}

export function useSimilarIncidents(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'similar', id],
    queryFn: ({ signal }) => request<Page<SimilarIncident>>('GET', `${pathOf(id)}/similar`, { signal }),
  });
}

export function useLessons() {
  return useQuery({
    queryKey: [TOPIC, 'lessons'],
    queryFn: ({ signal }) => request<Page<IncidentLesson>>('GET', '/incident-lessons', { signal }),
  });
}

/** A change to an incident; everything about incidents is asked again. */
export function useIncidentChange<Variables>(send: (variables: Variables) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}

export const pathOf = (id: string) => `/incidents/${encodeURIComponent(id)}`;

export const changeIncident = (id: string, body: object) => request<IncidentItem>('PATCH', pathOf(id), { body });

/** @param action last part of the path, for example `comments` */
export const actOnIncident = (id: string, action: string, body?: object) =>
  request<IncidentItem>('POST', `${pathOf(id)}/${action}`, body === undefined ? {} : { body });

export const checkStep = (id: string, body: { step: string; isDone: boolean; note: string }) =>
  request<void>('PUT', `${pathOf(id)}/checklist`, { body });

export const forgetLesson = (id: string) => request<void>('DELETE', `/incident-lessons/${encodeURIComponent(id)}`);

/** Shows the incidents of the invented hospital, or takes them away. */
export const setSampleHospital = (isThere: boolean) =>
  request<{ incidents: number }>(isThere ? 'POST' : 'DELETE', '/incidents/sample');
