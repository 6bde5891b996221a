import { z } from 'zod';
import type { LabelledTable } from '../data/table-rows.ts';
import { evaluateModel } from './evaluate.ts';
import type { DetectionModel } from './model.ts';

const Share = z.number().min(0).max(1);

/** How one model does on some rows. */
export const ModelFigures = z.object({
  accuracy: Share,
  precision: Share.nullable().meta({ description: 'null where nothing was called an attack' }),
  recall: Share.nullable().meta({ description: 'null where no row is an attack' }),
  f1: Share.nullable().meta({ description: 'null where no row is an attack' }),
  areaUnderCurve: Share.nullable().meta({ description: 'null where all rows are of one class' }),
  falsePositiveRate: Share.nullable().meta({
    description: 'Share of the normal rows that are called an attack; null where all are attacks',
  }),
});
export type ModelFigures = z.infer<typeof ModelFigures>;

/** Two models that were asked about the same rows. */
export const SideBySide = z.object({
  rows: z.int(),
  attacks: z.int(),
  running: ModelFigures,
  candidate: ModelFigures,
});
export type SideBySide = z.infer<typeof SideBySide>;

/** @returns null where there are no rows */
export function sideBySide(
  running: DetectionModel,
  candidate: DetectionModel,
  { table, truth }: LabelledTable,
): SideBySide | null {
  if (table.rows === 0) return null;
  const attacks = truth.isAttack.reduce((sum, label) => sum + label, 0);
  const figuresOf = (model: DetectionModel): ModelFigures => {
    const evaluation = evaluateModel(model, table, truth);
    const { accuracy, precision, recall, f1, areaUnderCurve, falsePositiveRate, counts } = evaluation;
    const [hasAttacks, hasNormal] = [attacks > 0, attacks < table.rows];
    return {
      accuracy,
      precision: counts.truePositive + counts.falsePositive > 0 ? precision : null,
      recall: hasAttacks ? recall : null,
      f1: hasAttacks ? f1 : null,
      areaUnderCurve: hasAttacks && hasNormal ? areaUnderCurve : null,
      falsePositiveRate: hasNormal ? falsePositiveRate : null,
    };
  };
  return { rows: table.rows, attacks, running: figuresOf(running), candidate: figuresOf(candidate) };
}
