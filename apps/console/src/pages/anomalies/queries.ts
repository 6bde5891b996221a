import type { Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Unit = 'count' | 'bytes' | 'seconds';

export interface Anomaly {
  readonly id: string;
  readonly detector: string;
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly advice: string;
  readonly actor: string;
  readonly assetId: string | null;
  readonly expected: string;
  readonly seen: string;
  readonly rarity: number;
  /** In words. */
  readonly howRare: string;
  readonly basis: 'itself' | 'kind' | 'site' | 'hospitals';
  readonly measure: { readonly id: string; readonly value: number; readonly limit: number } | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly source: string;
  readonly isSample: boolean;
  readonly packet: number;
  readonly isTold: boolean;
  readonly verdict: 'normal' | 'confirmed' | null;
  readonly scope: 'device' | 'kind' | null;
  readonly note: string;
  readonly decidedBy: string;
  readonly decidedAt: number | null;
}

export interface AnomalyDetector {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly advice: string;
  readonly limits: readonly {
    readonly measure: string;
    readonly title: string;
    readonly unit: Unit;
    readonly usual: number | null;
    readonly high: number;
    readonly limit: number;
    readonly basis: 'site' | 'hospitals';
  }[];
  readonly found: number;
  readonly open: number;
  readonly normal: number;
  readonly confirmed: number;
  readonly notTold: number;
}

export interface BaselineMeasure {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly usual: number | null;
  readonly high: number;
  readonly limit: number;
  readonly recent: readonly { readonly hour: number; readonly value: number }[];
}

/** A device here that another one speaks to (`asked`), or that speaks to it (`asks`). */
export interface BaselinePeer {
  readonly key: string;
  readonly name: string;
  readonly role: 'asked' | 'asks';
  readonly since: number;
  readonly lastSeen: number;
  readonly days: number;
}

export interface Baseline {
  readonly key: string;
  readonly kind: string;
  readonly hasLearnt: boolean;
  readonly hours: number;
  readonly days: number;
  readonly since: number;
  readonly lastSeen: number;
  readonly comparedWith: Anomaly['basis'];
  readonly devicesOfKind: number;
  readonly measures: readonly BaselineMeasure[];
  readonly habitList: readonly {
    readonly name: string;
    readonly since: number;
    readonly lastSeen: number;
    readonly isKnown: boolean;
  }[];
  readonly peers: readonly BaselinePeer[];
  readonly activeHours: readonly number[];
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'anomalies';
const PAGE = 50;

export function useAnomalies(query: { verdict?: string | undefined; detector?: string | undefined; asset?: string }) {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Anomaly>>('GET', '/anomalies', {
        query: { ...query, limit: PAGE, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useAnomaly(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'one', id],
    queryFn: ({ signal }) => request<Anomaly>('GET', `/anomalies/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useDetectors() {
  return useQuery({
    queryKey: [TOPIC, 'detectors'],
    queryFn: ({ signal }) =>
      request<Page<AnomalyDetector>>('GET', '/anomaly-detectors', { query: { limit: 200 }, signal }),
  });
}

export function useBaseline(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'baseline', id],
    queryFn: ({ signal }) => request<Baseline>('GET', `/baselines/${encodeURIComponent(id)}`, { signal }),
  });
}

/** Says what an anomaly is; null takes it back. */
export function useVerdict(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verdict: { verdict: 'normal' | 'confirmed'; scope: 'device' | 'kind'; note: string } | null) => {
      const path = `/anomalies/${encodeURIComponent(id)}/verdict`;
      return verdict === null ? request<Anomaly>('DELETE', path) : request<Anomaly>('PUT', path, { body: verdict });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}
