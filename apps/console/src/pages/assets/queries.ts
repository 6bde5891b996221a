import type { PatientSafetyClass, Verdict } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { type AssetFilter, apiQueryOf } from './asset-filter.ts';

/** An asset as the list shows it. */
export interface AssetSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly kindTitle: string | null;
  readonly kindConfidence: number | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly ips: readonly string[];
  readonly macs: readonly string[];
  readonly hostnames: readonly string[];
  readonly zone: string | null;
  readonly patientSafetyClass: PatientSafetyClass | null;
  readonly clinicalFunction: string | null;
  readonly owner: string | null;
  readonly location: string | null;
  readonly services: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly isNew: boolean;
  readonly isSample: boolean;
  readonly isPinned: boolean;
  readonly conflicts: number;
}

interface AssetPage {
  readonly items: readonly AssetSummary[];
  readonly nextCursor: string | null;
  readonly total: number;
}

interface Count {
  readonly id: string;
  readonly title: string;
  readonly count: number;
}

export interface AssetsSummary {
  readonly total: number;
  readonly new: number;
  readonly withConflicts: number;
  readonly kinds: readonly Count[];
  readonly zones: readonly Count[];
  readonly patientSafetyClasses: readonly Count[];
  readonly manufacturers: readonly Count[];
}

/** A saved view: a name for an address of the list. */
export interface AssetView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
}

export interface ImportFile {
  readonly format: 'csv' | 'json';
  readonly content: string;
}

export interface ImportRow {
  readonly row: number;
  readonly action: 'update' | 'create' | 'unchanged' | 'skip';
  readonly assetId: string | null;
  readonly name: string;
  readonly changes: readonly { readonly field: string; readonly from: string | null; readonly to: string }[];
  readonly message: string;
}

export interface ImportResult {
  readonly items: readonly ImportRow[];
  readonly totals: Readonly<Record<ImportRow['action'], number>>;
}

/** Rows that are fetched at a time: large enough for a jump to the end, small enough to come at once. */
const PAGE_SIZE = 500;

/** The list under a filter. Pages come as they are scrolled to. */
export function useAssets(filter: AssetFilter) {
  const query = apiQueryOf(filter);
  return useInfiniteQuery({
    queryKey: ['assets', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      request<AssetPage>('GET', '/assets', {
        query: { ...query, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** How many there are of what: the choices of the filters. */
export function useAssetsSummary() {
  return useQuery({
    queryKey: ['assets', 'summary'],
    queryFn: ({ signal }) => request<AssetsSummary>('GET', '/assets/summary', { signal }),
  });
}

interface VerdictItem {
  readonly assetId: string;
  readonly verdict: Verdict;
}

/** The present verdict by asset id. */
export function useVerdicts(): ReadonlyMap<string, Verdict> {
  const { data } = useQuery({
    queryKey: ['verifications', 'verdicts'],
    queryFn: ({ signal }) => request<{ items: readonly VerdictItem[] }>('GET', '/verifications/verdicts', { signal }),
    select: verdictsById,
  });
  return data ?? NO_VERDICTS;
}

const NO_VERDICTS: ReadonlyMap<string, Verdict> = new Map();

function verdictsById({ items }: { items: readonly VerdictItem[] }): ReadonlyMap<string, Verdict> {
  return new Map(items.map(({ assetId, verdict }) => [assetId, verdict]));
}

export function useAssetViews() {
  return useQuery({
    queryKey: ['asset-views'],
    queryFn: ({ signal }) => request<{ items: readonly AssetView[] }>('GET', '/asset-views', { signal }),
    select: ({ items }) => items,
  });
}

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; query: string }) => request<AssetView>('POST', '/asset-views', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['asset-views'] }),
  });
}

export function useRemoveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>('DELETE', `/asset-views/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['asset-views'] }),
  });
}

export function useMergeAssets() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ into, assetIds }: { into: string; assetIds: readonly string[] }) =>
      request<{ id: string }>('POST', `/assets/${encodeURIComponent(into)}/merge`, { body: { assetIds } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['assets'] }),
  });
}

export function usePreviewImport() {
  return useMutation({
    mutationFn: (body: ImportFile) => request<ImportResult>('POST', '/assets/import/preview', { body }),
  });
}

export function useApplyImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ImportFile) => request<ImportResult>('POST', '/assets/import', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['assets'] }),
  });
}
