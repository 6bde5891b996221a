import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { uploadFile } from '../../api/upload.ts';
import type { OwnSubmission, SubmissionState } from '../vendor/queries.ts';

/** What one report of a file would change, or changed. */
export interface ImportedReport {
  readonly subject: string;
  readonly assetId: string | null;
  readonly assets: number;
  readonly takenAt: number;
  readonly software: number | null;
  readonly added: number;
  readonly removed: number;
  readonly weaknesses: number | null;
  readonly answers: number | null;
  readonly evidence: number;
  readonly note: string;
}

export interface SoftwareImport {
  readonly id: string;
  readonly fileName: string;
  readonly formatTitle: string;
  readonly tool: string;
  readonly time: number;
  readonly by: string;
  readonly reports: readonly ImportedReport[];
  readonly totals: {
    readonly reports: number;
    readonly software: number;
    readonly weaknesses: number;
    readonly answers: number;
    readonly problems: number;
  };
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

/** What a person says that a file is about. */
export type Target =
  | { readonly kind: 'itself' }
  | { readonly kind: 'asset'; readonly assetId: string }
  | { readonly kind: 'model'; readonly manufacturer: string; readonly model: string; readonly version: string };

/** A document of a vendor as the people of the house see it. */
export interface Submission extends OwnSubmission {
  readonly decidedBy: string | null;
  readonly importId: string | null;
}

interface Touched {
  readonly weakness: string;
  readonly title: string;
  readonly devices: number;
}

export interface SubmissionEffect {
  readonly devices: number;
  readonly closes: readonly Touched[];
  readonly opens: readonly Touched[];
  readonly changes: readonly Touched[];
  readonly software: { readonly added: number; readonly removed: number } | null;
  readonly answers: number | null;
}

export function useImports() {
  return useQuery({
    queryKey: ['software', 'imports'],
    queryFn: ({ signal }) => request<{ items: readonly SoftwareImport[] }>('GET', '/software/imports', { signal }),
  });
}

export function sendList(what: 'preview' | 'take', file: File, target: Target): Promise<SoftwareImport> {
  const { kind, ...named } = target;
  const path = what === 'preview' ? '/software/imports/preview' : '/software/imports';
  return uploadFile<SoftwareImport>(
    path,
    { fileName: file.name, ...(kind === 'itself' ? {} : named) },
    file,
    () => undefined,
  );
}

export function useSoftwareChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['software'] });
      await client.invalidateQueries({ queryKey: ['submissions'] });
    },
  });
}

export const undoImport = (id: string) => request<void>('DELETE', `/software/imports/${encodeURIComponent(id)}`);

export function useSubmissions(state: SubmissionState | null) {
  return useQuery({
    queryKey: ['submissions', 'list', state],
    queryFn: ({ signal }) =>
      request<{ items: readonly Submission[]; waiting: number }>('GET', '/vendor-submissions', {
        query: { limit: 200, ...(state === null ? {} : { state }) },
        signal,
      }),
  });
}

export function useSubmission(id: string) {
  return useQuery({
    queryKey: ['submissions', 'one', id],
    queryFn: ({ signal }) =>
      request<{ submission: Submission; effect: SubmissionEffect | null }>(
        'GET',
        `/vendor-submissions/${encodeURIComponent(id)}`,
        { signal },
      ),
  });
}

export type Decision = 'accept' | 'refuse' | 'take-back';

export const decideOn = ({ id, decision, reason }: { id: string; decision: Decision; reason: string }) =>
  request<Submission>('POST', `/vendor-submissions/${encodeURIComponent(id)}/${decision}`, { body: { reason } });
