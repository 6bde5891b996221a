import type { PatientSafetyClass } from '@sphinx/schema';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type Effect = 'slows' | 'degrades' | 'stops';
export type Layer = 'care' | 'application' | 'device' | 'network';

export interface CareNode {
  readonly id: string;
  readonly type: 'care' | 'asset' | 'network';
  readonly layer: Layer;
  readonly name: string;
  readonly kind: string;
  readonly area: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
}

export interface CareService extends CareNode {
  readonly title: string;
  readonly description: string;
  readonly beds: number | null;
  readonly bedsOrigin: 'stated' | 'counted' | null;
  readonly devices: number;
  readonly applications: readonly string[];
}

export interface CareNeed {
  readonly other: CareNode;
  readonly effect: Effect;
  readonly mode: 'any' | 'all' | 'share';
  readonly text: string;
  readonly because: string;
  readonly origin: 'traffic' | 'address' | 'knowledge' | 'stated';
  readonly rule: string;
  readonly lastSeen: number | null;
}

export interface CareNodeDetail {
  readonly node: CareNode;
  readonly beds: number | null;
  readonly needs: readonly CareNeed[];
  readonly needsTotal: number;
  readonly neededBy: readonly CareNeed[];
  readonly neededByTotal: number;
}

export interface Surroundings {
  readonly nodes: readonly CareNode[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly effect: Effect;
    readonly text: string;
  }[];
  readonly leftOut: number;
}

interface OutageEffect {
  readonly node: CareNode;
  readonly effect: Effect;
  readonly path: readonly string[];
}

export interface CareOutage extends OutageEffect {
  readonly beds: number | null;
  readonly devicesHit: number;
  readonly devices: number;
}

export interface OutageReport {
  readonly stopped: readonly CareNode[];
  readonly summary: string;
  readonly care: readonly CareOutage[];
  readonly others: readonly OutageEffect[];
  readonly othersTotal: number;
  readonly beds: number;
}

export interface CriticalNode extends CareNode {
  readonly beds: number;
  readonly services: number;
  readonly stops: number;
  readonly lifeSustaining: number;
  readonly hit: readonly string[];
}

export interface CareArea {
  readonly area: string;
  readonly beds: number | null;
  readonly origin: 'stated' | 'counted' | null;
}

export interface MadeEdit {
  readonly id: string;
  readonly text: string;
  readonly note: string;
  readonly by: string;
  readonly time: number;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
}

/** What a person says about the care map, as the API takes it. */
export type CareEdit =
  | {
      readonly kind: 'dependency';
      readonly dependent: string;
      readonly provider: string;
      readonly effect: Effect;
      readonly isAlternative: boolean;
    }
  | { readonly kind: 'no-dependency'; readonly dependent: string; readonly provider: string }
  | { readonly kind: 'beds'; readonly area: string; readonly beds: number | null };

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'care-map';
const LARGEST_PAGE = 1000;
const MOST_CHOICES = 30;

function useList<T>(path: string) {
  return useQuery({
    queryKey: [TOPIC, path],
    queryFn: ({ signal }) => request<Page<T>>('GET', path, { query: { limit: LARGEST_PAGE }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useCareServices() {
  return useList<CareService>('/care-map');
}

export function useCriticalNodes() {
  return useList<CriticalNode>('/care-map/critical');
}

export function useCareAreas() {
  return useList<CareArea>('/care-map/areas');
}

export function useNodeChoices(search: string) {
  return useQuery({
    queryKey: [TOPIC, 'choices', search],
    queryFn: ({ signal }) =>
      request<Page<CareNode>>('GET', '/care-map/nodes', { query: { search, limit: MOST_CHOICES }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useCareNode(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'node', id],
    queryFn: ({ signal }) => request<CareNodeDetail>('GET', `/care-map/nodes/${encodeURIComponent(id)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Those of these nodes that there are. */
export function useCareNodes(ids: readonly string[]): readonly CareNode[] {
  const asked = useQueries({
    queries: ids.map((id) => ({
      queryKey: [TOPIC, 'node', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request<CareNodeDetail>('GET', `/care-map/nodes/${encodeURIComponent(id)}`, { signal }),
    })),
  });
  return asked.flatMap(({ data }) => data?.node ?? []);
}

export function useSurroundings(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'surroundings', id],
    queryFn: ({ signal }) =>
      request<Surroundings>('GET', `/care-map/nodes/${encodeURIComponent(id)}/surroundings`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useOutage(stopped: readonly string[]) {
  return useQuery({
    queryKey: [TOPIC, 'outage', stopped],
    queryFn: ({ signal }) => request<OutageReport>('POST', '/care-map/outage', { body: { stopped }, signal }),
    enabled: stopped.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function useEdits() {
  return useInfiniteQuery({
    queryKey: [TOPIC, 'edits'],
    queryFn: ({ pageParam, signal }) =>
      request<Page<MadeEdit>>('GET', '/care-map/edits', {
        query: { limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function useEditCareMap() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { edit: CareEdit; note: string }) => request<MadeEdit>('POST', '/care-map/edits', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}

export function useUndoEdit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<MadeEdit>('POST', `/care-map/edits/${encodeURIComponent(id)}/undo`),
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}
