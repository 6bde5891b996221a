import { scoreRow } from '../../boosting/boosted-trees.ts';
import { createMatrix, type Matrix, rowOf } from '../../data/matrix.ts';
import { type Scaling, scaledWidth, scaleNumbers, scaleRow } from '../../data/scaling.ts';
import { createActivations, type Network, runNetwork } from '../../network/network.ts';
import { isolationScore } from '../../novelty/isolation-forest.ts';
import { distanceToNearest, type ReferenceRows } from '../../novelty/nearest-rows.ts';
import { reconstructionError } from '../../novelty/principal-components.ts';
import type { Member, MemberSet } from './members.ts';
import { restoreRows } from './stored-rows.ts';

/** Puts the score of each member into `scores`; a higher one is more like an attack. */
export type MemberScorer = (row: Float64Array, scores: Float64Array) => void;

/** Makes everything that scoring needs once; a row is then scored without anything new. */
export function createMemberScorer(set: MemberSet): MemberScorer {
  const scaled = new Map(set.scalings.map((scaling) => [scaling.kind, createScaledRow(scaling, set)]));
  const scorers = set.members.map((member) => scorerOf(member, scaled));
  return (row, scores) => {
    for (const each of scaled.values()) each.take(row);
    for (let at = 0; at < scorers.length; at++) scores[at] = scorers[at]?.(row) ?? 0;
  };
}

/** Nothing is nearer than this: equal rows must not make a logarithm endless. In units of scaled distance. */
const NEAREST = 0.05;

/** A row in one scaling, with the rows that it is compared with. */
interface ScaledRow {
  readonly values: Float64Array;
  readonly take: (row: Float64Array) => void;
  readonly fromNormal: (k: number) => number;
  readonly fromAttacks: (k: number) => number;
}

function createScaledRow(scaling: Scaling, set: MemberSet): ScaledRow {
  const values = new Float64Array(scaledWidth(scaling));
  const categories = new Int16Array(scaling.categories.length);
  const needs = (kinds: readonly Member['kind'][]) =>
    set.members.some((member) => kinds.includes(member.kind) && scaleOf(member) === scaling.kind);
  const normal = needs(['nearest', 'attack-nearness']) ? referenceOf(scaling, restoreRows(set.normal)) : undefined;
  const attacks = needs(['attack-nearness']) ? referenceOf(scaling, restoreRows(set.attacks)) : undefined;
  // Two members may ask the same of one row.
  let known = { k: 0, distance: 0 };
  const distance = (rows: ReferenceRows | undefined, k: number) =>
    rows === undefined ? 0 : Math.min(1e6, distanceToNearest(rows, values, categories, k));
  return {
    values,
    take(row) {
      scaleRow(scaling, row, values);
      for (let at = 0; at < categories.length; at++) categories[at] = row[scaling.categories[at]?.column ?? 0] ?? -1;
      known = { k: 0, distance: 0 };
    },
    fromNormal(k) {
      if (known.k !== k) known = { k, distance: distance(normal, k) };
      return known.distance;
    },
    fromAttacks: (k) => distance(attacks, k),
  };
}

function scaleOf(member: Member): Scaling['kind'] {
  return 'scale' in member ? member.scale : 'log';
}

function referenceOf(scaling: Scaling, rows: Matrix): ReferenceRows {
  const numbers = createMatrix(rows.rows, scaling.numbers.length);
  const categories = new Int16Array(rows.rows * scaling.categories.length);
  for (let row = 0; row < rows.rows; row++) {
    const values = rowOf(rows, row);
    scaleNumbers(scaling, values, rowOf(numbers, row));
    for (const [at, { column }] of scaling.categories.entries()) {
      categories[row * scaling.categories.length + at] = values[column] ?? -1;
    }
  }
  return { numbers, categories, categoryColumns: scaling.categories.length };
}

function scorerOf(member: Member, scaled: ReadonlyMap<string, ScaledRow>): (row: Float64Array) => number {
  const own = scaled.get(scaleOf(member));
  if (own === undefined) throw new Error(`no scaling for ${member.kind}`);
  switch (member.kind) {
    case 'nearest':
      return () => own.fromNormal(member.k);
    case 'components':
      return () => reconstructionError(member.model, own.values);
    case 'autoencoder':
      return autoencoderScorer(member.model, own.values);
    case 'isolation':
      return (row) => isolationScore(member.model, row);
    case 'attack-nearness':
      return () => Math.log(own.fromNormal(member.k) + NEAREST) - Math.log(own.fromAttacks(member.attackK) + NEAREST);
    case 'trees': {
      const result = new Float64Array(member.model.outputs);
      return (row) => {
        scoreRow(member.model, row, result);
        return result[0] ?? 0;
      };
    }
    case 'network': {
      const activations = createActivations(member.model);
      return () => {
        activations[0]?.set(own.values);
        return runNetwork(member.model, activations)[0] ?? 0;
      };
    }
  }
}

function autoencoderScorer(network: Network, values: Float64Array): () => number {
  const activations = createActivations(network);
  return () => {
    activations[0]?.set(values);
    const output = runNetwork(network, activations);
    let sum = 0;
    for (let column = 0; column < values.length; column++) sum += ((output[column] ?? 0) - (values[column] ?? 0)) ** 2;
    return sum;
  };
}
