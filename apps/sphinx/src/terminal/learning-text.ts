import type { Answers, ClassMetrics, ConfusionMatrix, DetectionModel, Evaluation } from '@sphinx/learning';
import { renderTable } from './table.ts';

/** The model card as text. */
export async function cardText({ card, features }: DetectionModel): Promise<string> {
  const { renderCard } = await import('@sphinx/learning');
  return renderCard(card, features);
}

/** Figures, classes and confusion of an evaluation. */
export function evaluationText({ card }: DetectionModel, evaluation: Evaluation): string {
  const { rows, attacks, threshold } = evaluation;
  const figures: [string, string][] = [
    ['Accuracy', share(evaluation.accuracy)],
    ['Precision', share(evaluation.precision)],
    ['Recall', share(evaluation.recall)],
    ['F1', evaluation.f1.toFixed(4)],
    ['AUC', evaluation.areaUnderCurve.toFixed(4)],
    ['Normal rows called an attack', share(evaluation.falsePositiveRate)],
    ['Brier score', evaluation.brierScore.toFixed(4)],
    ['Expected calibration error', evaluation.expectedCalibrationError.toFixed(4)],
  ];
  const tellsKinds = evaluation.kindConfusion !== evaluation.confusion;
  return [
    `${card.title}: ${rows} rows, ${attacks} attacks, called an attack from probability ${threshold} on`,
    renderTable(figures, [
      { title: 'Figure', value: ([name]) => name },
      { title: 'Value', value: ([, value]) => value, align: 'right' },
    ]),
    `Calibration: what was said, and what was so`,
    renderTable(evaluation.reliability, [
      { title: 'Probability', value: ({ from, to }) => `${from.toFixed(1)}–${to.toFixed(1)}` },
      { title: 'Rows', value: (bin) => String(bin.rows), align: 'right' },
      { title: 'Mean said', value: ({ meanProbability }) => meanProbability.toFixed(3), align: 'right' },
      { title: 'Attacks', value: ({ positiveShare }) => positiveShare.toFixed(3), align: 'right' },
    ]),
    'Two classes',
    classTable(evaluation.classes),
    confusionTable(evaluation.confusion),
    ...(tellsKinds
      ? ['Kinds of attacks', classTable(evaluation.kindClasses), confusionTable(evaluation.kindConfusion)]
      : []),
    'Attacks by name',
    renderTable(evaluation.types, [
      { title: 'Attack', value: ({ type }) => type },
      { title: 'Rows', value: (row) => String(row.rows), align: 'right' },
      { title: 'Found', value: ({ found }) => String(found), align: 'right' },
      { title: 'Share', value: (row) => share(row.found / row.rows), align: 'right' },
    ]),
  ].join('\n\n');
}

function share(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

function classTable(classes: readonly ClassMetrics[]): string {
  return renderTable(classes, [
    { title: 'Class', value: ({ name }) => name },
    { title: 'Rows', value: ({ rows }) => String(rows), align: 'right' },
    { title: 'Precision', value: ({ precision }) => share(precision), align: 'right' },
    { title: 'Recall', value: ({ recall }) => share(recall), align: 'right' },
    { title: 'F1', value: ({ f1 }) => f1.toFixed(4), align: 'right' },
  ]);
}

function confusionTable({ classes, answers, counts }: ConfusionMatrix): string {
  const lines = classes.map((name, line) => ({ name, counts: counts[line] ?? [] }));
  return renderTable(lines, [
    { title: 'Truth \\ answer', value: ({ name }) => name },
    ...answers.map((answer, column) => ({
      title: answer,
      value: (line: (typeof lines)[number]) => String(line.counts[column] ?? 0),
      align: 'right' as const,
    })),
  ]);
}

/** A row that looks like an attack, and why. */
export interface PredictedRow {
  /** From 1, without the head of the file. */
  readonly row: number;
  readonly kind: string;
  readonly probability: number;
  readonly reasons: readonly string[];
}

/** The most suspicious rows with reasons. */
export function predictionText(
  { card, threshold }: DetectionModel,
  { probabilities }: Answers,
  listed: readonly PredictedRow[],
): string {
  const called = probabilities.filter((probability) => probability >= threshold).length;
  const summary = `${card.title}: ${called} of ${probabilities.length} rows look like attacks.`;
  if (listed.length === 0) return summary;
  const table = renderTable(
    listed,
    [
      { title: 'Row', value: ({ row }) => String(row), align: 'right' },
      { title: 'Kind', value: ({ kind }) => kind },
      { title: 'Probability', value: ({ probability }) => probability.toFixed(3), align: 'right' },
      { title: 'Because', value: ({ reasons }) => reasons.join('; ') },
    ],
    160,
  );
  return `${table}\n\n${summary}`;
}
