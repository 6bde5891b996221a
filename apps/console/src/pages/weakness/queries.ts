import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** What one source says of a weakness. */
export interface Advisory {
  readonly feed: string;
  readonly feedTitle: string;
  readonly authority: 'vendor' | 'coordinator' | 'collection';
  /** Of a document that a vendor sent: whose claim it is, and who let it count. */
  readonly claim: { readonly maker: string; readonly acceptedBy: string; readonly acceptedAt: number } | null;
  readonly id: string;
  readonly document: string;
  readonly publisher: string;
  readonly url: string;
  readonly licence: string;
  readonly title: string;
  readonly description: string;
  readonly publishedAt: number | null;
  readonly modifiedAt: number | null;
  readonly isWithdrawn: boolean;
  readonly severities: readonly {
    readonly version: string;
    readonly vector: string;
    readonly score: number | null;
    readonly source: string;
  }[];
  readonly weaknesses: readonly string[];
  readonly references: readonly { readonly url: string; readonly title: string }[];
  readonly affected: readonly {
    readonly vendor: string;
    readonly name: string;
    readonly versions: readonly { readonly status: string; readonly range: string }[];
    readonly otherVersions: string;
    readonly note: string;
  }[];
  readonly remedies: readonly { readonly kind: string; readonly text: string; readonly url: string }[];
}

export interface WeaknessDetail {
  readonly weakness: string;
  readonly title: string;
  readonly exploitation: 'none' | 'poc' | 'active';
  readonly isKnownExploited: boolean;
  readonly isUsedByRansomware: boolean;
  readonly exploitProbability: number | null;
  readonly isAutomatable: boolean;
  readonly technicalImpact: 'partial' | 'total';
  readonly baseScore: number | null;
  readonly hasFix: boolean;
  readonly affected: number;
  readonly possiblyAffected: number;
  readonly advisories: readonly Advisory[];
}

/** One entry of the history of a weakness on a device. */
export interface Step {
  readonly time: number;
  readonly by: string;
  readonly kind: 'found' | 'settled' | 'undone' | 'expired' | 'closed' | 'reopened' | 'contradicted';
  readonly detail: string;
}

export function useWeakness(id: string) {
  return useQuery({
    queryKey: ['weaknesses', 'one', id],
    queryFn: ({ signal }) => request<WeaknessDetail>('GET', `/weaknesses/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useHistory(assetId: string, weakness: string) {
  const path = `/findings/${encodeURIComponent(assetId)}/${encodeURIComponent(weakness)}`;
  return useQuery({
    queryKey: ['weaknesses', 'history', assetId, weakness],
    queryFn: ({ signal }) => request<{ readonly history: readonly Step[] }>('GET', path, { signal }),
    select: ({ history }) => history,
  });
}
