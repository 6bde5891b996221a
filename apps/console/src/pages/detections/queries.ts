import type { Detection } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
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
