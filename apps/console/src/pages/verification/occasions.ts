import type { Verification, VerificationOccasion } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** Titles of the occasions; what each asks for comes from the knowledge. */
export const OCCASIONS: Readonly<Record<VerificationOccasion, string>> = {
  'first-sight': 'First sight',
  'before-purchase': 'Before purchase',
  'before-going-live': 'Before going live',
  periodic: 'Periodic',
  'after-change': 'After a change',
  'after-incident': 'After an incident',
  'return-from-repair': 'Return from repair',
  decommissioning: 'Decommissioning',
};

/** Those that a person may name, in the order in which they are offered. */
export const CHOSEN_OCCASIONS: readonly VerificationOccasion[] = [
  'periodic',
  'before-going-live',
  'after-incident',
  'return-from-repair',
  'decommissioning',
];

interface OccasionKnowledge {
  readonly id: VerificationOccasion;
  readonly question: string;
  readonly rationale: string;
}

export interface DeclarationKnowledge {
  readonly id: string;
  readonly question: string;
  readonly help: string;
  readonly occasions: readonly VerificationOccasion[];
}

export interface VerificationOrder {
  readonly assetId: string;
  readonly occasion: VerificationOccasion;
  /** Why, in words. */
  readonly reason?: string;
  readonly declarations: readonly { readonly id: string; readonly answer: 'yes' | 'no' }[];
}

export function useOccasions() {
  return useQuery({
    queryKey: ['knowledge', '/verification-occasions'],
    queryFn: ({ signal }) =>
      request<{ items: readonly OccasionKnowledge[] }>('GET', '/verification-occasions', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useDeclarations() {
  return useQuery({
    queryKey: ['knowledge', '/declarations'],
    queryFn: ({ signal }) => request<{ items: readonly DeclarationKnowledge[] }>('GET', '/declarations', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useVerify() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: VerificationOrder) => request<Verification>('POST', '/verifications', { body: order }),
    onSuccess: () =>
      Promise.all(['verifications', 'certificates'].map((topic) => client.invalidateQueries({ queryKey: [topic] }))),
  });
}
