import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Network = 'own' | 'restricted' | 'quarantine' | 'onboarding';

/** What is done at the door. */
export interface Access {
  readonly answer: 'accept' | 'reject';
  readonly network: Network;
  readonly vlan: string;
}

export interface GateState {
  readonly mode: 'watch' | 'enforce';
  readonly policy: {
    readonly title: string;
    readonly rationale: string;
    readonly verdicts: Readonly<Record<string, { readonly network: Network }>>;
    readonly failOpen: readonly string[];
  };
}

export interface GateDecision {
  readonly id: string;
  readonly time: number;
  readonly assetId: string | null;
  readonly assetName: string;
  readonly mac: string;
  readonly client: string;
  readonly verdict: string;
  readonly asked: Access;
  readonly done: Access;
  readonly reasons: readonly string[];
  readonly faults: readonly string[];
}

export interface RadiusClient {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

export interface GatePreview {
  readonly asked: Access;
  readonly done: Access;
  readonly reasons: readonly string[];
}

export function useGate() {
  return useQuery({
    queryKey: ['gate', 'state'],
    queryFn: ({ signal }) => request<GateState>('GET', '/gate', { signal }),
  });
}

/** @param assetId decisions on one asset; on all where it is null */
export function useDecisions(assetId: string | null) {
  return useInfiniteQuery({
    queryKey: ['gate', 'decisions', assetId],
    queryFn: ({ pageParam, signal }) =>
      request<{ items: readonly GateDecision[]; nextCursor: string | null }>('GET', '/gate/decisions', {
        query: { limit: 50, cursor: pageParam ?? undefined, ...(assetId === null ? {} : { assetId }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useClients() {
  return useQuery({
    queryKey: ['gate', 'clients'],
    queryFn: ({ signal }) => request<{ items: readonly RadiusClient[] }>('GET', '/gate/clients', { signal }),
  });
}

/** @param mac hardware address; nothing is asked while it is empty */
export function useGatePreview(mac: string) {
  return useQuery({
    queryKey: ['gate', 'preview', mac],
    queryFn: ({ signal }) => request<GatePreview>('GET', '/gate/preview', { query: { mac }, signal }),
    enabled: mac !== '',
  });
}

export function useGateChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['gate'] }) });
}

export const addClient = (body: { name: string; address: string; secret: string }) =>
  request<RadiusClient>('POST', '/gate/clients', { body });
export const removeClient = (id: string) => request<void>('DELETE', `/gate/clients/${encodeURIComponent(id)}`);
export const renewSecret = () => request<{ secret: string }>('POST', '/gate/webhook-secret');
