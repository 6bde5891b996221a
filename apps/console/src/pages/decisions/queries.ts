import type { PatientSafetyClass, Severity } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Range = readonly [number, number];

export interface Decision {
  readonly id: number;
  readonly subject: string;
  readonly subjectName: string;
  readonly subjectTitle: string;
  readonly course: string;
  readonly courseTitle: string;
  readonly place: number;
  readonly choices: readonly { readonly id: string; readonly title: string; readonly points: number }[];
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly outcome: {
    readonly result: string;
    readonly care: string;
    readonly note: string;
    readonly by: string;
    readonly at: number;
  } | null;
}

interface SubjectFields {
  readonly id: string;
  readonly kind: 'incident' | 'weakness';
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly clinicalImpact: string;
  readonly assetCount: number;
  readonly lastSeen: number;
  readonly isSample: boolean;
  readonly verdict: string;
  readonly decision: Decision | null;
}

export interface DecisionSubject extends SubjectFields {
  readonly courseCount: number;
  readonly first: { readonly id: string; readonly title: string; readonly points: number };
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly playbook: string | null;
  readonly measures: readonly { readonly kind: string; readonly assetId: string; readonly assetName: string }[];
  readonly points: number;
  readonly range: Range;
  readonly isPutBack: boolean;
  readonly contributions: readonly {
    readonly criterion: string;
    readonly title: string;
    readonly value: number;
    readonly weight: number;
    readonly points: number;
  }[];
  readonly explanation: readonly string[];
  readonly riskReduction: Range;
  readonly likelihoodText: string;
  readonly variables: readonly {
    readonly name: string;
    readonly type: string;
    readonly description: string;
    readonly value: string | null;
    readonly isConstant: boolean;
  }[];
  readonly careText: string;
  readonly careMinutes: Range | null;
  readonly careAreas: readonly {
    readonly careArea: string;
    readonly beds: number | null;
    readonly devices: number;
    readonly functions: readonly string[];
    readonly names: readonly string[];
  }[];
  readonly minutesToEffect: Range | null;
  readonly workHours: Range;
  readonly costEuro: Range | null;
  readonly reversibility: string;
  readonly approvers: readonly string[];
  readonly cautions: readonly string[];
  readonly reasons: readonly string[];
  readonly basis: string;
  readonly sources: readonly { readonly name: string; readonly url: string | null }[];
}

export interface Advice extends SubjectFields {
  readonly assets: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly safetyClass: PatientSafetyClass | null;
    readonly careArea: string;
  }[];
  readonly evidence: readonly string[];
  readonly tippings: readonly {
    readonly criterion: string;
    readonly title: string;
    readonly from: number;
    readonly to: number;
    readonly course: string;
  }[];
  readonly courses: readonly Course[];
  /** Why the search over the model of risk found nothing; empty where it did. */
  readonly searchNote: string;
}

export interface Profile {
  readonly profile: {
    readonly weights: Readonly<Record<string, number>>;
    readonly beds: Readonly<Record<string, number>>;
  };
  readonly by: string | null;
  readonly at: number | null;
  readonly version: number;
}

export interface Lesson {
  readonly course: string;
  readonly title: string;
  readonly cases: number;
  readonly worked: number;
  readonly partly: number;
  readonly failed: number;
  readonly stated: Range;
  readonly learnt: Range;
}

interface Items<Item> {
  readonly items: readonly Item[];
}

export function useSubjects() {
  return useQuery({
    queryKey: ['decisions', 'subjects'],
    queryFn: ({ signal }) => request<Items<DecisionSubject>>('GET', '/decision-subjects', { signal }),
  });
}

/** @param id of an incident or a weakness */
export function useAdvice(id: string) {
  return useQuery({
    queryKey: ['decisions', 'advice', id],
    queryFn: ({ signal }) => request<Advice>('GET', `/decision-subjects/${encodeURIComponent(id)}`, { signal }),
    retry: false,
  });
}

export function useDecisions() {
  return useQuery({
    queryKey: ['decisions', 'log'],
    queryFn: ({ signal }) => request<Items<Decision>>('GET', '/decisions', { query: { limit: 500 }, signal }),
  });
}

export function useLessons() {
  return useQuery({
    queryKey: ['decisions', 'lessons'],
    queryFn: ({ signal }) => request<Items<Lesson>>('GET', '/decision-lessons', { signal }),
  });
}

export function useProfile() {
  return useQuery({
    queryKey: ['decisions', 'profile'],
    queryFn: ({ signal }) => request<Profile>('GET', '/decision-profile', { signal }),
  });
}

/** A change after which everything about decisions is asked anew. */
export function useDecisionChange<Input, Answer>(change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['decisions'] }),
  });
}

export function choose(
  id: string,
  body: { course: string; reason: string; variables: Readonly<Record<string, string>> },
) {
  return request<Decision>('POST', `/decision-subjects/${encodeURIComponent(id)}/decision`, { body });
}

export function tellOutcome(id: number, body: { result: string; care: string; note: string }) {
  return request<Decision>('PUT', `/decisions/${id}/outcome`, { body });
}

export function saveProfile(body: Profile['profile']) {
  return request<Profile>('PUT', '/decision-profile', { body });
}

export function undoProfile() {
  return request<Profile>('POST', '/decision-profile/undo');
}
