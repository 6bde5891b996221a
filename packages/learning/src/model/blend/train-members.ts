import { trainBoosting } from '../../boosting/train-boosting.ts';
import { type Matrix, selectRows } from '../../data/matrix.ts';
import { fitScaling, type Scaling, scaleMatrix } from '../../data/scaling.ts';
import type { Feature } from '../../data/table.ts';
import { trainAutoencoder, trainClassifier } from '../../network/train-network.ts';
import { trainIsolationForest } from '../../novelty/isolation-forest.ts';
import { fitPrincipalComponents } from '../../novelty/principal-components.ts';
import { condenseRows } from './condense-rows.ts';
import type { Member, MemberPlan, MemberSet } from './members.ts';
import { storeRows } from './stored-rows.ts';

/** Rows to learn from. */
export interface TrainingRows {
  readonly features: readonly Feature[];
  readonly vocabularySizes: readonly number[];
  readonly matrix: Matrix;
  readonly isAttack: Uint8Array;
  /** Name of the attack of each row. */
  readonly types: readonly string[];
}

/** The rows of these indexes. */
export function pickRows(rows: TrainingRows, indexes: Int32Array): TrainingRows {
  return {
    ...rows,
    matrix: selectRows(rows.matrix, indexes),
    isAttack: Uint8Array.from(indexes, (row) => rows.isAttack[row] ?? 0),
    types: Array.from(indexes, (row) => rows.types[row] ?? ''),
  };
}

/** Lets every member learn. The same rows, plans and seed give the same members. */
export function trainMembers(rows: TrainingRows, plans: readonly MemberPlan[], seed: number): MemberSet {
  const indexes = Int32Array.from(rows.isAttack, (_, row) => row);
  const normal = selectRows(
    rows.matrix,
    indexes.filter((row) => rows.isAttack[row] === 0),
  );
  const attacks = selectRows(
    rows.matrix,
    indexes.filter((row) => rows.isAttack[row] === 1),
  );
  const kinds = new Set(plans.map((plan) => ('scale' in plan ? plan.scale : 'log')));
  const scalings = Array.from(kinds, (kind) => fitScaling(kind, normal, rows.features, rows.vocabularySizes));
  const compares = plans.some(({ kind }) => kind === 'nearest' || kind === 'attack-nearness');
  const comparesAttacks = plans.some(({ kind }) => kind === 'attack-nearness');
  return {
    scalings,
    members: plans.map((plan, at) => trainMember(plan, rows, normal, scalings, seed + at)),
    normal: storeRows(compares ? condenseRows(normal, rows.features) : selectRows(normal, [])),
    attacks: storeRows(comparesAttacks ? condenseRows(attacks, rows.features) : selectRows(attacks, [])),
  };
}

function trainMember(
  plan: MemberPlan,
  rows: TrainingRows,
  normal: Matrix,
  scalings: readonly Scaling[],
  seed: number,
): Member {
  const scaled = (matrix: Matrix) => {
    const scaling = scalings.find(({ kind }) => 'scale' in plan && kind === plan.scale);
    if (scaling === undefined) throw new Error(`no scaling for ${plan.kind}`);
    return scaleMatrix(scaling, matrix);
  };
  switch (plan.kind) {
    case 'nearest':
    case 'attack-nearness':
      return plan;
    case 'components':
      return { ...plan, model: fitPrincipalComponents(scaled(normal), plan.count) };
    case 'autoencoder':
      return { kind: plan.kind, scale: plan.scale, model: trainAutoencoder(scaled(normal), { ...plan, seed }) };
    case 'isolation':
      return { kind: plan.kind, model: trainIsolationForest(normal, { trees: plan.trees, seed }) };
    case 'trees': {
      const { matrix, isAttack: classes } = rows;
      const isCategory = rows.features.map(({ kind }) => kind === 'category');
      const task = { matrix, isCategory, classes, classCount: 2, weights: balancedWeights(rows.types) };
      return { kind: plan.kind, model: trainBoosting(task, { ...plan, seed }) };
    }
    case 'network': {
      const options = { ...plan, seed, weightDecay: 1e-2 };
      const weights = balancedWeights(rows.types);
      return {
        kind: plan.kind,
        scale: plan.scale,
        model: trainClassifier(scaled(rows.matrix), rows.isAttack, options, weights),
      };
    }
  }
}

/**
 * Normal rows count one each, attacks as much together, and each attack by the square root of its rows: frequent
 * attacks do not drown rare ones, and single rows do not decide.
 */
export function balancedWeights(types: readonly string[]): Float64Array {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const normal = counts.get('normal') ?? 0;
  let total = 0;
  for (const [type, count] of counts) if (type !== 'normal') total += Math.sqrt(count);
  return Float64Array.from(types, (type) =>
    type === 'normal' || total === 0 ? 1 : (Math.max(1, normal) / total) * (1 / Math.sqrt(counts.get(type) ?? 1)),
  );
}
