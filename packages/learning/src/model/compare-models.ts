import { z } from 'zod';
import type { LabelledTable } from '../data/table-rows.ts';
import { evaluateModel } from './evaluate.ts';
import type { DetectionModel } from './model.ts';

const Share = z.number().min(0).max(1);

/** How one model does on some rows. */
export const ModelFigures = z.object({
  accuracy: Share,
  precision: Share,
  recall: Share,
  f1: Share,
  areaUnderCurve: Share.nullable().meta({ description: 'null where all rows are of one class' }),
  falsePositiveRate: Share.meta({ description: 'Share of the normal rows that are called an attack' }),
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
    const { accuracy, precision, recall, f1, areaUnderCurve, falsePositiveRate } = evaluateModel(model, table, truth);
    const isOneClass = attacks === 0 || attacks === table.rows;
    return { accuracy, precision, recall, f1, areaUnderCurve: isOneClass ? null : areaUnderCurve, falsePositiveRate };
  };
  return { rows: table.rows, attacks, running: figuresOf(running), candidate: figuresOf(candidate) };
}
