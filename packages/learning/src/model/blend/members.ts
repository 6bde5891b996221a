import type { BoostedTrees } from '../../boosting/boosted-trees.ts';
import type { Scaling } from '../../data/scaling.ts';
import type { Network } from '../../network/network.ts';
import type { IsolationForest } from '../../novelty/isolation-forest.ts';
import type { PrincipalComponents } from '../../novelty/principal-components.ts';
import type { StoredRows } from './stored-rows.ts';

type ScalingKind = Scaling['kind'];

/** One opinion of a blend. The first four know normal rows alone; the last three have learnt attacks too. */
export type Member =
  /** Distance to the k-th nearest normal row. */
  | { readonly kind: 'nearest'; readonly scale: ScalingKind; readonly k: number }
  /** What the principal components of normal rows do not explain. */
  | { readonly kind: 'components'; readonly scale: ScalingKind; readonly model: PrincipalComponents }
  /** What an autoencoder of normal rows does not give back. */
  | { readonly kind: 'autoencoder'; readonly scale: ScalingKind; readonly model: Network }
  /** How soon a row is alone. */
  | { readonly kind: 'isolation'; readonly model: IsolationForest }
  /** Nearer to an attack that is known than to what is normal. */
  | { readonly kind: 'attack-nearness'; readonly k: number; readonly attackK: number }
  | { readonly kind: 'trees'; readonly model: BoostedTrees }
  | { readonly kind: 'network'; readonly scale: ScalingKind; readonly model: Network };

/** What a member is to be, before it has learnt. */
export type MemberPlan =
  | { readonly kind: 'nearest'; readonly scale: ScalingKind; readonly k: number }
  | { readonly kind: 'components'; readonly scale: ScalingKind; readonly count: number }
  | {
      readonly kind: 'autoencoder';
      readonly scale: ScalingKind;
      readonly hidden: readonly number[];
      readonly epochs: number;
    }
  | { readonly kind: 'isolation'; readonly trees: number }
  | { readonly kind: 'attack-nearness'; readonly k: number; readonly attackK: number }
  | { readonly kind: 'trees'; readonly rounds: number; readonly maximumLeaves: number }
  | {
      readonly kind: 'network';
      readonly scale: ScalingKind;
      readonly hidden: readonly number[];
      readonly epochs: number;
    };

/** Members that learnt from the same rows, and what they share. */
export interface MemberSet {
  readonly scalings: readonly Scaling[];
  readonly members: readonly Member[];
  /** Rows that are compared with; empty where no member compares. */
  readonly normal: StoredRows;
  readonly attacks: StoredRows;
}

/** In words, for a model card. */
export function describeMember({ kind, ...rest }: Member | MemberPlan): string {
  const scale = 'scale' in rest ? ` (${rest.scale === 'log' ? 'logarithms' : 'ranks'})` : '';
  return `${TITLES[kind]}${scale}`;
}

const TITLES: Readonly<Record<Member['kind'], string>> = {
  nearest: 'distance to the nearest normal rows',
  components: 'principal components of normal rows',
  autoencoder: 'autoencoder of normal rows',
  isolation: 'isolation forest of normal rows',
  'attack-nearness': 'nearness to known attacks',
  trees: 'gradient-boosted trees',
  network: 'neural network',
};
