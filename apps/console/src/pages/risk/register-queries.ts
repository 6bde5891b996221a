import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import type { RiskLevel } from './queries.ts';

export const TREATMENTS = ['mitigate', 'transfer', 'avoid', 'accept'] as const;
export type Treatment = (typeof TREATMENTS)[number];
export const CONSEQUENCES = ['safety', 'care', 'confidentiality', 'integrity', 'compliance', 'money'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];
export type Appetite = Readonly<Record<Consequence, RiskLevel>>;

export interface Link {
  readonly kind: 'asset' | 'clinical-service' | 'incident' | 'weakness';
  readonly id: string;
  readonly name: string;
}

export interface RegisterItem {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly owner: string;
  readonly treatment: Treatment;
  readonly consequence: Consequence;
  readonly status: 'open' | 'closed';
  readonly level: RiskLevel;
  readonly probability: number;
  readonly points: number;
  readonly basis: 'model' | 'stated' | 'none';
  readonly worst: string | null;
  readonly concerns: readonly string[];
  readonly appetite: RiskLevel;
  readonly acceptance: { readonly by: string; readonly until: number; readonly reason: string } | null;
  readonly reviewAt: number | null;
  readonly links: readonly Link[];
  readonly isSample: boolean;
}

export interface ThreePoint {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface MoneyFigures {
  readonly currency: string;
  readonly lossEventFrequency: ThreePoint | null;
  readonly threatEventFrequency: ThreePoint | null;
  readonly vulnerability: ThreePoint | null;
  readonly primaryLoss: ThreePoint | null;
  readonly secondaryProbability: ThreePoint | null;
  readonly secondaryLoss: ThreePoint | null;
  readonly basis: string;
}

export interface LossRange {
  readonly currency: string;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly anyLoss: number;
  readonly curve: readonly { readonly probability: number; readonly loss: number }[];
}

export interface RegisterDetail extends RegisterItem {
  readonly description: string;
  readonly plan: string;
  readonly money: MoneyFigures | null;
  readonly loss: LossRange | null;
  readonly missingFigures: readonly string[];
  readonly stated: { readonly probability: number; readonly impact: number } | null;
  readonly history: readonly {
    readonly sequence: number;
    readonly change: string;
    readonly by: string;
    readonly at: number;
  }[];
}

export interface Statement {
  readonly title: string;
  readonly owner: string;
  readonly treatment: Treatment;
  readonly consequence: Consequence;
  readonly description: string;
  readonly plan: string;
  readonly links: readonly Link[];
  readonly reviewAt: number | null;
  readonly stated: { readonly probability: number; readonly impact: number } | null;
}

export interface Proposal {
  readonly key: string;
  readonly title: string;
  readonly level: RiskLevel;
  readonly reason: string;
  readonly isSample: boolean;
}

export interface AppetiteView {
  readonly appetite: Appetite;
  readonly by: string | null;
  readonly at: number | null;
  readonly version: number;
}

export interface Forecast {
  readonly subject: string;
  readonly name: string;
  readonly history: readonly { readonly day: string; readonly percent: number }[];
  readonly forecasts: readonly {
    readonly day: string;
    readonly low: number;
    readonly middle: number;
    readonly high: number;
  }[];
  readonly tooLittle: { readonly days: number; readonly needed: number } | null;
}

export interface TrackRecord {
  readonly days: number;
  readonly count: number;
  readonly coverage: number;
  readonly crps: number;
  readonly naiveCrps: number;
  readonly skill: number | null;
  readonly text: string;
}

interface Items<Item> {
  readonly items: readonly Item[];
}

function useAnswer<Answer>(path: string) {
  return useQuery({
    queryKey: ['risk', path],
    queryFn: ({ signal }) => request<Answer>('GET', path, { signal }),
    placeholderData: keepPreviousData,
  });
}

export const useRegister = () => useAnswer<Items<RegisterItem>>('/risk/register');
export const useProposals = () => useAnswer<Items<Proposal>>('/risk/proposals');
export const useAppetite = () => useAnswer<AppetiteView>('/risk/appetite');
export const useForecasts = () => useAnswer<Items<Forecast>>('/risk/forecasts');
export const useTrackRecord = () => useAnswer<Items<TrackRecord>>('/risk/forecast-record');

export function useRegisterEntry(id: string) {
  return useAnswer<RegisterDetail>(`/risk/register/${encodeURIComponent(id)}`);
}

/** A change after which everything about risk is asked anew. */
export function useRiskChange<Input, Answer>(change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['risk'] }),
  });
}

/** @param id null for one that is not in the register yet */
export function saveEntry(id: string | null, body: Statement | { readonly money: MoneyFigures | null }) {
  return id === null
    ? request<RegisterDetail>('POST', '/risk/register', { body })
    : request<RegisterDetail>('PATCH', `/risk/register/${encodeURIComponent(id)}`, { body });
}

export function actOnEntry(id: string, action: 'accept' | 'close' | 'reopen' | 'undo', body?: object) {
  const options = body === undefined ? {} : { body };
  return request<RegisterDetail>('POST', `/risk/register/${encodeURIComponent(id)}/${action}`, options);
}

export function takeProposal(key: string, owner: string) {
  const body = { owner, treatment: 'mitigate' };
  return request<RegisterDetail>('POST', `/risk/proposals/${encodeURIComponent(key)}/take`, { body });
}

export function dismissProposal(key: string, reason: string) {
  return request<void>('POST', `/risk/proposals/${encodeURIComponent(key)}/dismiss`, { body: { reason } });
}

export function saveAppetite(body: Appetite) {
  return request<AppetiteView>('PUT', '/risk/appetite', { body });
}

export function undoAppetite() {
  return request<AppetiteView>('POST', '/risk/appetite/undo');
}
