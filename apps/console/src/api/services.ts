import { useQuery } from '@tanstack/react-query';
import type { ValueSchema } from '../components/setting-input.tsx';
import { request } from './request.ts';
import { useMay } from './session.ts';

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
  const mayRead = useMay('services:read');
  return useQuery({
    queryKey: ['services'],
    enabled: mayRead,
    queryFn: ({ signal }) => request<{ items: readonly Service[] }>('GET', '/services', { signal }),
  });
}

/** The services that are switched off, by id. */
export function useServicesOff(): ReadonlyMap<string, Service> {
  const { data } = useServices();
  return new Map(data?.items.filter(({ isEnabled }) => !isEnabled).map((service) => [service.id, service]));
}
