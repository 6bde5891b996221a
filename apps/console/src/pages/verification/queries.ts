import type { Verification } from '@sphinx/schema';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** What the knowledge says about a check, beside its result. */
export interface CheckKnowledge {
  readonly id: string;
  readonly group: string;
  readonly rationale: string;
  readonly condition: string;
}

export function useVerification(id: string) {
  return useQuery({
    queryKey: ['verifications', 'one', id],
    queryFn: ({ signal }) => request<Verification>('GET', `/verifications/${encodeURIComponent(id)}`, { signal }),
  });
}

/** Rationale and group by check id. */
export function useChecks() {
  return useQuery({
    queryKey: ['knowledge', '/checks'],
    queryFn: ({ signal }) => request<{ items: readonly CheckKnowledge[] }>('GET', '/checks', { signal }),
    select: checksById,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function checksById({ items }: { items: readonly CheckKnowledge[] }): ReadonlyMap<string, CheckKnowledge> {
  return new Map(items.map((check) => [check.id, check]));
}
