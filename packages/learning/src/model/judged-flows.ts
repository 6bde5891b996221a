import { FLOW_FEATURES } from '../data/flows.ts';
import type { LabelledTable } from '../data/table-rows.ts';

/** A flow that a model called an attack, and what a person said of it. */
export interface JudgedFlow {
  /** By the names of `FLOW_FEATURES`; one that is missing counts as 0, or as a category that no model knows. */
  readonly features: Readonly<Record<string, number | string>>;
  readonly isAttack: boolean;
  /** Kind of attack that the model took it for. */
  readonly kind: string;
  /** Never learnt from: asked when models are compared. */
  readonly isHeldOut: boolean;
}

/** Flows as rows. @param kinds of attacks that are known; another kind counts as the first of them */
export function tableOfJudged(flows: readonly JudgedFlow[], kinds: readonly string[]): LabelledTable {
  const categories = flows.map(({ isAttack, kind }) => {
    if (!isAttack) return 'normal';
    return kinds.includes(kind) ? kind : (kinds[0] ?? 'other');
  });
  return {
    table: {
      rows: flows.length,
      features: FLOW_FEATURES,
      columns: FLOW_FEATURES.map(({ name, kind }) =>
        kind === 'number'
          ? Float64Array.from(flows, ({ features }) => numberOf(features[name]))
          : flows.map(({ features }) => String(features[name] ?? '')),
      ),
    },
    truth: {
      isAttack: Uint8Array.from(flows, ({ isAttack }) => (isAttack ? 1 : 0)),
      types: categories.map((category) => (category === 'normal' ? 'normal' : `confirmed-${category}`)),
      categories,
    },
  };
}

function numberOf(value: number | string | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
