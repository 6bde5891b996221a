import type { ControlFactors } from './controls.ts';
import type { RiskAsset } from './risk-asset.ts';
import { type RiskParameters, type Threat, VECTORS, type Vector } from './risk-knowledge.ts';

const DAYS_PER_YEAR = 365;

/** @returns how much an asset is in the way of whoever comes in by a vector, 0 to 1 */
export function exposureTo(vector: Vector, asset: RiskAsset, { exposure }: RiskParameters): number {
  switch (vector) {
    case 'internet':
    case 'inside':
      return exposure[vector][asset.reachedFrom ?? 'unknown'];
    case 'user': {
      const { kinds, ofKinds, talksToInternet, others } = exposure.user;
      if (kinds.includes(asset.kind)) return ofKinds;
      return asset.talksToInternet ? talksToInternet : others;
    }
    case 'supplier':
      return asset.talksToInternet && !exposure.user.kinds.includes(asset.kind)
        ? exposure.supplier.talksToInternet
        : exposure.supplier.others;
    case 'physical':
      return exposure.physical.kinds.includes(asset.kind) ? exposure.physical.ofKinds : exposure.physical.others;
    default:
      return vector satisfies never;
  }
}

/**
 * How often a threat comes in at each asset, before the susceptibility of the asset: the rate of the hospital is shared out by
 * exposure, so that a larger hospital is not attacked more often only because it has more devices.
 */
export class EntryRates {
  readonly #exposures: readonly Float64Array[];
  readonly #totals: readonly number[];
  readonly #parameters: RiskParameters;

  constructor(assets: readonly RiskAsset[], parameters: RiskParameters) {
    this.#parameters = parameters;
    this.#exposures = VECTORS.map((vector) =>
      Float64Array.from(assets, (asset) => exposureTo(vector, asset, parameters)),
    );
    this.#totals = this.#exposures.map((row) => row.reduce((sum, value) => sum + value, 0));
  }

  /**
   * @param place of the asset
   * @param susceptibility of the asset to the threat, 0 to 1
   * @returns probability that the threat comes in here within the horizon
   */
  probability(place: number, threat: Threat, index: number, susceptibility: number, controls: ControlFactors): number {
    const { typicalSusceptibility, susceptibilityLimits, horizonDays } = this.#parameters;
    const multiple = Math.min(
      susceptibilityLimits.high,
      Math.max(susceptibilityLimits.low, susceptibility / typicalSusceptibility),
    );
    const perYear = -Math.log(1 - Math.min(0.999, threat.perYear.likely)) * (controls.entry[index] ?? 1);
    const rate = perYear * (horizonDays / DAYS_PER_YEAR) * this.shareOf(place, threat) * multiple;
    return 1 - Math.exp(-rate);
  }

  /** Part of the attacks on the hospital that come in at this asset; all assets together have 1. */
  shareOf(place: number, { entry }: Threat): number {
    let share = 0;
    VECTORS.forEach((vector, index) => {
      const total = this.#totals[index] ?? 0;
      if (total > 0) share += ((entry[vector] ?? 0) * (this.#exposures[index]?.[place] ?? 0)) / total;
    });
    return share;
  }
}
