import type { PatientSafetyClass } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type RiskLevel = 'very-low' | 'low' | 'moderate' | 'high' | 'very-high';
export type ControlState = 'yes' | 'partly' | 'no';

export interface AssetRisk {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly zone: string;
  readonly careArea: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
  readonly probability: number;
  readonly level: RiskLevel;
  readonly points: number;
  readonly threat: string;
  readonly signals: number;
}

export interface AssetRiskDetail extends AssetRisk {
  readonly consequences: readonly {
    readonly id: string;
    readonly title: string;
    readonly probability: number;
    readonly impact: number;
    readonly level: RiskLevel;
    readonly text: string;
  }[];
  readonly threats: readonly {
    readonly id: string;
    readonly title: string;
    readonly probability: number;
    readonly reasons: readonly string[];
  }[];
  readonly evidence: readonly {
    readonly kind: 'signal' | 'incident';
    readonly id: string;
    readonly text: string;
    readonly time: number;
  }[];
  readonly care: string;
  readonly beds: number;
}

export interface CareRisk {
  readonly id: string;
  readonly name: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
  readonly beds: number | null;
  readonly probability: number;
  readonly level: RiskLevel;
  readonly points: number;
  readonly reasons: readonly string[];
}

export interface ThreatRisk {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly probability: number;
  readonly perYear: { readonly low: number; readonly likely: number; readonly high: number };
  readonly basis: string;
  readonly likeliest: readonly { readonly id: string; readonly name: string; readonly probability: number }[];
}

export interface RiskControl {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly state: ControlState | null;
  readonly note: string;
  readonly by: string | null;
  readonly time: number | null;
  readonly effects: readonly string[];
}

export interface RiskSummary {
  readonly level: RiskLevel;
  readonly text: string;
  readonly assets: readonly { readonly level: RiskLevel; readonly count: number }[];
  readonly services: readonly { readonly level: RiskLevel; readonly count: number }[];
  readonly horizonDays: number;
  readonly model: {
    readonly version: string;
    readonly rationale: string;
    readonly references: readonly { readonly title: string; readonly url: string }[];
  };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'risk';
const LARGEST_PAGE = 1000;

function useList<T>(path: string) {
  return useQuery({
    queryKey: [TOPIC, path],
    queryFn: ({ signal }) => request<Page<T>>('GET', path, { query: { limit: LARGEST_PAGE }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useRiskSummary() {
  return useQuery({
    queryKey: [TOPIC, 'summary'],
    queryFn: ({ signal }) => request<RiskSummary>('GET', '/risk/summary', { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useCareRisks() {
  return useList<CareRisk>('/risk/services');
}

export function useThreatRisks() {
  return useList<ThreatRisk>('/risk/threats');
}

export function useRiskControls() {
  return useList<RiskControl>('/risk/controls');
}

export function useAssetRisks(query: { search?: string | undefined; level?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'assets', query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<AssetRisk>>('GET', '/risk/assets', {
        query: { ...query, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useAssetRisk(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'asset', id],
    queryFn: ({ signal }) => request<AssetRiskDetail>('GET', `/risk/assets/${encodeURIComponent(id)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useStateControl() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; state: ControlState | null; note: string }) =>
      request<RiskControl>('PUT', `/risk/controls/${encodeURIComponent(id)}`, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}
