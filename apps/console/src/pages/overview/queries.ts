import type { Severity, Verdict } from '@sphinx/schema';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

interface Count {
  readonly id: string;
  readonly title: string;
  readonly count: number;
}

export interface AssetsSummary {
  readonly total: number;
  readonly new: number;
  readonly unknown: number;
  readonly withConflicts: number;
  readonly sample: number;
  readonly kinds: readonly Count[];
}

export interface VerificationSummary extends Readonly<Record<Verdict, number>> {
  readonly topFailedChecks: readonly {
    readonly checkId: string;
    readonly title: string;
    readonly severity: Severity;
    readonly assets: number;
  }[];
}

export interface NewAsset {
  readonly id: string;
  readonly name: string;
  readonly kindTitle: string | null;
  readonly ips: readonly string[];
  readonly firstSeen: number;
  readonly isSample: boolean;
}

interface RejectedItem {
  readonly id: string;
  readonly assetId: string;
  readonly assetName: string;
  readonly isSample: boolean;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly time: number;
}

export interface TrafficSummary {
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
  readonly bitsPerSecond: number;
  readonly runningSources: number;
}

const LIST_LENGTH = 6;

export function useAssetsSummary() {
  return useQuery({
    queryKey: ['assets', 'summary'],
    queryFn: ({ signal }) => request<AssetsSummary>('GET', '/assets/summary', { signal }),
  });
}

export function useNewestAssets() {
  return useQuery({
    queryKey: ['assets', 'newest'],
    queryFn: ({ signal }) =>
      request<{ items: readonly NewAsset[] }>('GET', '/assets', {
        query: { sort: '-firstSeen', limit: LIST_LENGTH },
        signal,
      }),
  });
}

export function useVerificationSummary() {
  return useQuery({
    queryKey: ['verifications', 'summary'],
    queryFn: ({ signal }) => request<VerificationSummary>('GET', '/verifications/summary', { signal }),
  });
}

export function useRejected() {
  return useQuery({
    queryKey: ['verifications', 'rejected'],
    queryFn: ({ signal }) =>
      request<{ items: readonly RejectedItem[] }>('GET', '/verifications', {
        query: { verdict: 'rejected', limit: LIST_LENGTH },
        signal,
      }),
  });
}

/** Not everybody who sees assets may see traffic. */
export function useTrafficSummary(isAllowed: boolean) {
  return useQuery({
    queryKey: ['traffic', 'summary'],
    queryFn: ({ signal }) => request<TrafficSummary>('GET', '/traffic/summary', { signal }),
    enabled: isAllowed,
  });
}
