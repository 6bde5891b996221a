import type { PatientSafetyClass } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface AttackPath {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly careArea: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
  readonly group: string;
  readonly groupTitle: string;
  readonly probability: number;
  readonly steps: readonly { readonly text: string; readonly probability: number }[];
  readonly shortest: number;
}

export interface ChokePoint {
  readonly id: string;
  readonly name: string;
  readonly isAsset: boolean;
  readonly guards: number;
  readonly likeliest: number;
  readonly guarded: readonly string[];
}

export interface PathChange {
  readonly patched: readonly string[];
  readonly parted: readonly string[];
  readonly off: readonly string[];
}

interface Reach {
  readonly withinReach: number;
  readonly likeliest: number;
}

export interface WhatIfReport {
  readonly text: string;
  readonly groups: readonly {
    readonly id: string;
    readonly title: string;
    readonly targets: number;
    readonly before: Reach;
    readonly after: Reach;
  }[];
  readonly care: string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Ways change with risk: its topic. */
const TOPIC = 'risk';

export function useAttackPaths() {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'attack-paths'],
    queryFn: ({ pageParam, signal }) =>
      request<Page<AttackPath>>('GET', '/attack-paths', {
        query: { limit: 30, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useChokePoints() {
  return useQuery({
    queryKey: [TOPIC, 'choke-points'],
    queryFn: ({ signal }) =>
      request<Page<ChokePoint>>('GET', '/attack-paths/choke-points', { query: { limit: 100 }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useWhatIf(change: PathChange) {
  return useQuery({
    queryKey: [TOPIC, 'what-if', change],
    queryFn: ({ signal }) => request<WhatIfReport>('POST', '/attack-paths/what-if', { body: change, signal }),
    enabled: change.patched.length + change.parted.length + change.off.length > 0,
    placeholderData: keepPreviousData,
  });
}
