import type { FileCategory, Severity, TelemetryRow } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { apiQueryOf, type FileFilter } from './file-filter.ts';

export type SeenFile = TelemetryRow<'file_activity'>;

/** What a YARA rule says of itself. */
export interface RuleMeaning {
  readonly rule: string;
  readonly file: string;
  readonly title: string;
  readonly severity: Severity;
  readonly rationale: string;
  readonly references: readonly string[];
  readonly techniques: readonly string[];
}

export interface FileDetail extends SeenFile {
  readonly typeTitle: string;
  readonly namedTypes: readonly string[];
  readonly matches: readonly RuleMeaning[];
  readonly kept: { readonly bytes: number; readonly keptAt: number; readonly until: number } | null;
}

export interface FileTypeCount {
  readonly type: string;
  readonly title: string;
  readonly category: FileCategory;
  readonly files: number;
  readonly bytes: number;
  readonly matched: number;
}

export interface FilePolicy {
  readonly followsFiles: boolean;
  readonly maximumFileMegabytes: number;
  readonly fileNames: 'programs' | 'all' | 'none';
  readonly keptFiles: 'none' | 'matched' | 'types';
  readonly keptFileTypes: readonly string[];
  readonly keptFileDays: number;
  readonly keptFileMegabytes: number;
  readonly rules: number;
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
  readonly keptNow: { readonly files: number; readonly bytes: number };
}

interface FilePage {
  readonly items: readonly SeenFile[];
  readonly nextCursor: string | null;
}

/** Files that fit, in the order that is asked for. */
export function useFiles(filter: FileFilter) {
  const query = apiQueryOf(filter, Date.now());
  return useInfiniteQuery({
    queryKey: ['files', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      request<FilePage>('GET', '/files', { query: { ...query, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Every file that fits, for a table of one's own. @param most the largest number that is read */
export async function readAllFiles(filter: FileFilter, most: number): Promise<readonly SeenFile[]> {
  const query = apiQueryOf(filter, Date.now());
  const rows: SeenFile[] = [];
  for (let cursor: string | null = ''; cursor !== null && rows.length < most; ) {
    const page: FilePage = await request('GET', '/files', {
      query: { ...query, limit: 1000, ...(cursor === '' ? {} : { cursor }) },
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

/** How many files there are of each type. */
export function useFileTypes(query: Readonly<Record<string, string>> = {}) {
  return useQuery({
    queryKey: ['files', 'summary', query],
    queryFn: ({ signal }) => request<{ types: readonly FileTypeCount[] }>('GET', '/files/summary', { query, signal }),
    select: ({ types }) => types,
    placeholderData: keepPreviousData,
  });
}

export function useFile(id: string) {
  return useQuery({
    queryKey: ['files', 'one', id],
    queryFn: ({ signal }) => request<FileDetail>('GET', `/files/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useFilePolicy() {
  return useQuery({
    queryKey: ['files', 'policy'],
    queryFn: ({ signal }) => request<FilePolicy>('GET', '/files/policy', { signal }),
  });
}

export function useYaraRules() {
  return useQuery({
    queryKey: ['files', 'rules'],
    queryFn: ({ signal }) => request<{ items: readonly RuleMeaning[] }>('GET', '/files/rules', { signal }),
    select: ({ items }) => items,
  });
}
