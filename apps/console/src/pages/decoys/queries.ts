import type { Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface Decoy {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly persona: string;
  readonly state: 'off' | 'listening' | 'partly' | 'failed';
  readonly isOn: boolean;
  readonly addresses: readonly string[];
  readonly listeners: readonly {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
    readonly fault: string;
  }[];
  readonly identity: { readonly reasons: readonly string[] };
  readonly sessions: number;
  readonly lastSession: number | null;
}

export interface Persona {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly services: readonly { readonly protocol: string; readonly port: number }[];
  /** Real machines of this kind that the inventory knows. */
  readonly machines: number;
}

export type Visitor = 'scanner' | 'brute-force' | 'human' | 'malware' | 'unknown';

export interface DecoySession {
  readonly id: string;
  readonly decoyName: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly remoteAddress: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly visitor: Visitor;
  readonly reasons: readonly string[];
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly tools: readonly string[];
  readonly logOns: number;
  readonly commands: number;
  readonly urls: readonly string[];
  readonly samples: readonly { readonly sha256: string; readonly name: string; readonly kind: string }[];
  readonly hasReplay: boolean;
}

export interface WholeSession extends DecoySession {
  readonly events: readonly { readonly atMs: number; readonly kind: string; readonly text: string }[];
}

export interface Credential {
  readonly protocol: string;
  readonly user: string;
  readonly secret: string;
  readonly tries: number;
  readonly accepted: number;
  readonly lastSeen: number;
  readonly lastSource: string;
}

export interface Honeytoken {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly values: Readonly<Record<string, string>>;
  readonly revokedAt: number | null;
  readonly uses: number;
  readonly lastUse: number | null;
  readonly lastSource: string;
}

/** What a terminal showed or was typed: seconds, output or input, text. */
export type Frame = readonly [time: number, kind: 'o' | 'i', text: string];

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'decoys';

export function useDecoys() {
  return useQuery({
    queryKey: [TOPIC, 'list'],
    queryFn: ({ signal }) => request<Page<Decoy>>('GET', '/decoys', { signal }),
  });
}

export function usePersonas() {
  return useQuery({
    queryKey: [TOPIC, 'personas'],
    queryFn: ({ signal }) => request<Page<Persona>>('GET', '/decoy-personas', { signal }),
  });
}

export function useSessions(query: { visitor?: string | undefined; ip?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'sessions', query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<DecoySession>>('GET', '/decoy-sessions', {
        query: { ...query, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useSession(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'session', id],
    queryFn: ({ signal }) => request<WholeSession>('GET', `/decoy-sessions/${encodeURIComponent(id)}`, { signal }),
  });
}

/** The frames of a replay, read when somebody wants to see it. */
export async function readReplay(id: string): Promise<readonly Frame[]> {
  const response = await fetch(`/api/v1/decoy-sessions/${encodeURIComponent(id)}/replay`);
  if (!response.ok) throw new Error('The replay cannot be read. Try again.');
  const [, ...lines] = (await response.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Frame);
}

export function useCredentials() {
  return useQuery({
    queryKey: [TOPIC, 'credentials'],
    queryFn: ({ signal }) => request<{ items: readonly Credential[] }>('GET', '/decoy-credentials', { signal }),
  });
}

export function useHoneytokens() {
  return useQuery({
    queryKey: [TOPIC, 'tokens'],
    queryFn: ({ signal }) => request<Page<Honeytoken>>('GET', '/honeytokens', { signal }),
  });
}

export interface NewDecoy {
  readonly persona: string;
  readonly addresses: readonly string[];
  readonly portOffset: number;
}

export interface NewToken {
  readonly kind: string;
  readonly label: string;
  readonly address?: string;
  readonly domain?: string;
}

export const addDecoy = (body: NewDecoy) => request<Decoy>('POST', '/decoys', { body });
export const switchDecoy = ({ id, isOn }: { readonly id: string; readonly isOn: boolean }) =>
  request<Decoy>('PATCH', `/decoys/${encodeURIComponent(id)}`, { body: { isOn } });
export const adaptDecoy = (id: string) => request<Decoy>('POST', `/decoys/${encodeURIComponent(id)}/adaptations`);
export const removeDecoy = (id: string) => request('DELETE', `/decoys/${encodeURIComponent(id)}`);
export const createToken = (body: NewToken) => request<Honeytoken>('POST', '/honeytokens', { body });
export const revokeToken = (id: string) => request('DELETE', `/honeytokens/${encodeURIComponent(id)}`);

/** Changes something of decoys; what is shown of them is read anew. */
export function useDecoyChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}
