import type { Asset, AssetFactName, Verification } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, request } from '../../api/request.ts';

export interface HistoryItem {
  readonly sequence: number;
  readonly time: number;
  /** `sphinx` or the name of a person. */
  readonly by: string;
  readonly action: string;
  readonly detail: string;
  readonly canUndo: boolean;
}

/** What a person states. `null` takes a statement back, so that what the network shows holds again. */
export interface AssetChange {
  readonly name?: string | null;
  readonly isPinned?: boolean;
  readonly facts?: Partial<Record<AssetFactName, string | null>>;
  /** Facts that are found automatically again. */
  readonly resetFacts?: readonly AssetFactName[];
}

export interface AssetPart {
  /** By which it is split off. */
  readonly address: string;
  readonly ips: readonly string[];
}

interface NamedChoice {
  readonly id: string;
  readonly title: string;
}

interface GraphNode {
  readonly id: string;
  readonly name: string;
}

const pathOf = (id: string) => `/assets/${encodeURIComponent(id)}`;

export function useAsset(id: string) {
  return useQuery({
    queryKey: ['assets', 'one', id],
    queryFn: ({ signal }) => request<Asset>('GET', pathOf(id), { signal }),
  });
}

export function useAssetHistory(id: string) {
  return useQuery({
    queryKey: ['assets', 'one', id, 'history'],
    queryFn: ({ signal }) => request<{ items: readonly HistoryItem[] }>('GET', `${pathOf(id)}/history`, { signal }),
    select: ({ items }) => items,
  });
}

/** Names of the assets around one, by id. */
export function useNeighbourNames(id: string): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['assets', 'graph', id],
    queryFn: ({ signal }) =>
      request<{ nodes: readonly GraphNode[] }>('GET', '/assets/graph', { query: { around: id }, signal }),
    select: namesById,
  });
  return data ?? NO_NAMES;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

function namesById({ nodes }: { nodes: readonly GraphNode[] }): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id, name }) => [id, name]));
}

/** The present verdict; null while the asset has not been judged. */
export function useLatestVerification(assetId: string) {
  return useQuery({
    queryKey: ['verifications', 'latest', assetId],
    queryFn: async ({ signal }) => {
      try {
        return await request<Verification>('GET', `/verifications/latest/${encodeURIComponent(assetId)}`, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** Kinds and zones that a person can choose from. */
export function useChoices(path: '/asset-kinds' | '/zones') {
  return useQuery({
    queryKey: ['knowledge', path],
    queryFn: ({ signal }) => request<{ items: readonly NamedChoice[] }>('GET', path, { signal }),
    select: ({ items }) => items.map(({ id, title }) => ({ value: id, label: title })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function useAssetMutation<Input>(send: (input: Input) => Promise<Asset>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['assets'] }) });
}

export function useChangeAsset(id: string) {
  return useAssetMutation((body: AssetChange) => request<Asset>('PATCH', pathOf(id), { body }));
}

/** Gives the new asset. */
/** What the asset can be split into: its network cards, and addresses that were seen only through a router. */
export function useAssetParts(id: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['assets', 'one', id, 'parts'],
    queryFn: ({ signal }) => request<{ items: readonly AssetPart[] }>('GET', `${pathOf(id)}/parts`, { signal }),
    select: ({ items }) => items,
    enabled: isWanted,
  });
}

export function useSplitAsset(id: string) {
  return useAssetMutation((addresses: readonly string[]) =>
    request<Asset>('POST', `${pathOf(id)}/split`, { body: { addresses } }),
  );
}

export function useUndo(id: string) {
  return useAssetMutation(() => request<Asset>('POST', `${pathOf(id)}/undo`));
}
