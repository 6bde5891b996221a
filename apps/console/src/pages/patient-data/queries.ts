import type { MediaUse, Medium, Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** Kinds and counts of what a text holds. */
export interface DataCounts {
  readonly identifiers: Readonly<Record<string, number>>;
  readonly records: Readonly<Record<string, number>>;
  readonly terms: number;
}

export interface DataTransfer {
  readonly id: string;
  readonly isSample: boolean;
  readonly senderIp: string;
  readonly receiverIp: string;
  readonly serverPort: number;
  readonly protocol: string;
  readonly receiverName: string;
  readonly cloudService: string | null;
  readonly counts: DataCounts;
  readonly bytes: number;
  readonly lastSeen: number;
  readonly packet: { readonly source: string; readonly number: number; readonly time: number };
  readonly senderPlace: string;
  readonly receiverPlace: string;
  readonly rule: string | null;
  readonly severity: Severity | null;
}

export interface DataReceiver {
  readonly receiver: string;
  readonly title: string;
  readonly place: string;
  readonly transfers: number;
  readonly forbidden: number;
  readonly persons: number;
  readonly bytes: number;
  readonly senders: number;
  readonly protocols: readonly string[];
  readonly lastSeen: number;
}

export interface DataKind {
  readonly id: string;
  readonly title: string;
  readonly kind: 'identifier' | 'record' | 'terms' | 'cloud-service';
  readonly country: string | null;
  readonly source: string;
}

export interface DataPolicy {
  readonly rationale: string;
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly severity: Severity;
    readonly advice: string;
  }[];
}

/** A removable medium on one device, as logs tell of it. */
export interface RemovableMedium {
  readonly id: string;
  readonly host: string;
  readonly medium: Medium;
  readonly users: readonly string[];
  readonly attached: number;
  readonly blocked: number;
  readonly filesWritten: number;
  readonly bytesWritten: number;
  readonly filesRead: number;
  readonly programsRun: number;
  readonly patients: number;
  readonly fileKinds: Readonly<Record<string, number>>;
  readonly otherDevices: number;
  readonly lastSeen: number;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'data-transfers';
const LARGEST_PAGE = 1000;

export function useReceivers() {
  return useQuery({
    queryKey: [TOPIC, 'receivers'],
    queryFn: ({ signal }) =>
      request<Page<DataReceiver>>('GET', '/data-transfers/receivers', { query: { limit: LARGEST_PAGE }, signal }),
  });
}

export function useTransfers(query: { receiver?: string | undefined; isForbidden?: boolean | undefined }) {
  return useInfiniteQuery({
    queryKey: [TOPIC, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<DataTransfer>>('GET', '/data-transfers', {
        query: { ...query, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useRemovableMedia(query: { isWritten?: boolean | undefined }) {
  return useQuery({
    queryKey: [TOPIC, 'media', query],
    queryFn: ({ signal }) =>
      request<Page<RemovableMedium>>('GET', '/removable-media', { query: { ...query, limit: LARGEST_PAGE }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** @param medium id of a medium on a device */
export function useMediaUses(medium: string) {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'media-uses', medium],
    queryFn: ({ pageParam, signal }) =>
      request<Page<MediaUse>>('GET', '/removable-media/uses', {
        query: { medium, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** What is recognised; it changes with the version of SPHINX only. */
export function useKinds() {
  return useQuery({
    queryKey: ['data-kinds'],
    queryFn: ({ signal }) => request<Page<DataKind>>('GET', '/data-kinds', { query: { limit: LARGEST_PAGE }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePolicy() {
  return useQuery({
    queryKey: ['data-policy'],
    queryFn: ({ signal }) => request<DataPolicy>('GET', '/data-policy', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useFind() {
  return useMutation({
    mutationFn: (text: string) => request<DataCounts>('POST', '/data-kinds/find', { body: { text } }),
  });
}
