import type { PatientSafetyClass, Verdict, Verification } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** A product that somebody thinks of buying. */
export interface Candidate {
  readonly id: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
  readonly kind?: string;
  readonly patientSafetyClass?: PatientSafetyClass;
  readonly zone?: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface CandidateItem extends Candidate {
  readonly verdict: Verdict;
  readonly verificationId: string;
  readonly reasons: readonly string[];
}

export interface NewCandidate {
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
  readonly patientSafetyClass?: PatientSafetyClass;
}

const KEY = ['candidates'];

export function useCandidates() {
  return useQuery({
    queryKey: [...KEY, 'list'],
    queryFn: ({ signal }) =>
      request<{ items: readonly CandidateItem[] }>('GET', '/candidates', { query: { limit: 200 }, signal }),
  });
}

export function useAddCandidate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (candidate: NewCandidate) =>
      request<{ candidate: Candidate; verification: Verification }>('POST', '/candidates', { body: candidate }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveCandidate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>('DELETE', `/candidates/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
