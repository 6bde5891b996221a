/** Values below it count as nothing. */
const LEAST = 1;
const DEFAULT_ACCURACY = 0.05;
const DEFAULT_BINS = 64;

/** A sketch as it is stored: accuracy, weight of nothing, then key and weight of each bin in turn. */
export type StoredSketch = readonly number[];

export interface SketchOptions {
  /** Relative error of a quantile, 0 to 1. */
  readonly accuracy?: number;
  /** Bins that are kept; beyond them the lowest ones become one. */
  readonly maximumBins?: number;
  /** When more weight than this is in it, all weights are halved: what is old counts less and less. */
  readonly maximumWeight?: number;
}

/**
 * DDSketch (Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * VLDB 2019): bins whose borders are powers of γ = (1 + α)/(1 − α), so that each quantile is right within α, whatever the values.
 * For counts and bytes; a value below 1 counts as 0.
 */
export class QuantileSketch {
  readonly #accuracy: number;
  readonly #logGamma: number;
  readonly #maximumBins: number;
  readonly #maximumWeight: number;
  /** Key and weight in turn, by key: one array, because a hospital has a hundred thousand sketches. */
  #bins: number[] = [];
  #zeros = 0;
  #weight = 0;

  constructor({
    accuracy = DEFAULT_ACCURACY,
    maximumBins = DEFAULT_BINS,
    maximumWeight = Number.POSITIVE_INFINITY,
  }: SketchOptions = {}) {
    this.#accuracy = accuracy;
    this.#logGamma = Math.log((1 + accuracy) / (1 - accuracy));
    this.#maximumBins = maximumBins;
    this.#maximumWeight = maximumWeight;
  }

  /** How much was added, less what was forgotten. */
  get weight(): number {
    return this.#weight;
  }

  /** Bins in use, for figures of memory. */
  get bins(): number {
    return this.#bins.length / 2;
  }

  /** @param value not negative; what is no number is left out */
  add(value: number, weight = 1): void {
    if (!(value >= 0) || !(weight > 0) || value === Number.POSITIVE_INFINITY) return;
    this.#weight += weight;
    if (value < LEAST) this.#zeros += weight;
    else this.#addBin(Math.ceil(Math.log(value) / this.#logGamma), weight);
    if (this.#weight > this.#maximumWeight) this.#halve();
  }

  /** Adds all that the other one holds. @param scale what its weights are multiplied by */
  merge(other: QuantileSketch, scale = 1): void {
    this.#zeros += other.#zeros * scale;
    this.#weight += other.#weight * scale;
    for (let at = 0; at < other.#bins.length; at += 2) {
      this.#addBin(other.#bins[at] ?? 0, (other.#bins[at + 1] ?? 0) * scale);
    }
    if (this.#weight > this.#maximumWeight) this.#halve();
  }

  /** @returns value that a share `q` of all is not above; 0 for an empty sketch */
  quantile(q: number): number {
    let rest = q * this.#weight - this.#zeros;
    if (rest <= 0 || this.#bins.length === 0) return 0;
    for (let at = 0; at < this.#bins.length; at += 2) {
      rest -= this.#bins[at + 1] ?? 0;
      if (rest <= 1e-9 * this.#weight) return this.#valueOf(this.#bins[at] ?? 0);
    }
    return this.#valueOf(this.#bins[this.#bins.length - 2] ?? 0);
  }

  /** @returns share of all that is above the value, 0 to 1 */
  shareAbove(value: number): number {
    if (this.#weight === 0) return 0;
    let above = 0;
    for (let at = this.#bins.length - 2; at >= 0; at -= 2) {
      if (this.#valueOf(this.#bins[at] ?? 0) <= value) break;
      above += this.#bins[at + 1] ?? 0;
    }
    return Math.min(1, above / this.#weight);
  }

  /** Calls with the value of each bin that is above and its weight. */
  forEachAbove(value: number, call: (value: number, weight: number) => void): void {
    for (let at = this.#bins.length - 2; at >= 0; at -= 2) {
      const each = this.#valueOf(this.#bins[at] ?? 0);
      if (each <= value) break;
      call(each, this.#bins[at + 1] ?? 0);
    }
  }

  store(): StoredSketch {
    const rounded = this.#bins.map((each, at) => (at % 2 === 0 ? each : Math.round(each * 1000) / 1000));
    return [this.#accuracy, Math.round(this.#zeros * 1000) / 1000, ...rounded];
  }

  /** @returns undefined for what is no sketch */
  static restore(stored: unknown, options: SketchOptions = {}): QuantileSketch | undefined {
    if (!Array.isArray(stored) || stored.length < 2 || stored.length % 2 !== 0) return undefined;
    const numbers = stored as readonly unknown[];
    if (!numbers.every((each): each is number => typeof each === 'number' && Number.isFinite(each))) return undefined;
    const [accuracy = 0, zeros = 0] = numbers;
    if (accuracy <= 0 || accuracy >= 1 || zeros < 0) return undefined;
    const sketch = new QuantileSketch({ ...options, accuracy });
    sketch.#zeros = zeros;
    sketch.#weight = zeros;
    for (let at = 2; at < numbers.length; at += 2) {
      const weight = numbers[at + 1] ?? 0;
      if (!(weight > 0)) continue;
      sketch.#weight += weight;
      sketch.#addBin(Math.trunc(numbers[at] ?? 0), weight);
    }
    return sketch;
  }

  /** Middle of a bin in the relative sense: right within the accuracy for every value in it. */
  #valueOf(key: number): number {
    return Math.exp(key * this.#logGamma) * (1 - this.#accuracy);
  }

  #addBin(key: number, weight: number): void {
    const bins = this.#bins;
    let low = 0;
    let high = bins.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bins[middle * 2] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    if (bins[low * 2] === key) bins[low * 2 + 1] = (bins[low * 2 + 1] ?? 0) + weight;
    else bins.splice(low * 2, 0, key, weight);
    if (bins.length / 2 > this.#maximumBins) {
      // The lowest bins matter least: what is asked is how high values are.
      bins[3] = (bins[3] ?? 0) + (bins[1] ?? 0);
      bins.splice(0, 2);
    }
  }

  #halve(): void {
    this.#zeros /= 2;
    this.#weight = this.#zeros;
    const kept: number[] = [];
    for (let at = 0; at < this.#bins.length; at += 2) {
      const weight = (this.#bins[at + 1] ?? 0) / 2;
      // What was seen once, long ago, is gone at last.
      if (weight < 0.02) continue;
      kept.push(this.#bins[at] ?? 0, weight);
      this.#weight += weight;
    }
    this.#bins = kept;
  }
}
