import type { DependencyFile } from '../care-map/care-knowledge.ts';
import type { CareMap } from '../care-map/care-map.ts';
import type { Effect } from '../care-map/effect.ts';
import { CompromiseModel } from './compromise-model.ts';
import { type ControlFactors, controlFactors } from './controls.ts';
import { DisruptionModel } from './disruption-model.ts';
import {
  type BasicImpact,
  type ConsequenceRisk,
  careImpacts,
  consequencesOf,
  impactOf,
  impactOfConsequence,
  worstLevel,
} from './impact.ts';
import type { RiskAsset } from './risk-asset.ts';
import { type ControlState, OUTCOMES, type Outcome, type RiskKnowledge, type RiskLevel } from './risk-knowledge.ts';

/** Risk of one asset or of one clinical service in one care area. */
export interface NodeRisk {
  /** Place in the care map. */
  readonly place: number;
  /** Of an asset: that some threat compromises it; of a clinical service: that it is disrupted. Within the horizon. */
  readonly probability: number;
  readonly consequences: readonly ConsequenceRisk[];
  readonly level: RiskLevel;
  /** Probability times impact of the worst consequence, 0 to 100. */
  readonly points: number;
}

const NO_RISK = { unavailable: 0, disclosed: 0, altered: 0 } as const;

/** @returns probability of each effect by `knowledge/care-dependencies` */
export function effectProbabilities({ effects }: DependencyFile): Readonly<Record<Effect, number>> {
  const of = (id: Effect) => effects.find((effect) => effect.id === id)?.probability ?? 0;
  return { slows: of('slows'), degrades: of('degrades'), stops: of('stops') };
}

/**
 * The whole risk of a hospital: how likely each asset is compromised, which clinical services that disrupts, and what it harms.
 * Assets, map and controls are those of its making; what is detected and known of weaknesses goes in one by one, and only what
 * that changes is reckoned again.
 */
export class RiskState {
  readonly map: CareMap;
  readonly knowledge: RiskKnowledge;
  readonly compromise: CompromiseModel;
  readonly disruption: DisruptionModel;
  readonly #controls: ControlFactors;
  /** Places in `OUTCOMES` that each consequence follows from. */
  readonly #after: readonly (readonly number[])[];
  readonly #careImpact: Float64Array;
  /** By asset: probability of each outcome, in the order of `OUTCOMES`. */
  readonly #outcomes: Float64Array;
  /** By asset: impact of each consequence, in the order of the parameters. */
  readonly #impacts: Float64Array;

