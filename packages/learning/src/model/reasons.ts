import { type Blend, createJudge } from './blend/blend.ts';
import type { DetectionModel } from './model.ts';

/** What made a row look like an attack. */
export interface Reason {
  readonly feature: string;
  /** In words, for example `bytes sent by the client: 54540, usually 215`. */
  readonly words: string;
  /** By how much the probability falls when the feature is as usual. */
  readonly weight: number;
}

/**
 * The features that matter most to a judgement: each is put to what is usual, and what the probability loses is its
 * weight (occlusion; Robnik-Šikonja and Kononenko, "Explaining classifications for individual instances", 2008). Asks
 * the model once for each feature, so it is for rows that someone looks at.
 *
 * @returns at most `count`, the weightiest first; none for rows that are usual in each feature
 */
export function createExplainer(model: DetectionModel, blend: Blend): (row: Float64Array, count: number) => Reason[] {
  const judge = createJudge(blend);
  return (row, count) => {
    const before = judge(row).probability;
    const changed = row.slice();
    const reasons: Reason[] = [];
    for (const [at, { name }] of model.features.entries()) {
      if (row[at] === model.typical[at]) continue;
      changed[at] = model.typical[at] ?? 0;
      const weight = before - judge(changed).probability;
      changed[at] = row[at] ?? 0;
      if (weight > 0) reasons.push({ feature: name, words: wordsOf(model, at, row[at] ?? 0), weight });
    }
    return reasons.sort((a, b) => b.weight - a.weight).slice(0, count);
  };
}

function wordsOf({ features, vocabulary, typical }: DetectionModel, at: number, value: number): string {
  const feature = features[at];
  const textOf = (code: number) => vocabulary[at]?.[code] ?? 'one that training did not have';
  if (feature?.kind === 'category') return `${feature.meaning}: ${textOf(value)}, usually ${textOf(typical[at] ?? -1)}`;
  return `${feature?.meaning}: ${rounded(value)}, usually ${rounded(typical[at] ?? 0)}`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
