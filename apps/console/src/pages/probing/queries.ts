import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Caution = 'listens' | 'asks' | 'unusual' | 'logs-in';

export interface Probe {
  readonly id: string;
  readonly title: string;
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly number[];
  readonly sends: string;
  readonly caution: Caution;
  readonly needsPerson: boolean;
  readonly packets: number;
  readonly bytes: number;
}

/** What may be asked of devices of some class. */
export interface ProbePolicy {
  readonly id: string;
  readonly title: string;
  readonly kinds?: string;
  readonly safetyClasses: readonly string[];
  readonly coversUnclassified: boolean;
  readonly mode: 'allowed' | 'with-approval' | 'out-of-care-only';
  readonly occasions: readonly ('first-sight' | 'periodic' | 'on-demand')[];
  readonly probes: {
    readonly cautions: readonly Caution[];
    readonly except: readonly string[];
    readonly also: readonly string[];
  };
  readonly ports: 'known' | 'usual';
  readonly hours?: { readonly from: string; readonly until: string };
  readonly packetsPerSecond: number;
  readonly periodicDays: number;
  readonly slowdown: { readonly factor: number; readonly atLeastMs: number };
  readonly rationale: string;
}

/** What would be sent to one device. */
export interface ProbePreview {
  readonly ip: string;
  readonly name: string;
  readonly assetId?: string;
  readonly safetyClass?: string;
  readonly policy: string;
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly steps: readonly {
    readonly probe: string;
    readonly title: string;
    readonly sends: string;
    readonly caution: Caution;
    readonly ports: readonly number[];
    readonly conditionalPorts: readonly number[];
    readonly packets: number;
    readonly bytes: number;
  }[];
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
}

export interface ProbeRun {
  readonly id: string;
  readonly assetId?: string;
  readonly ip: string;
  readonly policy: string;
  readonly occasion: 'first-sight' | 'periodic' | 'on-demand';
  readonly by: string;
  readonly state: 'waiting' | 'running' | 'completed' | 'unreachable' | 'stopped' | 'slowed' | 'refused';
  readonly reason: string;
  readonly probes: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** One thing that was sent to a device or came from it. */
export interface ProbeExchange {
  readonly sequence: number;
  readonly runId: string;
  readonly probe: string;
  readonly time: number;
  readonly direction: 'sent' | 'received';
  readonly kind: 'open' | 'data' | 'end';
  readonly transport: 'tcp' | 'udp';
  readonly ip: string;
  readonly port: number;
  readonly packets: number;
  readonly bytes: number;
  readonly what: string;
  readonly data: string | null;
}

export interface ProbeApproval {
  readonly id: string;
  readonly target: string;
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly isOutOfCare: boolean;
  readonly credentials: readonly string[];
  readonly note: string;
  readonly withdrawnAt: number | null;
}

export interface ProbingState {
  readonly stop: { readonly reason: string; readonly by: string; readonly at: number } | null;
  readonly running: number;
  readonly waiting: number;
  readonly marks: readonly {
    readonly ip: string;
    readonly assetId?: string;
    readonly reason: string;
    readonly at: number;
  }[];
}

export interface NewApproval {
  readonly target: string;
  readonly hours: number;
  readonly isOutOfCare: boolean;
  readonly credentials: readonly string[];
  readonly note: string;
}

function useAnswer<Answer>(path: string, query: Readonly<Record<string, string | number>> = {}, enabled = true) {
  return useQuery({
    queryKey: ['probes', path, query],
    queryFn: ({ signal }) => request<Answer>('GET', path, { query, signal }),
    enabled,
  });
}

type List<Item> = { readonly items: readonly Item[] };
export const useProbes = () => useAnswer<List<Probe>>('/probes');
export const usePolicies = () => useAnswer<List<ProbePolicy>>('/probe-policies');
export const useProbingState = () => useAnswer<ProbingState>('/probing');
export const useApprovals = () => useAnswer<List<ProbeApproval>>('/probe-approvals');
export const useCredentials = (enabled: boolean) =>
  useAnswer<List<{ readonly id: string; readonly product: string }>>('/default-credentials', {}, enabled);
export const usePreview = (target: string | null) =>
  useAnswer<ProbePreview>('/probe-preview', { target: target ?? '' }, target !== null);

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

function usePages<Item>(path: string, query: Readonly<Record<string, string | undefined>>) {
  return useInfiniteQuery({
    queryKey: ['probes', path, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Item>>('GET', path, { query: { ...query, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export const useRuns = (query: { state: string | undefined }) => usePages<ProbeRun>('/probe-runs', query);
export const useExchanges = (run: string) => usePages<ProbeExchange>('/probe-exchanges', { run });

export function useProbingChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['probes'] }) });
}

export const stopProbing = (reason: string) => request<void>('POST', '/probing/stop', { body: { reason } });
export const resumeProbing = () => request<void>('POST', '/probing/resume');
export const clearMark = (target: string) => request<void>('DELETE', `/probing/marks/${encodeURIComponent(target)}`);
export const startRun = (target: string) => request<ProbeRun>('POST', '/probe-runs', { body: { target } });
export const approve = (body: NewApproval) => request<ProbeApproval>('POST', '/probe-approvals', { body });
export const withdraw = (id: string) => request<void>('DELETE', `/probe-approvals/${encodeURIComponent(id)}`);