  /**
   * @param assets in the order of the map, which begins with them
   * @param effects see `effectProbabilities`
   */
  constructor(parts: {
    readonly assets: readonly RiskAsset[];
    readonly map: CareMap;
    readonly knowledge: RiskKnowledge;
    readonly controls: ReadonlyMap<string, ControlState>;
    readonly effects: Readonly<Record<Effect, number>>;
    readonly bits?: { readonly v4: number; readonly v6: number };
  }) {
    const { assets, map, knowledge } = parts;
    this.map = map;
    this.knowledge = knowledge;
    this.#controls = controlFactors(knowledge.threats, knowledge.controls, parts.controls);
    this.compromise = new CompromiseModel(assets, { ...knowledge, controls: this.#controls }, parts.bits);
    this.disruption = new DisruptionModel(map, parts.effects);
    this.#careImpact = careImpacts(map, parts.effects, knowledge.parameters);
    this.#outcomes = new Float64Array(assets.length * OUTCOMES.length);
    const { consequences } = knowledge.parameters;
    this.#impacts = new Float64Array(assets.length * consequences.length);
    assets.forEach((_, place) => {
      const basic = this.impactOf(place);
      consequences.forEach((consequence, index) => {
        this.#impacts[place * consequences.length + index] = impactOfConsequence(consequence, basic);
      });
    });
    this.#after = consequences.map(({ after }) => after.map((outcome) => OUTCOMES.indexOf(outcome)));
  }

  get assets(): readonly RiskAsset[] {
    return this.compromise.assets;
  }

  /** Reckons again with what changed. @returns places of the assets and clinical services whose risk changed */
  update(): ReadonlySet<number> {
    const moved = this.compromise.update();
    for (const place of moved) {
      this.#takeOutcomes(place);
      this.disruption.setOwn(place, this.#outcomes[place * OUTCOMES.length] ?? 0);
    }
    return new Set([...moved, ...this.disruption.update()]);
  }

  /** @param place of an asset */
  ofAsset(place: number): NodeRisk {
    const asset = this.assets[place];
    if (asset === undefined) throw new RangeError(`there is no asset ${place}`);
    let no = 1;
    for (let threat = 0; threat < this.knowledge.threats.length; threat++) {
      no *= 1 - this.compromise.probability(place, threat);
    }
    const [unavailable = 0, disclosed = 0, altered = 0] = this.#outcomes.subarray(place * OUTCOMES.length);
    return this.#risk(place, 1 - no, { unavailable, disclosed, altered }, this.impactOf(place));
  }

  /** Probability times impact of the worst consequence, 0 to 100: `ofAsset(place).points`, for ranking all of them. */
  pointsOf(place: number): number {
    const at = place * OUTCOMES.length;
    const first = place * this.#after.length;
    let most = 0;
    for (let index = 0; index < this.#after.length; index++) {
      let none = 1;
      for (const outcome of this.#after[index] ?? []) none *= 1 - (this.#outcomes[at + outcome] as number);
      most = Math.max(most, (1 - none) * (this.#impacts[first + index] as number));
    }
    return most;
  }

  /** @param place of a clinical service in a care area */
  ofCare(place: number): NodeRisk {
    const probability = this.disruption.probability(place);
    const { impact } = this.knowledge.parameters;
    const safety = this.map.at(place).safety ?? 'none';
    const basic = {
      safety: impact.safety[safety],
      care: impact.care[safety],
      confidentiality: impact.others.confidentiality,
      integrity: impact.others.integrity,
    };
    return this.#risk(place, probability, { ...NO_RISK, unavailable: probability }, basic);
  }

  impactOf(place: number): BasicImpact {
    const asset = this.assets[place];
    if (asset === undefined) throw new RangeError(`there is no asset ${place}`);
    return impactOf(asset, this.#careImpact[place] ?? 0, this.knowledge.parameters);
  }

  /** @returns probability that the threat compromises at least one asset; assets taken for independent */
  ofThreat(threat: number): number {
    let no = 1;
    for (let place = 0; place < this.assets.length; place++) no *= 1 - this.compromise.probability(place, threat);
    return 1 - no;
  }

  #risk(place: number, probability: number, outcomes: Readonly<Record<Outcome, number>>, basic: BasicImpact): NodeRisk {
    const consequences = consequencesOf(outcomes, basic, this.knowledge.parameters);
    return {
      place,
      probability,
      consequences,
      level: worstLevel(consequences.map(({ level }) => level)),
      points: Math.max(0, ...consequences.map(({ points }) => points)),
    };
  }

  /** What is left of an asset: a noisy-OR over the threats that compromise it. */
  #takeOutcomes(place: number): void {
    const { threats } = this.knowledge;
    for (let outcome = 0; outcome < OUTCOMES.length; outcome++) {
      const name = OUTCOMES[outcome] as Outcome;
      const left = this.#controls.outcomes[name];
      let none = 1;
      for (let index = 0; index < threats.length; index++) {
        const consequence = (threats[index]?.consequences[name] ?? 0) * (left[index] as number);
        none *= 1 - this.compromise.probability(place, index) * consequence;
      }
      this.#outcomes[place * OUTCOMES.length + outcome] = 1 - none;
    }
  }
}
