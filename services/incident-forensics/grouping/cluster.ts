import type { Severity } from '@sphinx/schema';
import type { Entity, Role, SignalKind } from '../signals/signal.ts';

/** Somebody or something of a cluster. */
export interface ClusterEntity extends Entity {
  readonly roles: readonly Role[];
  readonly lastSeen: number;
  /** It came in only because many had the same at once, or with what weighs nothing: hardly anything follows it in. */
  readonly isPassenger: boolean;
}

/** What one analytic contributes. */
export interface ClusterAnalytic {
  readonly id: string;
  readonly title: string;
  readonly kind: SignalKind;
  readonly severity: Severity;
  readonly count: number;
  /** Points of its weightiest signal, and what they were before what was learnt; both before how rare it is. */
  readonly points: number;
  readonly plainPoints: number;
  readonly rareness: number;
  /** Keys of those whom it is of, the first ones. */
  readonly actors: readonly string[];
  /** When the weightiest came, and when the last. */
  readonly weighedAt: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly stages: readonly string[];
  readonly techniques: readonly string[];
  /** Why it weighs what it weighs, in words. */
  readonly reasons: readonly string[];
}

/** Signals that belong together, whether or not a person must look at them. */
export interface Cluster {
  readonly id: string;
  readonly entities: ReadonlyMap<string, ClusterEntity>;
  readonly analytics: ReadonlyMap<string, ClusterAnalytic>;
  readonly signals: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Points now, and what they would be without what people taught. */
  readonly score: number;
  readonly plainScore: number;
  readonly highestScore: number;
  readonly highestPlainScore: number;
  readonly sources: readonly string[];
  readonly isSample: boolean;
}

/** What is kept of it: maps as lists. */
export interface StoredCluster extends Omit<Cluster, 'entities' | 'analytics'> {
  readonly entities: readonly ClusterEntity[];
  readonly analytics: readonly (Omit<ClusterAnalytic, 'rareness' | 'actors'> &
    Partial<Pick<ClusterAnalytic, 'rareness' | 'actors'>>)[];
}

export function storeCluster(cluster: Cluster): StoredCluster {
  return { ...cluster, entities: [...cluster.entities.values()], analytics: [...cluster.analytics.values()] };
}

export function restoreCluster(stored: StoredCluster): Cluster {
  return {
    ...stored,
    entities: new Map(stored.entities.map((entity) => [entity.key, entity])),
    // What was kept before rareness was known counts in full.
    analytics: new Map(
      stored.analytics.map((each) => [each.id, { ...each, rareness: each.rareness ?? 1, actors: each.actors ?? [] }]),
    ),
  };
}

/** @returns points of an analytic by itself, without what comes together with it */
export function pointsAlone({ points, rareness }: Pick<ClusterAnalytic, 'points' | 'rareness'>): number {
  return points * rareness;
}

/** @returns tactics that it reached, those first that attacks usually begin with */
export function stagesOf({ analytics }: Cluster, rankOf: (tactic: string) => number): readonly string[] {
  const stages = new Set([...analytics.values()].flatMap(({ stages: of }) => of));
  return [...stages].toSorted((a, b) => rankOf(a) - rankOf(b));
}
