import type { Severity, SsvcDecision, Weakness, WeaknessStatus } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** A weakness on a device, as the API tells it. */
export interface Finding extends Weakness {
  readonly assetId: string;
  readonly assetName: string;
  readonly assetKind: string;
  readonly vendor: string;
  readonly ward: string;
  readonly zone: string;
  readonly isOverdue: boolean;
}

/** One weakness and how many devices have it. */
export interface RankedWeakness {
  readonly weakness: string;
  readonly title: string;
  readonly severity: Severity;
  readonly baseScore: number | null;
  readonly decision: SsvcDecision;
  readonly priority: number;
  readonly affected: number;
  readonly possiblyAffected: number;
  readonly overdue: number;
  readonly isKnownExploited: boolean;
  readonly exploitProbability: number | null;
  readonly hasFix: boolean;
  readonly publishedAt: number | null;
  readonly reasons: readonly string[];
}

type Decisions = Readonly<Record<SsvcDecision, number>>;

export interface WeaknessSummary {
  readonly findings: number;
  readonly assets: number;
  readonly assessedAssets: number;
  readonly decisions: Decisions;
  readonly statuses: Readonly<Record<WeaknessStatus, number>>;
  readonly possiblyAffected: number;
  readonly knownExploited: number;
  readonly overdue: number;
  readonly isMatching: boolean;
}

export const GROUPINGS = ['asset', 'vendor', 'ward', 'zone', 'kind', 'component', 'owner'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface WeaknessGroup {
  readonly key: string;
  readonly title: string;
  readonly assets: number;
  readonly weaknesses: number;
  readonly findings: number;
  readonly decisions: Decisions;
  readonly knownExploited: number;
  readonly possiblyAffected: number;
  readonly overdue: number;
}

export interface WeaknessChange {
  readonly time: number;
  readonly assetId: string;
  readonly assetName: string;
  readonly kind: 'found' | 'closed' | 'reopened' | 'changed';
  readonly weaknesses: readonly string[];
}

export interface TrendDay {
  readonly day: string;
  readonly found: number;
  readonly closed: number;
  readonly reopened: number;
}

/** A weakness that stays on a device by a decision. */
export interface WeaknessException {
  readonly assetId: string;
  readonly assetName: string;
  readonly ward: string;
  readonly weakness: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: 'accepted-risk' | 'compensated' | 'false-positive';
  readonly reason: string;
  readonly control: string | null;
  readonly by: string;
  readonly at: number;
  readonly owner: string | null;
  readonly expiresAt: number | null;
  readonly signature: object | null;
  readonly isGenuine: boolean | null;
}

interface Counted {
  readonly findings: number;
  readonly assets: number;
  readonly decisions: Decisions;
}

/** What would be left if weaknesses were fixed. */
export interface WhatIf {
  readonly before: Counted;
  readonly after: Counted;
}

interface DecisionTree {
  readonly title: string;
  readonly version: string;
  readonly references: readonly { readonly title: string; readonly url?: string }[];
  readonly missionAndWellBeing: readonly { readonly value: string; readonly because: string }[];
  readonly table: readonly {
    readonly exploitation: 'none' | 'poc' | 'active';
    readonly isAutomatable: boolean;
    readonly technicalImpact: 'partial' | 'total';
    readonly decisions: readonly [SsvcDecision, SsvcDecision, SsvcDecision];
  }[];
  readonly steps: readonly { readonly by: 1 | -1; readonly because: string }[];
  readonly dueDays: Decisions;
}

export interface Settled {
  readonly actionId: string;
  readonly findings: number;
}

export interface SettleRequest {
  readonly weakness: string;
  readonly assetIds?: readonly string[];
  readonly status: Exclude<WeaknessStatus, 'accepted-risk'>;
  readonly owner?: string | null;
  readonly dueAt?: number | null;
  readonly reason: string;
  readonly control?: string;
  readonly expiresAt?: number;
}

export interface AcceptRequest {
  readonly weakness: string;
  readonly assetIds?: readonly string[];
  readonly reason: string;
  readonly expiresAt: number;
  readonly owner?: string | null;
}

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null; readonly total: number };
export type FindingQuery = Readonly<Record<string, string | undefined>>;

function useRanked<Item>(path: string, query: FindingQuery) {
  return useInfiniteQuery({
    queryKey: ['weaknesses', path, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Item>>('GET', path, { query: { ...query, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export const useWeaknesses = (query: FindingQuery) => useRanked<RankedWeakness>('/weaknesses', query);
export const useFindings = (query: FindingQuery) => useRanked<Finding>('/findings', query);

function useAnswer<Answer>(path: string, query: Readonly<Record<string, string | number | undefined>> = {}) {
  return useQuery({
    queryKey: ['weaknesses', path, query],
    queryFn: ({ signal }) => request<Answer>('GET', path, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const useWeaknessSummary = () => useAnswer<WeaknessSummary>('/weaknesses/summary');
export const useTrend = (days: number) => useAnswer<{ items: readonly TrendDay[] }>('/weaknesses/trend', { days });
export const useDecisionTree = () => useAnswer<DecisionTree>('/weaknesses/decision-tree');
export const useGroups = (by: Grouping, query: FindingQuery = {}) =>
  useAnswer<{ items: readonly WeaknessGroup[] }>('/weaknesses/groups', { ...query, by, limit: 100 });
export const useExceptions = (status: WeaknessException['status'] | undefined) =>
  useAnswer<{ items: readonly WeaknessException[]; total: number }>('/findings/exceptions', { status, limit: 500 });
export const useChanges = (since: number) =>
  useAnswer<{ items: readonly WeaknessChange[]; nextCursor: string | null }>('/weaknesses/changes', {
    since,
    limit: 200,
  });

/** A change of weaknesses, after which everything about them is asked again. */
export function useWeaknessChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['weaknesses'] }) });
}

export const settle = (body: SettleRequest) => request<Settled>('POST', '/findings/settle', { body });
export const acceptRisk = (body: AcceptRequest) => request<Settled>('POST', '/findings/accept', { body });
export const undoAction = (id: string) => request<Settled>('POST', `/findings/actions/${encodeURIComponent(id)}/undo`);
export const openTicket = (body: { weakness: string; assetIds?: readonly string[]; note: string }) =>
  request<{ readonly assets: number; readonly answer: string }>('POST', '/findings/ticket', { body });
export const whatIf = (weaknesses: readonly string[]) =>
  request<WhatIf>('POST', '/weaknesses/what-if', { body: { weaknesses } });
