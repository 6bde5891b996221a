import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type RequestOptions, request } from '../../api/request.ts';

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
  readonly drops: {
    readonly telemetry: number;
    readonly records: number;
    readonly capture: number;
    readonly flows: number;
    readonly datagrams: number;
    readonly segments: number;
    readonly workers: number;
  };
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

/** @param filter as `GET /traffic/talkers` takes it */
export function useTalkers(filter: RequestOptions['query'] = {}) {
  return useQuery({
    queryKey: ['traffic', 'talkers', filter],
    queryFn: ({ signal }) =>
      request<{ items: readonly Talker[] }>('GET', '/traffic/talkers', { query: { ...filter, limit: 20 }, signal }),
    select: ({ items }) => items,
  });
}
