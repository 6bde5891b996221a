import type { TelemetryRow } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface ProtocolShare {
  readonly protocol: string;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface TrafficSummary {
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
  readonly bitsPerSecond: number;
  readonly activeFlows: number;
  readonly flows: number;
  readonly malformedPackets: number;
  readonly drops: { readonly telemetry: number; readonly records: number; readonly capture: number };
  readonly firstPacket: number | null;
  readonly lastPacket: number | null;
  readonly protocols: readonly ProtocolShare[];
  readonly runningSources: number;
}

export interface ThroughputPoint {
  /** Start of the second, milliseconds since the epoch. */
  readonly time: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface Talker {
  readonly ip: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packets: number;
  readonly flows: number;
}

export type Flow = TelemetryRow<'network_activity'>;

interface FlowPage {
  readonly items: readonly Flow[];
  readonly nextCursor: string | null;
}

/** The chart moves by itself once a second while something runs. */
const REFRESH_MS = 1000;

export function useTrafficSummary() {
  return useQuery({
    queryKey: ['traffic', 'summary'],
    queryFn: ({ signal }) => request<TrafficSummary>('GET', '/traffic/summary', { signal }),
    refetchInterval: ({ state }) => ((state.data?.runningSources ?? 0) > 0 ? REFRESH_MS : false),
  });
}

export function useThroughput(seconds: number, isLive: boolean) {
  return useQuery({
    queryKey: ['traffic', 'series', seconds],
    queryFn: ({ signal }) =>
      request<{ items: readonly ThroughputPoint[] }>('GET', '/traffic/series', { query: { seconds }, signal }),
    select: ({ items }) => items,
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? REFRESH_MS : false,
  });
}

export function useTalkers() {
  return useQuery({
    queryKey: ['traffic', 'talkers'],
    queryFn: ({ signal }) =>
      request<{ items: readonly Talker[] }>('GET', '/traffic/talkers', { query: { limit: 20 }, signal }),
    select: ({ items }) => items,
  });
}

/** Finished and long-running flows, newest first. */
export function useFlows(filter: { address: string; protocol: string | null }) {
  const { address, protocol } = filter;
  return useInfiniteQuery({
    queryKey: ['traffic', 'flows', address, protocol],
    queryFn: ({ pageParam, signal }) =>
      request<FlowPage>('GET', '/traffic/flows', {
        query: {
          limit: 100,
          ...(address === '' ? {} : { address }),
          ...(protocol === null ? {} : { protocol }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
