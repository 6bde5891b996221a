import { trainBoosting } from '../../boosting/train-boosting.ts';
import { fitLogistic, type LogisticModel, logOdds, probabilityOf } from '../../calibration/logistic.ts';
import { fitTail, rarity } from '../../calibration/tail.ts';
import { rowOf, selectRows } from '../../data/matrix.ts';
import { fitScaling, scaleMatrix } from '../../data/scaling.ts';
import { seededRandom } from '../../random/random.ts';
import type { Blend } from './blend.ts';
import type { MemberPlan } from './members.ts';
import { createMemberScorer } from './score-members.ts';
import { type Expectation, type ShiftedFold, shiftedFolds } from './shifted-folds.ts';
import { balancedWeights, pickRows, type TrainingRows, trainMembers } from './train-members.ts';

export interface BlendTask {
  readonly rows: TrainingRows;
  /** Kind of the attack of each row. */
  readonly categories: readonly string[];
  readonly plans: readonly MemberPlan[];
  readonly expectation: Expectation;
  /** Trials on unseen attacks. */
  readonly trials: number;
  /** Pulls the weights of members to one another: what the trials do not foresee is met by many opinions, not by the best one. */
  readonly evenness?: number | undefined;
  readonly seed: number;
  /** Told what is done, 0 to 1. */
  readonly progress?: (fraction: number, what: string) => void;
}

/** What was asked in a trial, and the answers; weights and calibration came from the other trials. */
export interface Trial {
  readonly unseen: ReadonlySet<string>;
  readonly weights: Float64Array;
  readonly labels: Float64Array;
  readonly isUnseen: readonly boolean[];
  readonly kinds: readonly string[];
  readonly probabilities: Float64Array;
}

/** Scores of one trial, on the common scale. */
interface TrialScores {
  readonly fold: ShiftedFold;
  readonly labels: Float64Array;
  readonly isUnseen: readonly boolean[];
  /** For each member the scores as they are, and their rarity among the normal rows of the trial. */
  readonly raw: readonly Float64Array[];
  readonly rarities: readonly Float64Array[];
}

/**
 * Trains the members, and learns how far to trust each of them from trials in which attacks are asked that were not
 * learnt. Weights, calibration and threshold rest on those trials alone; the members are then trained on all rows.
 */
export function trainBlend(task: BlendTask): { blend: Blend; trials: Trial[] } {
  const { rows, plans, seed } = task;
  const directions = (task.expectation.shiftedNormalShare ?? 0) > 0 ? randomDirections(task) : [];
  const folds = shiftedFolds(rows.types, task.categories, task.expectation, task.trials, seed, directions);
  const scores = folds.map((fold, at) => {
    task.progress?.(at / (folds.length + 1), `trial ${at + 1} of ${folds.length} on attacks that were not learnt`);
    return runTrial(task, fold, seed + 100 * (at + 1));
  });
  task.progress?.(folds.length / (folds.length + 1), 'learning from all rows');
  const fit = (of: readonly TrialScores[]) => fitStack(of, task.evenness);
  const stack = fit(scores);
  const set = trainMembers(rows, plans, seed);
  const tails = plans.map((_, member) => fitTail(normalScores(scores, member)));
  const odds = scores.map((trial) => oddsOf(fit(scores.filter((other) => other !== trial)), trial));
  const calibration = calibrate(scores, odds);
  const blend: Blend = { set, tails, stack, calibration, kinds: learnKinds(task) };
  const trials = scores.map(({ fold, labels, isUnseen }, at) => {
    const isOther = (_: unknown, other: number) => other !== at;
    const own = calibrate(scores.filter(isOther), odds.filter(isOther));
    const probabilities = (odds[at] ?? new Float64Array(0)).map((value) => probabilityOf(logOdds(own, [value])));
    const kinds = Array.from(fold.testing, (row) => task.categories[row] ?? '');
    return { unseen: fold.unseen, weights: fold.weights, labels, isUnseen, kinds, probabilities };
  });
  return { blend, trials };
}

