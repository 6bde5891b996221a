import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { uploadFile } from '../../api/upload.ts';

interface FeedVersion {
  readonly origin: 'url' | 'file' | 'bundle';
  readonly from: string;
  readonly fetchedMs: number;
  readonly revision: string;
  readonly files: number;
  readonly sizeBytes: number;
}

/** Where knowledge of weaknesses comes from, as the API tells it. */
export interface Feed {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly format: string;
  readonly authority: 'vendor' | 'coordinator' | 'collection';
  readonly url: string | null;
  readonly isFetched: boolean;
  readonly isEnabled: boolean;
  readonly isOwn: boolean;
  readonly intervalHours: number;
  readonly licence: { readonly id: string; readonly url: string | null; readonly notice: string | null };
  readonly trust: 'tls' | 'checksum';
  readonly sources: readonly { readonly title: string; readonly url: string }[];
  readonly health: 'empty' | 'fresh' | 'stale' | 'failed';
  readonly message: string;
  readonly confirmedMs: number | null;
  readonly checkedMs: number | null;
  readonly nextMs: number | null;
  readonly entries: number;
  readonly leftOutCount: number;
  readonly leftOut: readonly { readonly place: string; readonly reason: string }[];
  readonly current: FeedVersion | null;
  readonly previous: FeedVersion | null;
}

/** What became of one feed, in the result of a job. */
export interface FeedOutcome {
  readonly id: string;
  readonly outcome: 'taken' | 'unchanged' | 'failed';
  readonly message: string;
  readonly added?: number;
  readonly changed?: number;
  readonly removed?: number;
}

/** A key whose bundles are taken, or the own one. */
export interface BundleKey {
  readonly title: string;
  readonly isOwn: boolean;
  readonly key: { readonly keyid: string };
}

interface StartedJob {
  readonly job: string;
}

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export function useFeeds() {
  return useQuery({
    queryKey: ['feeds'],
    queryFn: ({ signal }) => request<Page<Feed>>('GET', '/feeds', { query: { limit: 500 }, signal }),
    select: ({ items }) => items,
  });
}

export function useBundleKeys() {
  return useQuery({
    queryKey: ['feeds', 'keys'],
    queryFn: ({ signal }) => request<{ keys: readonly BundleKey[] }>('GET', '/feed-bundle-keys', { signal }),
    select: ({ keys }) => keys,
  });
}

/** A change of feeds, after which everything about them is asked again. */
export function useFeedChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['feeds'] }) });
}

const pathOf = (id: string) => `/feeds/${encodeURIComponent(id)}`;

export interface FeedChange {
  readonly id: string;
  readonly isEnabled?: boolean;
  readonly url?: string | null;
  readonly apiKey?: string | null;
}

export const changeFeed = ({ id, ...body }: FeedChange) => request<Feed>('PATCH', pathOf(id), { body });
export const addFeed = (definition: string) => request<Feed>('POST', '/feeds', { body: { definition } });
/** @param ids none for all that are switched on */
export const pullFeeds = (ids: readonly string[]) => request<StartedJob>('POST', '/feeds/pull', { body: { ids } });
export const undoFeed = (id: string) => request<StartedJob>('POST', `${pathOf(id)}/undo`);
export const clearFeed = (id: string) => request<StartedJob>('DELETE', `${pathOf(id)}/content`);
export const removeFeed = (id: string) => request<StartedJob>('DELETE', pathOf(id));
export const importFile = (file: File, onProgress: (fraction: number) => void) =>
  uploadFile<StartedJob>('/feeds/import', { name: file.name }, file, onProgress);

/** @param ids none for all that are switched on */
export const writeBundle = (ids: readonly string[]) => request<StartedJob>('POST', '/feed-bundles', { body: { ids } });
export const trustKey = ({ title, key }: { title: string; key: BundleKey['key'] }) =>
  request('PUT', `/feed-bundle-keys/${encodeURIComponent(key.keyid)}`, { body: { title, key } });
export const distrustKey = (id: string) => request('DELETE', `/feed-bundle-keys/${encodeURIComponent(id)}`);
