import type { Severity } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export type DownloadCheck = 'none' | 'md5' | 'sha256' | 'signature';

interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export interface RuleSet {
  readonly id: string;
  readonly title: string;
  readonly origin: 'own' | 'local' | 'file' | 'url';
  readonly url: string | null;
  readonly check: DownloadCheck;
  readonly isEnabled: boolean;
  readonly loaded: number;
  readonly rejected: number;
  readonly updatedAt: number | null;
  readonly checkedAt: number | null;
  readonly updateHours: number | null;
  readonly isReviewed: boolean;
  readonly waiting: (ChangeCounts & { readonly digest: string; readonly foundAt: number }) | null;
  readonly lastChange: ChangeCounts | null;
  readonly previousAt: number | null;
  readonly message: string;
}

export interface RejectedRule {
  readonly file: string;
  readonly line: number;
  readonly sid: number | null;
  readonly reason: string;
}

export interface RuleChanges extends ChangeCounts {
  readonly digest: string;
  readonly loaded: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly change: 'added' | 'changed' | 'removed';
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly rejections: readonly RejectedRule[];
}

export interface Adjustment {
  readonly scope: {
    readonly addresses: readonly string[];
    readonly kinds: readonly string[];
    readonly zones: readonly string[];
    readonly end: 'either' | 'source' | 'destination';
  };
  readonly action: 'tell' | 'quiet';
  readonly severity: Severity | null;
  readonly limit: {
    readonly count: number;
    readonly seconds: number;
    readonly by: 'source' | 'destination' | 'pair' | 'rule';
  } | null;
}

export interface RuleTuning {
  readonly isEnabled: boolean;
  readonly adjustments: readonly Adjustment[];
  readonly note: string;
}

export interface Rule {
  readonly id: string;
  readonly set: string;
  readonly revision: number;
  readonly title: string;
  readonly class: string;
  readonly priority: number;
  readonly text: string;
  readonly isInForce: boolean;
  readonly tuning: RuleTuning;
  readonly hits: number;
  readonly lastHit: number | null;
  readonly looks: number;
  readonly milliseconds: number;
}

export interface ValueList {
  readonly name: string;
  readonly type: 'string' | 'md5' | 'sha256' | 'ip' | 'reputation';
  readonly description: string;
  readonly entries: number;
  readonly updatedAt: number;
  readonly rules: readonly string[];
  readonly usedBy: number;
}

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };
type Query = Readonly<Record<string, string | number | undefined>>;

/** One page of a list after the other. */
function useList<Item>(path: string, query: Query) {
  return useInfiniteQuery({
    queryKey: ['rules', path, query],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Item>>('GET', path, { query: { ...query, limit: 100, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useRules(query: Query) {
  return useList<Rule>('/rules', query);
}

export function useRejected(id: string, query: Query) {
  return useList<RejectedRule>(`/rule-sets/${encodeURIComponent(id)}/rejected`, query);
}

export function useListEntries(name: string, search: string) {
  return useList<{ readonly value: string; readonly score: number | null }>(
    `/rule-lists/${encodeURIComponent(name)}/entries`,
    { search: search === '' ? undefined : search },
  );
}

export function useRuleSets() {
  return useQuery({
    queryKey: ['rules', 'sets'],
    queryFn: ({ signal }) => request<Page<RuleSet>>('GET', '/rule-sets', { signal }),
    select: ({ items }) => items,
  });
}

/** Titles of sets by id. */
export function useSetTitles(): ReadonlyMap<string, string> {
  return new Map(useRuleSets().data?.map(({ id, title }) => [id, title]));
}

export function useValueLists() {
  return useQuery({
    queryKey: ['rules', 'lists'],
    queryFn: ({ signal }) => request<Page<ValueList>>('GET', '/rule-lists', { signal }),
    select: ({ items }) => items,
  });
}

/** A change of rules, after which everything about them is asked again. */
export function useRuleChange<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['rules'] }) });
}

export interface NewRuleSet {
  readonly title: string;
  readonly url: string;
  readonly check: DownloadCheck;
  readonly publicKey?: string;
  readonly updateHours: number | null;
  readonly isReviewed: boolean;
}

/** Where rules come from: a file, or a URL with what proves it. */
export type RuleOrigin =
  | { readonly kind: 'file'; readonly file: File; readonly title: string }
  | { readonly kind: 'next-file'; readonly file: File; readonly set: string }
  | { readonly kind: 'url'; readonly set: NewRuleSet }
  | { readonly kind: 'update'; readonly set: string; readonly digest?: string };

/** What it would change. */
export function previewRules(origin: RuleOrigin): Promise<RuleChanges> {
  switch (origin.kind) {
    case 'file':
      return request('POST', '/rule-sets/upload/preview', { query: { name: origin.file.name }, body: origin.file });
    case 'next-file':
      return request('POST', '/rule-sets/upload/preview', {
        query: { name: origin.file.name, set: origin.set },
        body: origin.file,
      });
    case 'url':
      return request('POST', '/rule-sets/preview', { body: origin.set });
    case 'update':
      return request('POST', `/rule-sets/${encodeURIComponent(origin.set)}/update/preview`);
  }
}

/** Takes it. */
export function takeRules(origin: RuleOrigin): Promise<RuleSet> {
  switch (origin.kind) {
    case 'file':
      return request('POST', '/rule-sets/upload', {
        query: { name: origin.file.name, title: origin.title },
        body: origin.file,
      });
    case 'next-file':
      return request('POST', '/rule-sets/upload', {
        query: { name: origin.file.name, set: origin.set },
        body: origin.file,
      });
    case 'url':
      return request('POST', '/rule-sets', { body: origin.set });
    case 'update':
      return request('POST', `/rule-sets/${encodeURIComponent(origin.set)}/update`, {
        query: { digest: origin.digest },
      });
  }
}
