import { createExplainer, createScreen, type DetectionModel, kindOf } from '@sphinx/learning';
import { FLOW_NUMBERS, type FlowFeatures } from '@sphinx/wire';

/** What a model says of a flow that it calls an attack. */
export interface FlowJudgement {
  readonly probability: number;
  /** Kind of attack that it is most like, for example `probe`. */
  readonly kind: string;
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  /** What it was asked about, by the names of the model. */
  readonly features: Readonly<Record<string, number | string>>;
}

const REASONS = 3;
const NUMBER_NAMES: readonly string[] = FLOW_NUMBERS;

/** Judges flows by a model of the kind `flows`. A flow that is called normal leaves nothing behind. */
export class FlowJudge {
  readonly #model: DetectionModel;
  readonly #row: Float64Array;
  readonly #numberAt: Int16Array;
  readonly #codes: readonly (ReadonlyMap<string, number> | undefined)[];
  readonly #screen: (row: Float64Array) => number;
  readonly #explain: ReturnType<typeof createExplainer>;
  readonly #kindOf: (row: Float64Array) => string;

  /** @throws Error for a model of another kind */
  constructor(model: DetectionModel) {
    if (model.kind !== 'flows' || model.mind.kind !== 'blend') throw new Error('The model does not judge flows.');
    const { blend } = model.mind;
    this.#model = model;
    this.#row = new Float64Array(model.features.length);
    this.#numberAt = Int16Array.from(model.features, ({ name }) => NUMBER_NAMES.indexOf(name));
    this.#codes = model.features.map(({ kind }, at) =>
      kind === 'category' ? new Map(model.vocabulary[at]?.map((name, code) => [name, code])) : undefined,
    );
    this.#screen = createScreen(blend, model.threshold);
    this.#explain = createExplainer(model, blend);
    this.#kindOf = (row) => kindOf(blend, row);
  }

  /** @returns undefined for a flow that looks normal */
  judge(features: FlowFeatures): FlowJudgement | undefined {
    const probability = this.probabilityOf(features);
    return probability === 0 ? undefined : this.explain(features, probability);
  }

  /** Why the flow that was asked about last is called an attack. @param probability that `probabilityOf` gave it */
  explain(features: FlowFeatures, probability: number): FlowJudgement {
    const reasons = this.#explain(this.#row, REASONS).map(({ words }) => words);
    return { probability, kind: this.#kindOf(this.#row), reasons, features: this.#named(features) };
  }

  /** That the flow is an attack; 0 where that is below the threshold of the model. */
  probabilityOf(features: FlowFeatures): number {
    const row = this.#row;
    for (let at = 0; at < row.length; at++) {
      const codes = this.#codes[at];
      if (codes === undefined) row[at] = features.numbers[this.#numberAt[at] ?? 0] ?? 0;
      else row[at] = codes.get(textOf(features, this.#model.features[at]?.name)) ?? -1;
    }
    return this.#screen(row);
  }

  /** A category stays as the sensor names it, so that a model which learns from it may come to know it. */
  #named(features: FlowFeatures): Record<string, number | string> {
    const row = this.#row;
    return Object.fromEntries(
      this.#model.features.map(({ name, kind }, at) => [
        name,
        kind === 'category' ? textOf(features, name) : (row[at] ?? 0),
      ]),
    );
  }
}

function textOf({ protocol_type, service, flag }: FlowFeatures, name: string | undefined): string {
  if (name === 'service') return service;
  return name === 'flag' ? flag : protocol_type;
}
