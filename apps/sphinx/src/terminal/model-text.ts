import type { Comparison } from '@sphinx/learning';
import { printable, renderTable } from './table.ts';

/** What was said of a detection of a model, as the API tells it. */
export interface FeedbackItem {
  readonly detection: string;
  readonly verdict: 'attack' | 'harmless';
  readonly note: string;
  readonly by: string;
  readonly at: number;
  readonly model: string;
  readonly probability: number;
  readonly kind: string;
  readonly features: object | null;
}

/** A retrained model, as the API tells it. */
export interface RetrainedItem {
  readonly name: string;
  readonly version: string;
  readonly trainedAt: number;
  readonly feedback: number;
  readonly comparedWith: string;
  readonly comparison: Comparison;
}

/** The model that judges flows, as the API tells it. */
export interface ModelItem {
  readonly base: string;
  readonly running: { readonly name: string; readonly title: string; readonly version: string } | null;
  readonly candidate: RetrainedItem | null;
  readonly previous: string | null;
  readonly feedback: { attack: number; harmless: number; usable: number; needed: number };
  readonly trainingData: { readonly name: string } | null;
}

/** What people said, the newest first. */
export function feedbackTable(items: readonly FeedbackItem[]): string {
  return renderTable(items, [
    { title: 'Detection', value: ({ detection }) => detection },
    { title: 'Said', value: ({ verdict }) => (verdict === 'attack' ? 'an attack' : 'harmless') },
    { title: 'Model', value: ({ model }) => model },
    { title: 'Probability', value: ({ probability }) => probability.toFixed(2), align: 'right' },
    { title: 'Taken for', value: ({ kind }) => printable(kind) },
    { title: 'By', value: ({ by }) => printable(by) },
    { title: 'When', value: ({ at }) => new Date(at).toISOString() },
    { title: 'Can be learnt', value: ({ features }) => (features === null ? 'no' : 'yes') },
    { title: 'Note', value: ({ note }) => printable(note) },
  ]);
}

/** What runs, what waits, and what feedback there is. */
export function modelStateText({ running, candidate, previous, feedback, trainingData }: ModelItem): string {
  if (running === null) {
    return 'No model judges flows. Choose one: sphinx config set services.intrusion-detection.model flows';
  }
  return [
    `${running.name} judges flows: ${printable(running.title)}, version ${running.version}.${previous === null ? '' : ` Undo brings ${previous} back.`}`,
    `Feedback: ${feedback.attack} attacks, ${feedback.harmless} harmless; ${feedback.usable} can be learnt from, ${feedback.needed} are needed.`,
    `Training data: ${trainingData === null ? 'none' : printable(trainingData.name)}.`,
    candidate === null ? 'No candidate waits.' : candidateText(candidate),
  ].join('\n');
}

/** A candidate beside the model that ran when it was trained. */
export function candidateText({ name, feedback, comparedWith, comparison }: RetrainedItem): string {
  const { heldOut, mayRunningHaveLearnt, feedback: judged, learntFeedback } = comparison;
  return [
    `${name} waits, trained with ${feedback} judged flows. “sphinx ml accept” lets it take the place of ${comparedWith}.`,
    `On ${heldOut.rows} rows of the training data that it has not learnt (${heldOut.attacks} attacks):`,
    sideTable(heldOut, comparedWith, name),
    ...(mayRunningHaveLearnt
      ? [`${comparedWith} may have learnt these rows; its figures may be too good beside those of ${name}.`]
      : []),
    ...sideText(judged, 'judged flows that were kept from learning', comparedWith, name),
    ...sideText(learntFeedback, 'judged flows that it has learnt', comparedWith, name),
  ].join('\n\n');
}

type Side = Comparison['heldOut'];

function sideText(side: Side | null, what: string, running: string, candidate: string): string[] {
  if (side === null) return [`There are no ${what}.`];
  return [`On ${side.rows} ${what} (${side.attacks} attacks):`, sideTable(side, running, candidate)];
}

function sideTable(side: Side, running: string, candidate: string): string {
  const figures = [
    ['Accuracy', ({ accuracy }: Side['running']) => share(accuracy)],
    ['Precision', ({ precision }: Side['running']) => share(precision)],
    ['Recall', ({ recall }: Side['running']) => share(recall)],
    ['F1', ({ f1 }: Side['running']) => f1?.toFixed(4) ?? '–'],
    ['AUC', ({ areaUnderCurve }: Side['running']) => areaUnderCurve?.toFixed(4) ?? '–'],
    ['Harmless ones called an attack', ({ falsePositiveRate }: Side['running']) => share(falsePositiveRate)],
  ] as const;
  return renderTable(figures, [
    { title: 'Figure', value: ([title]) => title },
    { title: running, value: ([, of]) => of(side.running), align: 'right' },
    { title: candidate, value: ([, of]) => of(side.candidate), align: 'right' },
  ]);
}

function share(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(2)} %`;
}
