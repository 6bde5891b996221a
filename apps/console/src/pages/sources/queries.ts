import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type SourceKind =
  | 'file'
  | 'folder'
  | 'interface'
  | 'sample'
  | 'flow-exports'
  | 'records'
  | 'packet-server'
  | 'packet-client'
  | 'rpcap'
  | 'ssh'
  | 'sensor';

/** Where traffic comes from. */
export interface Source {
  readonly id: string;
  readonly kind: SourceKind;
  readonly title: string;
  readonly path?: string;
  readonly interface?: string;
  readonly host?: string;
  readonly port?: number;
  readonly filter?: string;
  readonly snapLength?: number;
  readonly state: 'idle' | 'running' | 'finished' | 'failed' | 'stopped';
  readonly isSample: boolean;
  readonly packets: number;
  readonly bytes: number;
  /** Packets, datagrams or records that never came here, as far as somebody counted them. */
  readonly lost: number;
  readonly unreadable: number;
  /** Read so far, 0 to 1; null for a live source. */
  readonly fraction: number | null;
  readonly message: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What the form of a kind asks for; the API says what does not fit. */
export interface NewSource {
  readonly kind: SourceKind;
  readonly title?: string;
  readonly path?: string;
  readonly interface?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly usesSudo?: boolean;
  readonly filter?: string;
  readonly snapLength?: number;
}

export interface CaptureInterface {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly isLoopback: boolean;
}

export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => request<{ items: readonly Source[] }>('GET', '/sources', { signal }),
    select: ({ items }) => items,
  });
}

/** Names of sources by id, for packet references. */
export function useSourceTitles(): ReadonlyMap<string, string> {
  const { data } = useSources();
  return new Map(data?.map(({ id, title }) => [id, title]));
}

export function useInterfaces(isWanted: boolean) {
  return useQuery({
    queryKey: ['interfaces'],
    queryFn: ({ signal }) => request<{ items: readonly CaptureInterface[] }>('GET', '/interfaces', { signal }),
    select: ({ items }) => items,
    enabled: isWanted,
  });
}

function useSourceMutation<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['sources'] }) });
}

export function useAddSource() {
  return useSourceMutation((body: NewSource) => request<Source>('POST', '/sources', { body }));
}

export function useSourceAction() {
  return useSourceMutation(({ id, action }: { id: string; action: 'start' | 'stop' }) =>
    request<Source>('POST', `/sources/${encodeURIComponent(id)}/${action}`),
  );
}

export function useRemoveSource() {
  return useSourceMutation((id: string) => request<void>('DELETE', `/sources/${encodeURIComponent(id)}`));
}

/** Brings the invented hospital in, or takes it and all that came of it away. */
export function useSampleTraffic() {
  return useSourceMutation(async (isWanted: boolean) => {
    if (isWanted) await request<Source>('POST', '/sources/sample');
    else await request<void>('DELETE', '/sources/sample');
  });
}
