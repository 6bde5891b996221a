import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import type { ValueSchema } from '../../components/setting-input.tsx';

export interface Service {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly description: string;
  readonly acronym?: string;
  readonly version: string;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly needs: readonly string[];
  readonly isEnabled: boolean;
  readonly state: 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';
  readonly health: {
    readonly state: 'healthy' | 'degraded' | 'unhealthy';
    readonly message: string;
    readonly figures?: Readonly<Record<string, number | string>>;
  };
  readonly restarts: number;
  readonly lastError: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly settingsSchema: {
    readonly properties?: Readonly<
      Record<string, ValueSchema & { readonly title?: string; readonly description?: string }>
    >;
  };
}

export function useServices() {
  return useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => request<{ items: readonly Service[] }>('GET', '/services', { signal }),
  });
}

export function useChangeService(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { isEnabled?: boolean; settings?: Readonly<Record<string, unknown>> }) =>
      request<Service>('PATCH', `/services/${encodeURIComponent(id)}`, { body }),
    // A service that comes or goes takes its pages' data with it.
    onSettled: () => client.invalidateQueries(),
  });
}
