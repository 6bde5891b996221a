import type { Severity } from '@sphinx/schema';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type ChannelKind = 'mail' | 'webhook' | 'teams' | 'slack' | 'matrix' | 'syslog';

/** Fields of a target beside its kind; each kind has its own. */
export type ChannelTarget = { readonly kind: ChannelKind } & Readonly<
  Record<string, string | number | readonly string[]>
>;

export interface ChannelSettings {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly leastSeverity: Severity;
  readonly events: readonly string[];
  readonly quietHours: { readonly from: string; readonly until: string; readonly exceptFrom: Severity } | null;
  readonly timeZone: string;
  readonly onCall: readonly {
    readonly name: string;
    readonly address: string;
    readonly days: readonly number[];
    readonly from: string;
    readonly until: string;
    readonly leastSeverity: Severity;
  }[];
  readonly target: ChannelTarget;
}

export interface Channel extends ChannelSettings {
  readonly id: string;
  readonly hasSecret: boolean;
}

export interface Delivery {
  readonly id: string;
  readonly channel: string;
  readonly incident: string;
  readonly event: string;
  readonly title: string;
  readonly state: 'waiting' | 'told' | 'given-up';
  readonly dueAt: number;
  readonly attempts: number;
  readonly error: string;
  readonly toldAt: number | null;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'incidents';

export function useChannels() {
  return useQuery({
    queryKey: [TOPIC, 'channels'],
    queryFn: ({ signal }) => request<Page<Channel>>('GET', '/notification-channels', { signal }),
  });
}

export function useDeliveries() {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'deliveries'],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Delivery>>('GET', '/notification-deliveries', {
        query: { limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export const saveChannel = (settings: ChannelSettings, secret: string, id?: string) =>
  request<Channel>(id === undefined ? 'POST' : 'PUT', `/notification-channels${id === undefined ? '' : `/${id}`}`, {
    body: { settings, ...(secret === '' ? {} : { secret }) },
  });

export const removeChannel = (id: string) => request<void>('DELETE', `/notification-channels/${id}`);

export const testChannel = (id: string) =>
  request<{ readonly isTold: boolean; readonly error: string }>('POST', `/notification-channels/${id}/test`);
