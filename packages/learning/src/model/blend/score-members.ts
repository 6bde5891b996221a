import { flattenTrees } from '../../boosting/flat-trees.ts';
import { createMatrix, type Matrix, rowOf } from '../../data/matrix.ts';
import { type Scaling, scaledWidth, scaleNumbers, scaleRow } from '../../data/scaling.ts';
import { quickAutoencoder, quickNetwork } from '../../network/quick-network.ts';
import { isolationScore } from '../../novelty/isolation-forest.ts';
import { distanceToNearest, type ReferenceRows } from '../../novelty/nearest-rows.ts';
import { quickComponents } from '../../novelty/quick-components.ts';
import type { Member, MemberSet } from './members.ts';
import { restoreRows } from './stored-rows.ts';

/** Puts the score of each member into `scores`; a higher one is more like an attack. */
export type MemberScorer = (row: Float64Array, scores: Float64Array) => void;

/** Scores rows member by member: first the row is taken, then each of them can be asked about it. */
export interface RowScorers {
  readonly take: (row: Float64Array) => void;
  readonly scorers: readonly ((row: Float64Array) => number)[];
}

/** Makes everything that scoring needs once; a row is then scored without anything new. */
export function createMemberScorer(set: MemberSet): MemberScorer {
  const { take, scorers } = createRowScorers(set);
  return (row, scores) => {
    take(row);
    for (let at = 0; at < scorers.length; at++) scores[at] = scorers[at]?.(row) ?? 0;
  };
}

/** The same, for whoever may not need all of them. */
export function createRowScorers(set: MemberSet): RowScorers {
  const scaled = new Map(set.scalings.map((scaling) => [scaling.kind, createScaledRow(scaling, set)]));
  const used = new Set(set.members.filter(needsScaling).map(scaleOf));
  const taken = Array.from(scaled).flatMap(([kind, each]) => (used.has(kind) ? [each] : []));
  return {
    take: (row) => {
      for (let at = 0; at < taken.length; at++) taken[at]?.take(row);
    },
    scorers: set.members.map((member) => scorerOf(member, scaled)),
  };
}

/** Trees of both kinds read the row as it is. */
function needsScaling({ kind }: Member): boolean {
  return kind !== 'trees' && kind !== 'isolation';
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
    case 'components': {
      const error = quickComponents(member.model);
      return () => error(own.values);
    }
    case 'autoencoder': {
      const error = quickAutoencoder(member.model);
      return () => error(own.values);
    }
    case 'isolation':
      return (row) => isolationScore(member.model, row);
    case 'attack-nearness':
      return () => Math.log(own.fromNormal(member.k) + NEAREST) - Math.log(own.fromAttacks(member.attackK) + NEAREST);
    case 'trees':
      return flattenTrees(member.model);
    case 'network': {
      const first = quickNetwork(member.model);
      return () => first(own.values);
    }
  }
}
