import { z } from 'zod';
import { FLOWS } from '../data/flows.ts';
import { readTable } from '../data/read-table.ts';
import { joinLabelled, type LabelledTable, pickLabelled } from '../data/table-rows.ts';
import { seededRandom, shuffledIndexes } from '../random/random.ts';
import { SideBySide, sideBySide } from './compare-models.ts';
import { type JudgedFlow, tableOfJudged } from './judged-flows.ts';
import type { DetectionModel } from './model.ts';
import { trainFlows } from './train-flows.ts';
import type { Training } from './training.ts';

/** Judged flows below which a candidate would learn nothing that can be measured. */
export const FEWEST_JUDGED = 10;
/** Of so many rows of each type one is kept from learning. */
const ONE_HELD_OUT_OF = 5;
/** Judged flows are few beside the training data; each is repeated until they are this share of what is learnt … */
const JUDGED_SHARE = 0.02;
/** … and never more often than this, so that one mistaken click does not become a law. */
const MAXIMUM_REPEATS = 20;

export interface Retraining extends Omit<Training, 'table' | 'truth'> {
  /** Content of the training data: flows with labels, or NSL-KDD. */
  readonly text: string;
  readonly judged: readonly JudgedFlow[];
  /** A model of kind `flows`. */
  readonly running: DetectionModel;
}

/** A candidate beside the model that runs. */
export const Comparison = z.object({
  heldOut: SideBySide.meta({ description: 'On rows of the training data that the candidate has not learnt' }),
  /** It was trained on all of the data, so that its figures on these rows may be too good. */
  mayRunningHaveLearnt: z.boolean().meta({ description: 'Whether the running model may have learnt those rows' }),
  feedback: SideBySide.nullable().meta({ description: 'On judged flows that were kept from learning; null: none' }),
  learntFeedback: SideBySide.nullable().meta({ description: 'On judged flows that the candidate has learnt' }),
});
export type Comparison = z.infer<typeof Comparison>;

export type RetrainingResult =
  | { readonly isTrained: true; readonly candidate: DetectionModel; readonly comparison: Comparison }
  | { readonly isTrained: false; readonly problem: string };

/**
 * Trains a candidate by the recipe of `trainFlows` from the training data with judged flows among them, and compares it
 * with the running model on rows that the candidate has not learnt. The same input and seed give the same candidate.
 */
export function retrainFlows({ text, judged, running, progress, ...about }: Retraining): RetrainingResult {
  if (judged.length < FEWEST_JUDGED) return refuse(tooFewJudged(judged.length));
  const reading = readTable(text, FLOWS);
  if (!reading.isRead) return refuse(reading.problem);
  const { table, truth } = reading;
  if (truth === undefined) {
    return refuse(`There is no column ${FLOWS.label}. Training needs to know which rows are attacks.`);
  }
  const data: LabelledTable = { table, truth };
  const problem = tooFewRows(data);
  if (problem !== undefined) return refuse(problem);
  const { learnt, heldOut } = splitRows(data, about.seed);
  const kinds = kindsOf(truth.categories);
  const learntJudged = tableOfJudged(
    judged.filter(({ isHeldOut }) => !isHeldOut),
    kinds,
  );
  const heldOutJudged = tableOfJudged(
    judged.filter(({ isHeldOut }) => isHeldOut),
    kinds,
  );
  const rows = pickLabelled(data, learnt);
  const trained = trainFlows({
    ...about,
    ...joinLabelled(rows, repeated(learntJudged, learnt.length)),
    ...(progress === undefined ? {} : { progress: (fraction, what) => progress(0.9 * fraction, what) }),
  });
  const candidate = withHistory(trained, { running, rows: data, judged: judged.length });
  progress?.(0.9, 'comparing with the running model');
  const onHeldOut = sideBySide(running, candidate, pickLabelled(data, heldOut));
  if (onHeldOut === null) return refuse('The training data are too few to keep some of them for the comparison.');
  const isSplitAlike = running.card.data.sha256 === about.sha256 && running.card.version !== '1';
  const comparison = {
    heldOut: onHeldOut,
    mayRunningHaveLearnt: !isSplitAlike,
    feedback: sideBySide(running, candidate, heldOutJudged),
    learntFeedback: sideBySide(running, candidate, learntJudged),
  };
  return { isTrained: true, candidate, comparison };
}

/** Why so few judged flows are not enough, and what to do. */
export function tooFewJudged(count: number): string {
  return `${count} detections of the model were judged with their features known; retraining needs at least ${FEWEST_JUDGED}. Say of more detections whether they were attacks.`;
}

const FEWEST_ROWS = 100;

function tooFewRows({ table, truth }: LabelledTable): string | undefined {
  const attacks = truth.isAttack.reduce((sum, label) => sum + label, 0);
  if (attacks >= FEWEST_ROWS && table.rows - attacks >= FEWEST_ROWS) return undefined;
  return `Of ${table.rows} rows ${attacks} are attacks. Retraining needs at least ${FEWEST_ROWS} attacks and ${FEWEST_ROWS} normal rows.`;
}

/** One row of five of each type is held out, at least none: a type of fewer rows is learnt whole. */
function splitRows({ table, truth }: LabelledTable, seed: number): { learnt: number[]; heldOut: number[] } {
  const seen = new Map<string, number>();
  const learnt: number[] = [];
  const heldOut: number[] = [];
  for (const row of shuffledIndexes(table.rows, seededRandom(seed))) {
    const type = truth.types[row] ?? '';
    const count = (seen.get(type) ?? 0) + 1;
    seen.set(type, count);
    (count % ONE_HELD_OUT_OF === 0 ? heldOut : learnt).push(row);
  }
  return { learnt, heldOut };
}

/** Kinds of attacks, the most frequent first. */
function kindsOf(categories: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const category of categories) {
    if (category !== 'normal') counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return Array.from(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([category]) => category);
}

function repeated(judged: LabelledTable, rows: number): LabelledTable {
  const { rows: count } = judged.table;
  const wanted = count === 0 ? 0 : Math.round((JUDGED_SHARE * rows) / count);
  const times = Math.min(MAXIMUM_REPEATS, Math.max(1, wanted));
  return pickLabelled(
    judged,
    Array.from({ length: times * count }, (_, at) => at % count),
  );
}

function withHistory(
  model: DetectionModel,
  { running, rows, judged }: { running: DetectionModel; rows: LabelledTable; judged: number },
): DetectionModel {
  const attacks = rows.truth.isAttack.reduce((sum, label) => sum + label, 0);
  const { card } = model;
  return {
    ...model,
    card: {
      ...card,
      version: String((Number.parseInt(running.card.version, 10) || 1) + 1),
      data: {
        ...card.data,
        rows: rows.table.rows,
        attacks,
        source: `as given to the retraining, one row of ${ONE_HELD_OUT_OF} held out, with ${judged} judged flows of this hospital, one of three held out`,
      },
      limits: [
        ...card.limits,
        'People judge only what a model has called an attack, so feedback teaches nothing of attacks that it missed.',
      ],
    },
  };
}

function refuse(problem: string): RetrainingResult {
  return { isTrained: false, problem };
}
