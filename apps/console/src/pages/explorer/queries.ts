import type { TelemetryRow } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { type ExplorerFilter, flowQuery, recordQuery } from './explorer-filter.ts';

export type Flow = TelemetryRow<'network_activity'>;
export type TrafficRecord = TelemetryRow<'protocol_activity'>;

interface Volume {
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface TimelinePoint extends Volume {
  readonly time: number;
}

export interface Timeline {
  readonly bucketMs: number;
  readonly items: readonly TimelinePoint[];
}

export interface ProtocolPart extends Volume {
  readonly transport: string;
  readonly protocol: string;
  readonly isEncrypted: boolean;
}

export interface TrafficPair extends Volume {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly protocol: string;
  readonly isEncrypted: boolean;
}

export interface ClinicalLink {
  readonly protocol: string;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly serverPort: number;
  readonly clientNames: readonly string[];
  readonly serverNames: readonly string[];
  readonly transactions: number;
  readonly failures: number;
  readonly unanswered: number;
  readonly bytes: number;
  readonly medianMs: number | null;
  readonly slowMs: number | null;
  readonly operations: readonly { readonly name: string; readonly count: number; readonly failures: number }[];
  readonly firstTime: number;
  readonly lastTime: number;
  readonly isSample: boolean;
}

/** Who has an address. */
export interface AddressHolder {
  readonly ip: string;
  readonly assetId: string;
  readonly name: string;
  readonly zone: string | null;
}

/** All that fits the filter but for its time, so that the brush shows what lies around. */
export function useTimeline(filter: ExplorerFilter) {
  const query = flowQuery({ ...filter, from: null, until: null });
  return useQuery({
    queryKey: ['traffic', 'timeline', query],
    queryFn: ({ signal }) => request<Timeline>('GET', '/traffic/timeline', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

function useItems<Item>(path: string, query: ReturnType<typeof flowQuery>) {
  return useQuery({
    queryKey: ['traffic', path, query],
    queryFn: ({ signal }) => request<{ items: readonly Item[] }>('GET', path, { query, signal }),
    select: ({ items }) => items,
    placeholderData: keepPreviousData,
  });
}

export function useProtocolTree(filter: ExplorerFilter) {
  return useItems<ProtocolPart>('/traffic/protocol-tree', flowQuery(filter));
}

export function useTrafficPairs(filter: ExplorerFilter) {
  return useItems<TrafficPair>('/traffic/pairs', flowQuery(filter));
}

export function useClinicalLinks(filter: ExplorerFilter) {
  return useItems<ClinicalLink>('/traffic/clinical', recordQuery(filter));
}

/** Finished and long-running flows, newest first. */
export function useFlows(filter: ExplorerFilter) {
  const query = flowQuery(filter);
  return useInfiniteQuery({
    queryKey: ['traffic', 'flows', query],
    queryFn: ({ pageParam, signal }) =>
      request<{ items: readonly Flow[]; nextCursor: string | null }>('GET', '/traffic/flows', {
        query: { ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Rows of one flow, the latest first. */
export function useFlow(id: string) {
  return useItems<Flow>('/traffic/flows', { flow: id, limit: 10 });
}

/** Transactions of one flow, the latest first. */
export function useFlowRecords(id: string) {
  return useItems<TrafficRecord>('/traffic/records', { flow: id, limit: 200 });
}

/** Names and zones of addresses, as far as the inventory is on and the person may read it. */
export function useAddressHolders(): ReadonlyMap<string, AddressHolder> {
  const isOff = useServicesOff().has('asset-inventory');
  const mayRead = useMay('assets:read');
  const { data } = useQuery({
    queryKey: ['assets', 'addresses'],
    queryFn: ({ signal }) => request<{ items: readonly AddressHolder[] }>('GET', '/assets/addresses', { signal }),
    select: holdersByAddress,
    enabled: mayRead && !isOff,
  });
  return data ?? NOBODY;
}

const NOBODY: ReadonlyMap<string, AddressHolder> = new Map();

function holdersByAddress({ items }: { items: readonly AddressHolder[] }): ReadonlyMap<string, AddressHolder> {
  return new Map(items.map((holder) => [holder.ip, holder]));
}
