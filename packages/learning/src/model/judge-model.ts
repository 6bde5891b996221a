import { rowOf } from '../data/matrix.ts';
import { encodeTable, type Table } from '../data/table.ts';
import { createJudge, kindOf } from './blend/blend.ts';
import type { DetectionModel } from './model.ts';
import { judgeSequence } from './sequence/sequence.ts';

/** Answers of a model to all rows of a table. */
export interface Answers {
  readonly probabilities: Float64Array;
  /** `normal`, or the kind of attack that the row is most like. */
  readonly kinds: readonly string[];
}

/** Judges a table of the model's kind; rows of a sequence must be in the order in which they happened. */
export function judgeTable(model: DetectionModel, table: Table, progress?: (fraction: number) => void): Answers {
  const matrix = encodeTable(table, model.vocabulary);
  const { mind, threshold } = model;
  if (mind.kind === 'sequence') {
    const probabilities = judgeSequence(mind.sequence, matrix);
    return { probabilities, kinds: Array.from(probabilities, (each) => (each >= threshold ? 'attack' : 'normal')) };
  }
  const judge = createJudge(mind.blend);
  const probabilities = new Float64Array(matrix.rows);
  const kinds: string[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    const values = rowOf(matrix, row);
    const { probability } = judge(values);
    probabilities[row] = probability;
    kinds.push(probability >= threshold ? kindOf(mind.blend, values) : 'normal');
    if (row % 512 === 0) progress?.(row / matrix.rows);
  }
  return { probabilities, kinds };
}
