import type { Alert, Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface LogEvent {
  readonly log_id: string;
  readonly time: number;
  readonly logged_time: number;
  readonly source_id: string;
  readonly format: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly activity: string;
  readonly status: string;
  readonly device_host: string;
  readonly device_ip: string;
  readonly service: string;
  readonly actor_user: string;
  readonly src_ip: string;
  readonly dst_ip: string;
  readonly message: string;
  readonly raw: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogSource {
  readonly id: string;
  readonly format: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly events: number;
  readonly unparsed: number;
  readonly dropped: number;
  readonly truncated: number;
}

export interface LogArchive {
  readonly folder: string;
  readonly keyId: string;
  readonly head: { readonly sequence: number; readonly hash: string; readonly time: number } | null;
  readonly segments: number;
  readonly lines: number;
  readonly sizeBytes: number;
  readonly dropped: { readonly segments: number; readonly lines: number };
  readonly lost: number;
  readonly unsigned: number;
  readonly problem: string;
}

export interface LogRetention {
  readonly kind: string;
  readonly days: number;
  readonly isOwn: boolean;
}

export interface LogFormat {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly reads: string;
  readonly references: readonly string[];
  readonly cases: number;
  readonly isOwn: boolean;
}

export interface LogRuleSet {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly isOwn: boolean;
  readonly rules: number;
  readonly rejected: number;
}

export interface LogRule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly level: Severity;
  readonly isEnabled: boolean;
  readonly alerts: number;
}

export interface SavedSearch {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly schedule: { readonly windowMinutes: number; readonly threshold: number } | null;
}

export interface Histogram {
  readonly from: number;
  readonly until: number;
  readonly bucketMs: number;
  readonly total: number;
  readonly buckets: readonly { readonly time: number; readonly counts: Readonly<Record<string, number>> }[];
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** What is asked for: a query and how far back. */
export interface LogQuery {
  readonly query: string;
  readonly hours: number;
}

const TOPIC = 'logs';
const PAGE = 100;
const LARGEST_PAGE = 1000;
const MILLISECONDS_PER_HOUR = 3_600_000;

const sinceOf = (hours: number) => Date.now() - hours * MILLISECONDS_PER_HOUR;

export function useEvents({ query, hours }: LogQuery) {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'events', query, hours],
    queryFn: ({ pageParam, signal }) =>
      request<Page<LogEvent>>('GET', '/logs', {
        query: { query, from: sinceOf(hours), limit: PAGE, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useHistogram({ query, hours }: LogQuery) {
  return useQuery({
    queryKey: [TOPIC, 'histogram', query, hours],
    queryFn: ({ signal }) =>
      request<Histogram>('GET', '/logs/histogram', { query: { query, from: sinceOf(hours) }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useValues({ query, hours }: LogQuery, column: string) {
  return useQuery({
    queryKey: [TOPIC, 'values', query, hours, column],
    queryFn: ({ signal }) =>
      request<{ values: readonly { value: string; count: number }[] }>('GET', '/logs/values', {
        query: { query, from: sinceOf(hours), column, limit: 5 },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

export function useReveal() {
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      request<LogEvent>('POST', `/logs/${encodeURIComponent(id)}/reveal`, { body: { reason } }),
  });
}

/** A list that is short enough to come whole. */
function useList<T>(name: string, path: string) {
  return useQuery({
    queryKey: [TOPIC, name],
    queryFn: ({ signal }) => request<Page<T>>('GET', path, { query: { limit: LARGEST_PAGE }, signal }),
  });
}

export const useLogSources = () => useList<LogSource>('sources', '/log-sources');
/** Fails where no archive is kept. */
export function useLogArchive() {
  return useQuery({
    queryKey: [TOPIC, 'archive'],
    queryFn: ({ signal }) => request<LogArchive>('GET', '/log-archive', { signal }),
    retry: false,
  });
}

export const useLogRetention = () => useList<LogRetention>('retention', '/log-retention');
export const useFormats = () => useList<LogFormat>('formats', '/log-formats');
export const useLogRuleSets = () => useList<LogRuleSet>('rule-sets', '/log-rule-sets');
export const useLogRules = () => useList<LogRule>('rules', '/log-rules');
export const useSavedSearches = () => useList<SavedSearch>('searches', '/log-searches');

export function useAlerts() {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'alerts'],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Alert>>('GET', '/log-alerts', { query: { limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Changes something of logs; what the page shows of them is asked again. */
export function useLogChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      method,
      path,
      body,
    }: {
      method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      path: string;
      body?: object;
    }) => request<unknown>(method, path, body === undefined ? {} : { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}
