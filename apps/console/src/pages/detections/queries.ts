import type { Detection } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** Detections that fit, newest first. */
export function useDetections(query: Readonly<Record<string, string | number | undefined>>, isWanted = true) {
  return useInfiniteQuery({
    queryKey: ['detections', query],
    queryFn: ({ pageParam, signal }) =>
      request<{ items: readonly Detection[]; nextCursor: string | null }>('GET', '/detections', {
        query: { ...query, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled: isWanted,
  });
}

export function useDetection(id: string) {
  return useQuery({
    queryKey: ['detections', 'one', id],
    queryFn: ({ signal }) => request<Detection>('GET', `/detections/${encodeURIComponent(id)}`, { signal }),
  });
}

/** What a person said of a detection of a model. */
interface ModelFeedback {
  readonly verdict: 'attack' | 'harmless';
  readonly note: string;
  readonly by: string;
  readonly at: number;
  readonly features: object | null;
}

export function useFeedback(id: string) {
  return useQuery({
    queryKey: ['detections', 'feedback', id],
    queryFn: ({ signal }) =>
      request<{ feedback: ModelFeedback | null }>('GET', `/detections/${encodeURIComponent(id)}/feedback`, { signal }),
  });
}

/** Says what a detection of a model was; null takes it back. */
export function useFeedbackChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (said: Pick<ModelFeedback, 'verdict' | 'note'> | null) => {
      const path = `/detections/${encodeURIComponent(id)}/feedback`;
      return said === null ? request('DELETE', path) : request('PUT', path, { body: said });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['detections'] }),
  });
}
