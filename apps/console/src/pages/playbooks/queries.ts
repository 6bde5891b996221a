import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface PlaybookItem {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly priority: number | null;
  readonly severity: number | null;
  readonly impact: number | null;
  readonly steps: number;
  readonly subjects: readonly string[];
  readonly useCases: readonly number[];
  readonly origin: 'sphinx' | 'hospital';
  readonly isReplacing: boolean;
  readonly broughtBy: string | null;
  readonly broughtAt: number | null;
  readonly modified: string;
}

export interface OutlineStep {
  readonly id: string;
  readonly number: string;
  readonly depth: number;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly agent: string;
  readonly targets: readonly string[];
  readonly commands: readonly string[];
  readonly branch: string;
  readonly next: readonly { readonly by: string; readonly to: string; readonly isBranch: boolean }[];
}

type Range = readonly [number, number];

export interface ClinicalResponse {
  readonly clinical_cautions: readonly string[];
  readonly communication: readonly { readonly audience: string; readonly when: string; readonly message: string }[];
  readonly recovery: readonly string[];
  readonly lessons: readonly string[];
  readonly approvers: readonly string[];
  readonly effects: {
    readonly risk_reduction: Range;
    readonly minutes_to_effect: Range;
    readonly work_hours: Range;
    readonly cost_euro?: Range;
    readonly care_minutes?: Range;
    readonly care_effect: string;
    readonly reversibility: string;
    readonly basis: string;
    readonly confidence: number;
  };
}

export interface PlaybookDetail extends PlaybookItem {
  readonly digest: string;
  readonly created: string;
  readonly sources: readonly {
    readonly name: string;
    readonly url: string | null;
    readonly externalId: string | null;
  }[];
  readonly response: ClinicalResponse | null;
  readonly outline: readonly OutlineStep[];
}

export interface PlaybookProblem {
  readonly level: 'error' | 'warning';
  readonly path: string;
  readonly message: string;
}

/** @param filter as the address of the page has it */
export function usePlaybooks(filter: { search?: string; subject?: string }) {
  return useQuery({
    queryKey: ['playbooks', filter],
    queryFn: ({ signal }) =>
      request<{ items: readonly PlaybookItem[] }>('GET', '/playbooks', { query: filter, signal }),
    placeholderData: keepPreviousData,
  });
}

export function usePlaybook(id: string) {
  return useQuery({
    queryKey: ['playbooks', 'one', id],
    queryFn: ({ signal }) => request<PlaybookDetail>('GET', `/playbooks/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useImportPlaybook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (content: string) =>
      request<{ playbook: PlaybookItem; problems: readonly PlaybookProblem[] }>('POST', '/playbooks', {
        body: { content },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['playbooks'] }),
  });
}

/** What is wrong in a text; nothing is kept. */
export function checkPlaybook(content: string) {
  return request<{ isWhole: boolean; problems: readonly PlaybookProblem[] }>('POST', '/playbooks/check', {
    body: { content },
  });
}

export function removePlaybook(id: string) {
  return request<void>('DELETE', `/playbooks/${encodeURIComponent(id)}`);
}
