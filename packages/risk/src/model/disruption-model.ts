import type { CareMap, Need, NeedGroup } from '../care-map/care-map.ts';
import type { Effect } from '../care-map/effect.ts';
import { MarkedPlaces } from './marked-places.ts';

/** Smaller changes of a probability concern nobody: nothing is shown below one in ten thousand. */
const NEGLIGIBLE = 1e-7;
/** A chain from a patient over a device, an application, its database and a network to a router. */
const ROUNDS = 5;

/** Part of a probability that one need alone has. */
export interface DisruptionCause {
  readonly need: Need;
  readonly probability: number;
}

/**
 * How likely each node of the care map is of no use within the horizon: by an attack on it, or by the loss of what it needs. A noisy-OR
 * over its needs, each as strong as its effect; those that stand in for each other must all be gone; of those that do the same
 * work side by side, the mean counts. Round k takes the probabilities of round k - 1, so that circles end.
 */
export class DisruptionModel {
  readonly map: CareMap;
  readonly #effects: Readonly<Record<Effect, number>>;
  readonly #own: Float64Array;
  readonly #rounds: readonly Float64Array[];
  readonly #needs: PackedNeeds;
  readonly #changed: MarkedPlaces;
  /** Reused in every update. */
  readonly #asked: MarkedPlaces;
  readonly #moved: MarkedPlaces;

  /** @param effects how likely whoever needs something is of no use while it is gone, by effect */
  constructor(map: CareMap, effects: Readonly<Record<Effect, number>>) {
    this.map = map;
    this.#effects = effects;
    this.#own = new Float64Array(map.nodes.length);
    this.#needs = packNeeds(map, effects);
    this.#changed = new MarkedPlaces(map.nodes.length);
    this.#asked = new MarkedPlaces(map.nodes.length);
    this.#moved = new MarkedPlaces(map.nodes.length);
    this.#rounds = Array.from({ length: ROUNDS }, () => new Float64Array(map.nodes.length));
  }

  /** @param probability that an attack makes the node of no use; `update` reckons with it */
  setOwn(place: number, probability: number): void {
    if (Math.abs((this.#own[place] ?? 0) - probability) < NEGLIGIBLE) return;
    this.#own[place] = probability;
    this.#changed.add(place);
  }

  /** Reckons again with what changed. @returns places of the nodes whose probability changed */
  update(): ReadonlySet<number> {
    const [asked, moved] = [this.#asked, this.#moved];
    moved.clear();
    for (let round = 0; round < ROUNDS; round++) {
      asked.clear();
      asked.addAll(this.#changed);
      for (let index = 0; index < moved.size; index++) {
        const place = moved.at(index);
        asked.add(place);
        const dependents = this.map.neededBy(place);
        for (let at = 0; at < dependents.length; at++) asked.add(dependents[at] as number);
      }
      moved.clear();
      for (let index = 0; index < asked.size; index++) this.#reckon(round, asked.at(index), moved);
    }
    this.#changed.clear();
    return moved.toSet();
  }

  /** @returns probability that the node is of no use at some time within the horizon */
  probability(place: number): number {
    return this.#rounds.at(-1)?.[place] ?? 0;
  }

  /** What makes it likely, the strongest first; an attack on the node itself is not among it. */
  causes(place: number): readonly DisruptionCause[] {
    const before = this.#rounds.at(-2) as Float64Array;
    return (this.map.needs[place] ?? [])
      .flatMap(({ mode, needs }) =>
        needs.map((need) => {
          const alone = this.#effects[need.effect] * (before[need.provider] ?? 0);
          return { need, probability: mode === 'share' ? alone / needs.length : alone };
        }),
      )
      .filter(({ probability }) => probability > NEGLIGIBLE)
      .sort((a, b) => b.probability - a.probability);
  }

  own(place: number): number {
    return this.#own[place] ?? 0;
  }

  #reckon(round: number, place: number, moved: MarkedPlaces): void {
    const now = this.#rounds[round] as Float64Array;
    const before = this.#rounds[round - 1];
    let none = 1 - (this.#own[place] as number);
    if (before !== undefined) {
      const end = this.#needs.groups[place + 1] as number;
      for (let group = this.#needs.groups[place] as number; group < end; group++)
        none *= 1 - this.#lossOf(group, before);
    }
    const probability = 1 - none;
    if (Math.abs(probability - (now[place] as number)) < NEGLIGIBLE) return;
    now[place] = probability;
    moved.add(place);
  }

  #lossOf(group: number, before: Float64Array): number {
    const { starts, modes, providers, strengths } = this.#needs;
    const [start, end] = [starts[group] as number, starts[group + 1] as number];
    let none = 1;
    let all = 1;
    let sum = 0;
    for (let need = start; need < end; need++) {
      const loss = (strengths[need] as number) * (before[providers[need] as number] as number);
      none *= 1 - loss;
      all *= loss;
      sum += loss;
    }
    const mode = modes[group];
    return mode === ANY ? 1 - none : mode === ALL ? all : sum / (end - start);
  }
}

const ANY = 0;
const ALL = 1;
const SHARE = 2;
const MODES: Readonly<Record<NeedGroup['mode'], number>> = { any: ANY, all: ALL, share: SHARE };

/** Needs of the whole map in compressed rows: node → groups → providers. */
interface PackedNeeds {
  readonly groups: Int32Array;
  readonly starts: Int32Array;
  readonly modes: Uint8Array;
  readonly providers: Int32Array;
  readonly strengths: Float64Array;
}

function packNeeds({ needs }: CareMap, effects: Readonly<Record<Effect, number>>): PackedNeeds {
  const all = needs.flat();
  const flat = all.flatMap((group) => group.needs);
  const starts = Int32Array.from([0, ...running(all.map((group) => group.needs.length))]);
  return {
    groups: Int32Array.from([0, ...running(needs.map((of) => of.length))]),
    starts,
    modes: Uint8Array.from(all, ({ mode }) => MODES[mode]),
    providers: Int32Array.from(flat, ({ provider }) => provider),
    strengths: Float64Array.from(flat, ({ effect }) => effects[effect]),
  };
}

/** @returns sums of all up to and with each */
function running(lengths: readonly number[]): readonly number[] {
  let sum = 0;
  return lengths.map((length) => {
    sum += length;
    return sum;
  });
}