function runTrial({ rows, plans }: BlendTask, fold: ShiftedFold, seed: number): TrialScores {
  const score = createMemberScorer(trainMembers(pickRows(rows, fold.training), plans, seed));
  const raw = plans.map(() => new Float64Array(fold.testing.length));
  const scores = new Float64Array(plans.length);
  for (const [at, row] of fold.testing.entries()) {
    score(rowOf(rows.matrix, row), scores);
    for (const [member, values] of raw.entries()) values[at] = scores[member] ?? 0;
  }
  const labels = Float64Array.from(fold.testing, (row) => rows.isAttack[row] ?? 0);
  const rarities = raw.map((values) => {
    const tail = fitTail(values.filter((_, at) => labels[at] === 0));
    return values.map((value) => rarity(tail, value));
  });
  const isUnseen = Array.from(fold.testing, (row) => fold.unseen.has(rows.types[row] ?? ''));
  return { fold, labels, isUnseen, raw, rarities };
}

/** For each trial the places of all rows along a direction by chance, in ranks among normal rows. */
function randomDirections({ rows, trials, seed }: BlendTask): Float64Array[] {
  const indexes = Int32Array.from(rows.isAttack, (_, row) => row).filter((row) => rows.isAttack[row] === 0);
  const scaling = fitScaling('rank', selectRows(rows.matrix, indexes), rows.features, rows.vocabularySizes);
  const scaled = scaleMatrix(scaling, rows.matrix);
  const random = seededRandom(seed + 7);
  return Array.from({ length: trials }, () => {
    const direction = Float64Array.from({ length: scaled.columns }, () => random.normal());
    return Float64Array.from({ length: scaled.rows }, (_, row) =>
      rowOf(scaled, row).reduce((sum, value, column) => sum + value * (direction[column] ?? 0), 0),
    );
  });
}

function fitStack(scores: readonly TrialScores[], evenness: number | undefined) {
  const members = scores[0]?.rarities.length ?? 0;
  const columns = Array.from({ length: members }, (_, member) => join(scores.map(({ rarities }) => rarities[member])));
  const labels = join(scores.map((trial) => trial.labels));
  return fitLogistic(columns, labels, join(scores.map(({ fold }) => fold.weights)), {
    isNonNegative: true,
    ...(evenness === undefined ? {} : { regularisation: evenness }),
  });
}

function calibrate(scores: readonly TrialScores[], odds: readonly Float64Array[]) {
  const weights = join(scores.map(({ fold }) => fold.weights));
  return fitLogistic([join(odds)], join(scores.map(({ labels }) => labels)), weights, { isNonNegative: true });
}

function oddsOf(stack: LogisticModel, { rarities, labels }: TrialScores): Float64Array {
  return labels.map((_, row) =>
    logOdds(
      stack,
      rarities.map((values) => values[row] ?? 0),
    ),
  );
}

function join(parts: readonly (Float64Array | undefined)[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part ?? [])));
}

function normalScores(scores: readonly TrialScores[], member: number): Float64Array {
  return join(scores.map(({ raw, labels }) => raw[member]?.filter((_, row) => labels[row] === 0)));
}

/** Learns the kinds of attacks from the attacks alone: whether a row is one is the blend's question. */
function learnKinds({ rows, categories, seed }: BlendTask): Blend['kinds'] {
  const names = Array.from(new Set(categories.filter((name) => name !== 'normal'))).sort();
  if (names.length < 2) return undefined;
  const attacks = Int32Array.from(rows.isAttack, (_, row) => row).filter((row) => rows.isAttack[row] === 1);
  const classes = Int32Array.from(attacks, (row) => names.indexOf(categories[row] ?? ''));
  const weights = balancedWeights(Array.from(attacks, (row) => rows.types[row] ?? ''));
  const isCategory = rows.features.map(({ kind }) => kind === 'category');
  const matrix = selectRows(rows.matrix, attacks);
  const task = { matrix, isCategory, classes, classCount: names.length, weights };
  return { names, trees: trainBoosting(task, { rounds: 60, maximumLeaves: 15, minimumRows: 2, seed }) };
}
