import type { AvailabilityState, OutageCause, OutageEvidence } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface Check {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly host: string;
  readonly port: number;
  readonly intervalSeconds: number;
  readonly slowMs: number;
  readonly isEssential: boolean;
  readonly state: AvailabilityState;
  readonly since: number;
  readonly isFlapping: boolean;
  readonly message: string;
  readonly lastAt: number | null;
  readonly latencyMs: number | null;
  readonly notSent: string;
}

export interface Budget {
  readonly availability: {
    readonly percent: number | null;
    readonly downMs: number;
    readonly degradedMs: number;
    readonly plannedMs: number;
    readonly outages: number;
  };
  readonly allowedMs: number;
  readonly leftMs: number;
  readonly leftPercent: number;
  readonly isMet: boolean;
  readonly burning: readonly { readonly hours: number; readonly rate: number; readonly isFast: boolean }[];
  readonly fastPercent: number | null;
  readonly isFastEnough: boolean | null;
}

export interface MonitoredService {
  readonly id: string;
  readonly name: string;
  readonly care: string;
  readonly host: string | null;
  readonly checks: readonly Check[];
  readonly objective: {
    readonly availabilityPercent: number;
    readonly fastPercent: number | null;
    readonly days: number;
  } | null;
  readonly recoveryMinutes: number | null;
  readonly dataLossMinutes: number | null;
  readonly isOnStatusPage: boolean;
  readonly isPaused: boolean;
  readonly agreement: { readonly by: string; readonly at: number; readonly note: string } | null;
  readonly state: AvailabilityState;
  readonly since: number | null;
  readonly reason: string;
  readonly cause: OutageCause | null;
  readonly causeReasons: readonly string[];
  readonly isInMaintenance: boolean;
  readonly latencyMs: number | null;
  readonly budget: Budget | null;
  readonly traffic: {
    readonly requests: number;
    readonly failures: number;
    readonly connections: number;
    readonly refused: number;
    readonly messages: number;
    readonly acknowledgements: number;
    readonly repeating: number;
    readonly repeated: number;
    readonly lastHeard: number | null;
    readonly isSilent: boolean;
  } | null;
}

export interface Drill {
  readonly id: string;
  readonly serviceId: string;
  readonly kind: 'drill' | 'real';
  readonly at: number;
  readonly recoveryMinutes: number;
  readonly dataLossMinutes: number | null;
  readonly isComplete: boolean;
  readonly note: string;
  readonly by: string;
  readonly meetsRecoveryTime: boolean | null;
  readonly meetsRecoveryPoint: boolean | null;
}

export interface Span {
  readonly id: number;
  readonly state: AvailabilityState;
  readonly from: number;
  readonly until: number | null;
  readonly reason: string;
  readonly cause: OutageCause | null;
  readonly causeReasons: readonly string[];
  readonly evidence: readonly OutageEvidence[];
}

export interface HourCount {
  readonly checkId: string;
  readonly hour: number;
  readonly good: number;
  readonly warnings: number;
  readonly failures: number;
  readonly meanMs: number | null;
  readonly maximumMs: number | null;
}

export interface CheckKind {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly sends: string;
  readonly transport: 'tcp' | 'udp' | 'icmp' | 'none';
  readonly port: number;
  readonly parameters: readonly {
    readonly name: string;
    readonly title: string;
    readonly type: 'text' | 'integer' | 'boolean';
    readonly default: string | number | boolean;
    readonly choices?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
  }[];
  readonly secret?: string;
}

export interface Proposal {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly assetId: string;
  readonly care: string;
  readonly clients: number;
  readonly needsAgreement: boolean;
  readonly refusal: string;
  readonly checks: readonly { readonly kind: string; readonly port: number }[];
}

export interface Maintenance {
  readonly id: string;
  readonly serviceId: string | null;
  readonly from: number;
  readonly until: number;
  readonly note: string;
  readonly by: string;
  readonly cancelledAt: number | null;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const TOPIC = 'uptime';
const pathOf = (id: string) => `/uptime/services/${encodeURIComponent(id)}`;

function useList<T>(path: string, query: Readonly<Record<string, string | number>> = {}) {
  return useQuery({
    queryKey: [TOPIC, path, query],
    queryFn: ({ signal }) => request<Page<T>>('GET', path, { query, signal }),
  });
}

export const useServices = () => useList<MonitoredService>('/uptime/services');
export const useProposals = () => useList<Proposal>('/uptime/proposals');
export const useMaintenance = () => useList<Maintenance>('/uptime/maintenance');
export const useHistory = (id: string) => useList<Span>(`${pathOf(id)}/history`, { limit: 200 });
export const useDrills = (id: string) => useList<Drill>(`${pathOf(id)}/drills`);
export const useHours = (id: string) => useList<HourCount>(`${pathOf(id)}/hours`, { hours: 48 });

export function useCheckKinds() {
  return useQuery({
    queryKey: ['uptime-check-kinds'],
    queryFn: ({ signal }) => request<Page<CheckKind>>('GET', '/uptime/checks', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useService(id: string) {
  return useQuery({
    queryKey: [TOPIC, 'service', id],
    queryFn: ({ signal }) => request<MonitoredService>('GET', pathOf(id), { signal }),
  });
}

/** Does something and asks again what it may have changed. */
export function useUptimeChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [TOPIC] }),
  });
}

export const addService = (body: object) => request<MonitoredService>('POST', '/uptime/services', { body });
export const changeService = ({ id, ...body }: { readonly id: string } & Readonly<Record<string, unknown>>) =>
  request<MonitoredService>('PATCH', pathOf(id), { body });
export const removeService = (id: string) => request<void>('DELETE', pathOf(id));
export const checkNow = (id: string) => request<MonitoredService>('POST', `${pathOf(id)}/check`);
export const recordDrill = ({ id, ...body }: { readonly id: string } & Readonly<Record<string, unknown>>) =>
  request<Drill>('POST', `${pathOf(id)}/drills`, { body });
export const removeDrill = ({ serviceId, id }: Pick<Drill, 'serviceId' | 'id'>) =>
  request<void>('DELETE', `${pathOf(serviceId)}/drills/${encodeURIComponent(id)}`);
export const addMaintenance = (body: object) => request<Maintenance>('POST', '/uptime/maintenance', { body });
export const cancelMaintenance = (id: string) => request<Maintenance>('DELETE', `/uptime/maintenance/${id}`);
export const restoreMaintenance = (id: string) => request<Maintenance>('POST', `/uptime/maintenance/${id}/restore`);
