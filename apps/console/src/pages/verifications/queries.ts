import type { CheckOutcome, Severity, Verdict, Verification } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** A verification of a list: `results` holds the failed checks only. */
export interface VerificationItem extends Verification {
  readonly counts: Readonly<Record<CheckOutcome, number>>;
}

interface VerificationPage {
  readonly items: readonly VerificationItem[];
  readonly nextCursor: string | null;
  readonly total: number;
}

export interface FailedCheck {
  readonly checkId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly assets: number;
}

export type VerificationSummary = Readonly<Record<Verdict, number>> & {
  readonly topFailedChecks: readonly FailedCheck[];
};

/** The present verdicts, newest first. @param filter.check only of assets that fail this check */
export function useVerifications({ verdict, check }: { verdict: Verdict | null; check: string | null }) {
  return useInfiniteQuery({
    queryKey: ['verifications', 'list', verdict, check],
    queryFn: ({ pageParam, signal }) =>
      request<VerificationPage>('GET', '/verifications', {
        query: {
          limit: 100,
          ...(verdict === null ? {} : { verdict }),
          ...(check === null ? {} : { check }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useVerificationSummary() {
  return useQuery({
    queryKey: ['verifications', 'summary'],
    queryFn: ({ signal }) => request<VerificationSummary>('GET', '/verifications/summary', { signal }),
  });
}
