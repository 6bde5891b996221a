import { useQuery } from '@tanstack/react-query';
import { apiUrl, request } from '../../api/request.ts';
import { pathOf } from '../incidents/queries.ts';

export const TIMELINE_KINDS = [
  'alert',
  'work',
  'response',
  'device',
  'weakness',
  'file',
  'record',
  'flow',
  'log',
  'log-event',
] as const;

export interface TimelineEntry {
  readonly id: string;
  readonly time: number;
  readonly kind: (typeof TIMELINE_KINDS)[number];
  readonly title: string;
  readonly detail: string;
  readonly isPinned: boolean;
}

export interface EvidenceGraph {
  readonly nodes: readonly {
    readonly id: string;
    readonly type: string;
    readonly name: string;
    readonly role: string;
    readonly isClinical: boolean;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly titles: readonly string[];
    readonly count: number;
    readonly firstSeen: number;
  }[];
}

export interface EvidenceItem {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly about: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly isMasked: boolean;
  readonly collectedAt: number;
  readonly collectedBy: string;
}

export interface CustodyEntry {
  readonly sequence: number;
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly detail: string;
  readonly hash: string;
  /** Time stamp of an authority over this entry and everything before it. */
  readonly authorityStamp: { readonly time: number; readonly authority: string } | null;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'incidents';

export function useTimeline(id: string, query: { kinds?: string; search?: string | undefined; isPinned?: boolean }) {
  return useQuery({
    queryKey: [TOPIC, 'timeline', id, query],
    queryFn: ({ signal }) =>
      request<Page<TimelineEntry>>('GET', `${pathOf(id)}/timeline`, { query: { ...query, limit: 500 }, signal }),
  });
}

export function useGraph(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'graph', id],
    queryFn: ({ signal }) => request<EvidenceGraph>('GET', `${pathOf(id)}/graph`, { signal }),
  });
}

export function useEvidence(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'evidence', id],
    queryFn: ({ signal }) => request<Page<EvidenceItem>>('GET', `${pathOf(id)}/evidence`, { signal }),
  });
}

export function useCustody(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'custody', id],
    queryFn: ({ signal }) => request<Page<CustodyEntry>>('GET', `${pathOf(id)}/custody`, { signal }),
  });
}

export const pinEntry = (id: string, entry: string, isPinned: boolean) =>
  request<void>('PUT', `${pathOf(id)}/pins`, { body: { entry, isPinned } });

export const unmaskTimeline = (id: string, reason: string) =>
  request<{ readonly entries: readonly TimelineEntry[] }>('POST', `${pathOf(id)}/timeline/unmasked`, {
    body: { reason },
  });

export const collectEvidence = (id: string) => request<{ collected: number }>('POST', `${pathOf(id)}/evidence/collect`);

/** A file of an answer to a question that is recorded. @throws Error with what the API says */
export async function fetchFile(path: string, body: object): Promise<Blob> {
  const response = await fetch(apiUrl(path), {
    method: 'POST',
    headers: { 'x-sphinx-request': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return response.blob();
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  throw new Error(problem.detail ?? problem.title ?? `SPHINX answered with status ${response.status}.`);
}

/** Adds a file as evidence. */
export async function addEvidence(id: string, file: File): Promise<EvidenceItem> {
  return request<EvidenceItem>('POST', `${pathOf(id)}/evidence`, { query: { name: file.name }, body: file });
}
