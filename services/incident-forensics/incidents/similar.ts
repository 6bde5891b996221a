import type { IncidentView } from './incident-record.ts';

/** Another incident that resembles one, and in what. */
export interface SimilarIncident {
  readonly id: string;
  readonly number: number | null;
  readonly title: string;
  readonly status: IncidentView['status'];
  readonly verdict: IncidentView['verdict'];
  readonly severity: IncidentView['severity'];
  readonly closingNote: string;
  readonly openedAt: number | null;
  /** 0 to 1. */
  readonly similarity: number;
  /** What both have, in words. */
  readonly because: readonly string[];
}

const ASPECTS: readonly {
  readonly weight: number;
  readonly word: string;
  readonly of: (view: IncidentView) => readonly string[];
}[] = [
  { weight: 4, word: 'same detections', of: ({ analytics }) => analytics.map(({ id }) => id) },
  { weight: 3, word: 'same techniques', of: ({ techniques }) => techniques },
  { weight: 3, word: 'same devices', of: ({ assets }) => assets.map(({ assetId }) => assetId) },
  { weight: 2, word: 'same accounts', of: ({ users }) => users },
  { weight: 3, word: 'same addresses', of: ({ addresses }) => addresses },
  { weight: 1, word: 'same kinds of devices', of: ({ assets }) => assets.map(({ kind }) => kind).filter(Boolean) },
];
const LEAST_SIMILARITY = 0.15;

/** @returns those of the others that resemble it, most alike first (Jaccard index of each aspect, weighted) */
export function similarIncidents(
  view: IncidentView,
  others: readonly IncidentView[],
  limit: number,
): readonly SimilarIncident[] {
  return others
    .map((other) => compare(view, other))
    .filter(({ similarity }) => similarity >= LEAST_SIMILARITY)
    .toSorted((a, b) => b.similarity - a.similarity || (b.openedAt ?? 0) - (a.openedAt ?? 0))
    .slice(0, limit);
}

function compare(view: IncidentView, other: IncidentView): SimilarIncident {
  let sum = 0;
  let weights = 0;
  const because: string[] = [];
  for (const { weight, word, of } of ASPECTS) {
    const own = new Set(of(view));
    const its = new Set(of(other));
    if (own.size === 0) continue;
    weights += weight;
    const both = [...own].filter((each) => its.has(each)).length;
    if (both === 0) continue;
    sum += (weight * both) / (own.size + its.size - both);
    because.push(word);
  }
  const { id, number, title, status, verdict, severity, closingNote, openedAt } = other;
  const similarity = weights === 0 ? 0 : Math.round((sum / weights) * 100) / 100;
  return { id, number, title, status, verdict, severity, closingNote, openedAt, similarity, because };
}
