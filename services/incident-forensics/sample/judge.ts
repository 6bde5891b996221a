import type { AssetBook } from '../assets/asset-book.ts';
import type { Cluster } from '../grouping/cluster.ts';
import { describeIncident } from '../incidents/describe.ts';
import { NEW_WORK } from '../incidents/incident-record.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { Signal } from '../signals/signal.ts';

/** An incident is of attacks when so many of its points come from them: that is what a person who opens it reads first. */
const LEAST_SHARE = 1 / 2;
/** An incident that is of another attack shows this one, too, where so much of it is in it. */
const LEAST_SHOWN = 1 / 2;

/** A signal with what only its maker knows: the attack that it is of, or null where it is everyday life. */
export interface LabelledSignal {
  readonly signal: Signal;
  readonly attack: string | null;
  /** What it weighs alone. */
  readonly points: number;
}

/** What is needed to tell whether an incident shows an attack. */
export interface Truth {
  /** Ids of the devices that each attack takes over or harms. */
  readonly victims: ReadonlyMap<string, ReadonlySet<string>>;
  readonly assets: AssetBook;
  readonly attack: AttackKnowledge;
  readonly threshold: number;
}

/** What an incident is of, for whoever knows the truth. */
export interface Judgement {
  /** Attack that most of its points come from; undefined where it is everyday life. */
  readonly attack: string | undefined;
  /** Share of its points that come from attacks. */
  readonly share: number;
}

/** @returns points of signals together, each analytic once */
export function weightOf(signals: readonly LabelledSignal[]): number {
  const weightiest = new Map<string, number>();
  for (const { signal, points } of signals) {
    weightiest.set(signal.analytic.id, Math.max(points, weightiest.get(signal.analytic.id) ?? 0));
  }
  return [...weightiest.values()].reduce((sum, points) => sum + points, 0);
}

/** @returns the attack that most points of an incident come from, where half of them at least come from attacks */
export function judge(signals: readonly LabelledSignal[]): Judgement {
  const byAttack = Map.groupBy(signals, ({ attack }) => attack);
  const weights = [...byAttack].map(([attack, own]) => ({ attack, points: weightOf(own) }));
  const sum = (each: typeof weights) => each.reduce((total, { points }) => total + points, 0);
  const ofAttacks = weights.filter(({ attack }) => attack !== null).toSorted((a, b) => b.points - a.points);
  const share = ofAttacks.length === 0 ? 0 : sum(ofAttacks) / Math.max(Number.MIN_VALUE, sum(weights));
  return { attack: share < LEAST_SHARE ? undefined : (ofAttacks[0]?.attack ?? undefined), share };
}

/**
 * Whether somebody who opens the incident sees the attack: it is of this attack (or of another one, and half of what this one weighs
 * is in it); and it names, from signals of the attack itself, a device that is attacked and a stage of the attack.
 *
 * @param whole what the attack weighs with everything that it left
 */
export function isShown(
  id: string,
  { cluster, signals }: { readonly cluster: Cluster; readonly signals: readonly LabelledSignal[] },
  { attack, whole }: { readonly attack: string | undefined; readonly whole: number },
  truth: Truth,
): boolean {
  const own = signals.filter((each) => each.attack === id);
  if (own.length === 0 || attack === undefined) return false;
  if (attack !== id && weightOf(own) < whole * LEAST_SHOWN) return false;
  const view = describeIncident(cluster, NEW_WORK, null, truth);
  const named = new Set(view.assets.map(({ assetId }) => assetId));
  const victims = truth.victims.get(id) ?? new Set();
  const namesVictim = own.some(({ signal }) =>
    signal.entities.some((entity) => entity.type === 'asset' && victims.has(entity.id) && named.has(entity.id)),
  );
  return namesVictim && own.some(({ signal }) => signal.stages.some((stage) => view.stages.includes(stage)));
}
