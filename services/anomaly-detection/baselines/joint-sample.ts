import { QuantileSketch, RandomCutForest, rarityOf, seededRandom, tailOf } from '@sphinx/learning';
import { MEASURE_IDS } from '../traffic/measures.ts';

/** Hours that are remembered of one kind of devices, and trees over them: the error of a score is a few percent. */
const CAPACITY = 128;
const TREES = 24;
/** Hours before anything is said of a further one, and scores before rarity is. */
const LEAST_HOURS = 64;
const LEAST_SCORES = 200;
/** A point has to push aside so many of those remembered, whatever the others have done. */
const LEAST_SCORE = 12;
/** Scores thin out as an exponential does, since none can be above the points remembered: their powers of e as a power does. */
const SCORE_SCALE = 8;
/** What was seen so long ago counts half as much in what is remembered: four weeks. */
const HALF_LIFE_MS = 28 * 86_400_000;
/** Points are kept in steps of a sixteenth: what differs by less is the same. */
const STEPS = 16;
const HIGHEST_STEP = 255;
/** Of points that do not tell. */
const WIDTH_BEFORE = 24;
const SCORES = { accuracy: 0.02, maximumBins: 200, maximumWeight: 200_000 } as const;

/** As it is stored: slots and points in bytes, scores, weight of all that was seen, and until when. */
export interface StoredJointSample {
  readonly points: string;
  readonly scores: readonly number[];
  readonly weight: number;
  readonly last: number;
  /** Measures that a point has; those that were stored before it was told have 24. */
  readonly width?: number;
}

/** What is unusual of an hour as a whole. */
export interface JointScore {
  readonly score: number;
  /** Share of hours with as high a score; 1 as long as too few are known. */
  readonly rarity: number;
  /** Part of the score that each measure has, in the places of the measures. */
  readonly shares: Float64Array;
}

/**
 * Hours of the devices of one kind, all measures together: a random cut forest over a sample of them in which old hours fade. An
 * hour gets into it by a chance that follows from how many there are, so that it holds weeks, not the last minutes of a thousand
 * pumps (reservoir sampling, Vitter 1985, with weights that decay).
 */
export class JointSample {
  readonly #forest = new RandomCutForest({ dimensions: MEASURE_IDS.length, capacity: CAPACITY, trees: TREES });
  readonly #random = seededRandom(CAPACITY);
  #scores = new QuantileSketch(SCORES);
  #weight = 0;
  #last = 0;

  get hours(): number {
    return this.#scores.weight;
  }

  /** Compares an hour with those remembered, together. @returns undefined as long as there are too few */
  judge(point: Float64Array): JointScore | undefined {
    if (this.#forest.size < LEAST_HOURS) return undefined;
    const shares = new Float64Array(MEASURE_IDS.length);
    const score = this.#forest.score(rounded(point), shares);
    const isKnown = this.#scores.weight >= LEAST_SCORES && score >= LEAST_SCORE;
    return {
      score,
      shares,
      rarity: isKnown ? rarityOf(tailOf(this.#scores, powerOf(LEAST_SCORE)), powerOf(score)) : 1,
    };
  }

  /** Takes an hour. @param score that `judge` gave it */
  take(point: Float64Array, hour: number, score: number | undefined): void {
    if (score !== undefined) this.#scores.add(powerOf(score));
    const passed = this.#last === 0 ? 0 : Math.max(0, hour - this.#last);
    this.#weight = this.#weight * 2 ** (-passed / HALF_LIFE_MS) + 1;
    this.#last = Math.max(this.#last, hour);
    if (this.#forest.size < CAPACITY) this.#forest.insert(this.#forest.size, rounded(point));
    else if (this.#random.next() < CAPACITY / this.#weight) {
      this.#forest.insert(this.#random.below(CAPACITY), rounded(point));
    }
  }

  store(): StoredJointSample {
    const bytes: number[] = [];
    for (const [, point] of this.#forest.points()) for (const value of point) bytes.push(Math.round(value * STEPS));
    const points = Buffer.from(bytes).toString('base64');
    const width = MEASURE_IDS.length;
    return { points, scores: this.#scores.store(), weight: Math.round(this.#weight), last: this.#last, width };
  }

  static restore(stored: StoredJointSample): JointSample {
    const sample = new JointSample();
    // Another version counted other things: what it learnt of them together is learnt anew.
    if ((stored.width ?? WIDTH_BEFORE) !== MEASURE_IDS.length) return sample;
    const bytes = Buffer.from(stored.points, 'base64');
    const width = MEASURE_IDS.length;
    for (let slot = 0; slot < CAPACITY && (slot + 1) * width <= bytes.length; slot++) {
      const point = Array.from(bytes.subarray(slot * width, (slot + 1) * width), (step) => step / STEPS);
      sample.#forest.insert(slot, point);
    }
    sample.#scores = QuantileSketch.restore(stored.scores, SCORES) ?? sample.#scores;
    sample.#weight = stored.weight;
    sample.#last = stored.last;
    return sample;
  }
}

function powerOf(score: number): number {
  return Math.exp(score / SCORE_SCALE);
}

function rounded(point: Float64Array): Float64Array {
  return point.map((value) => Math.max(0, Math.min(HIGHEST_STEP, Math.round(value * STEPS))) / STEPS);
}
