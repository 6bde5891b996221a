// Inner loops run over typed arrays without an allocation per asset: 20,000 assets and 13 threats are recomputed at once
// where a domain controller is concerned. `npm run bench -- risk` guards it.

import { networkOf } from '../care-map/network-of.ts';
import type { ControlFactors } from './controls.ts';
import { EntryRates } from './entry.ts';
import { type Links, linksOf } from './links.ts';
import { MarkedPlaces } from './marked-places.ts';
import type { RiskAsset } from './risk-asset.ts';
import type { RiskParameters, Threat } from './risk-knowledge.ts';
import { type Susceptibility, susceptibilityTo, UNKNOWN_SUSCEPTIBILITY } from './susceptibility.ts';

/** Smaller changes of a probability concern nobody: nothing is shown below one in ten thousand. */
const NEGLIGIBLE = 1e-7;
const NETWORK_BITS = { v4: 24, v6: 64 };

/** Where a probability comes from, for telling why. */
export interface Contribution {
  /** Place of the neighbour. */
  readonly peer: number;
  /** What the neighbour alone would make of it. */
  readonly probability: number;
}

/**
 * How likely each asset is compromised by each threat within the horizon. Every asset has a noisy-OR node with leak: attacks
 * that come in, attacks that come from its neighbours, and what nobody knows of. Round k takes the beliefs of round k - 1 of the
 * neighbours, without what the asset itself told them (factored frontier, Murphy and Weiss 2001; the message without its receiver
 * as in Pearl 1988). Evidence multiplies the odds. Causes are taken for independent: an attack that reaches an asset on two ways
 * from one origin counts twice.
 */
export class CompromiseModel {
  readonly assets: readonly RiskAsset[];
  readonly threats: readonly Threat[];
  readonly #parameters: RiskParameters;
  readonly #controls: ControlFactors;
  readonly #places: ReadonlyMap<string, number>;
  readonly #rates: EntryRates;
  readonly #links: Links;
  /** Place of the network of each asset; -1 for none. */
  readonly #networkOf: Int32Array;
  readonly #members: readonly (readonly number[])[];
  /** By asset and threat: `place * threats.length + threat`. */
  readonly #susceptible: Float64Array;
  readonly #entry: Float64Array;
  readonly #odds: Float64Array;
  /** Beliefs of each round, and what of each round speaks against (product over all causes of 1 - cause). */
  readonly #beliefs: readonly Float64Array[];
  readonly #against: readonly Float64Array[];
  /** By network and threat: sum of the beliefs of its members, for each round. */
  readonly #sums: readonly Float64Array[];
  readonly #traits: Susceptibility[];
  /** Of each threat, with the controls. */
  readonly #spread: Float64Array;
  readonly #changed: MarkedPlaces;
  /** Reused in every update. */
  readonly #asked: MarkedPlaces;
  readonly #moved: MarkedPlaces;
  readonly #all: MarkedPlaces;
  readonly #no: Float64Array;

  /** @param bits length of the prefixes that make a network */
  constructor(
    assets: readonly RiskAsset[],
    parts: {
      readonly threats: readonly Threat[];
      readonly parameters: RiskParameters;
      readonly controls: ControlFactors;
    },
    bits: { readonly v4: number; readonly v6: number } = NETWORK_BITS,
  ) {
    this.assets = assets;
    this.threats = parts.threats;
    this.#parameters = parts.parameters;
    this.#controls = parts.controls;
    this.#places = new Map(assets.map(({ id }, place) => [id, place]));
    this.#rates = new EntryRates(assets, parts.parameters);
    this.#links = linksOf(assets, this.#places, parts.parameters);
    const { networkOf: networks, members } = networksOf(assets, bits);
    this.#networkOf = networks;
    this.#members = members;
    this.#changed = new MarkedPlaces(assets.length);
    this.#asked = new MarkedPlaces(assets.length);
    this.#moved = new MarkedPlaces(assets.length);
    this.#all = new MarkedPlaces(assets.length);
    this.#no = new Float64Array(parts.threats.length);
    this.#spread = Float64Array.from(
      parts.threats,
      ({ spread }, index) => spread * (parts.controls.spread[index] ?? 1),
    );
    const size = assets.length * parts.threats.length;
    const rounds = parts.parameters.rounds + 1;
    this.#susceptible = new Float64Array(size);
    this.#entry = new Float64Array(size);
    this.#odds = new Float64Array(size).fill(1);
    this.#beliefs = Array.from({ length: rounds }, () => new Float64Array(size));
    this.#against = Array.from({ length: rounds }, () => new Float64Array(size).fill(1));
    this.#sums = Array.from({ length: rounds }, () => new Float64Array(members.length * parts.threats.length));
    this.#traits = assets.map(() => UNKNOWN_SUSCEPTIBILITY);
    for (let place = 0; place < assets.length; place++) this.#takeTraits(place);
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** Takes what is known of an asset's weaknesses and faults; `update` reckons with it. */
  setSusceptibility(place: number, traits: Susceptibility): void {
    const known = this.#traits[place];
    if (known?.weaknesses === traits.weaknesses && known.faults === traits.faults) return;
    this.#traits[place] = traits;
    this.#takeTraits(place);
  }

  /** Takes what was detected about an asset. @param logFactors by threat, see `combineEvidence` */
  setEvidence(place: number, logFactors: Float64Array): void {
    const base = place * this.threats.length;
    for (let threat = 0; threat < this.threats.length; threat++) {
      const odds = Math.exp(logFactors[threat] ?? 0);
      if (odds === this.#odds[base + threat]) continue;
      this.#odds[base + threat] = odds;
      this.#changed.add(place);
    }
  }

  /** Reckons again with what changed. @returns places of the assets whose probabilities changed */
  update(): ReadonlySet<number> {
    const [asked, moved, all] = [this.#asked, this.#moved, this.#all];
    moved.clear();
    all.clear();
    for (let round = 0; round < this.#beliefs.length; round++) {
      // Whoever is asked anew: what changed itself, and the neighbours of whom the round before changed.
      asked.clear();
      asked.addAll(this.#changed);
      if (round > 0) this.#addNeighbours(moved, asked);
      if (round > 1) {
        // A message leaves out what its receiver said two rounds before, and how its sender takes that.
        asked.addAll(all);
        for (let index = 0; index < this.#changed.size; index++) this.#addLinked(this.#changed.at(index), asked);
      }
      moved.clear();
      for (let index = 0; index < asked.size; index++) this.#reckon(round, asked.at(index), moved);
      all.addAll(moved);
    }
    this.#changed.clear();
    return moved.toSet();
  }

  /** @returns probability that the asset is compromised by the threat within the horizon */
  probability(place: number, threat: number): number {
    return this.#beliefs.at(-1)?.[place * this.threats.length + threat] ?? 0;
  }

  /** The same without any evidence about this asset. */
  prior(place: number, threat: number): number {
    return 1 - (this.#against.at(-1)?.[place * this.threats.length + threat] ?? 1);
  }

  /** Probability that it comes in here from outside of the house, not from a neighbour. */
  entry(place: number, threat: number): number {
    return this.#entry[place * this.threats.length + threat] ?? 0;
  }

  /** By how much evidence multiplies the odds. */
  evidenceFactor(place: number, threat: number): number {
    return this.#odds[place * this.threats.length + threat] ?? 1;
  }

  susceptibility(place: number, threat: number): number {
    return this.#susceptible[place * this.threats.length + threat] ?? 0;
  }

  traits(place: number): Susceptibility {
    return this.#traits[place] ?? UNKNOWN_SUSCEPTIBILITY;
  }

  /** What neighbours make of it, the strongest first. */
  contributions(place: number, threat: number): readonly Contribution[] {
    const { starts, peers, fromPeer, toPeer } = this.#links;
    const count = this.threats.length;
    const round = this.#beliefs.length - 1;
    const spread = this.#spread[threat] ?? 0;
    const own = place * count + threat;
    const found: Contribution[] = [];
    for (let link = starts[place] ?? 0; link < (starts[place + 1] ?? 0); link++) {
      const peer = peers[link] ?? 0;
      const at = peer * count + threat;
      const message =
        round < 2 ? (this.#beliefs[round - 1]?.[at] ?? 0) : this.#message(round, at, own, spread * (toPeer[link] ?? 0));
      found.push({ peer, probability: message * spread * (fromPeer[link] ?? 0) * (this.#susceptible[own] ?? 0) });
    }
    return found.sort((a, b) => b.probability - a.probability);
  }

  #takeTraits(place: number): void {
    const traits = this.#traits[place] ?? UNKNOWN_SUSCEPTIBILITY;
    const base = place * this.threats.length;
    this.threats.forEach((threat, index) => {
      const susceptible = susceptibilityTo(threat, traits);
      this.#susceptible[base + index] = susceptible;
      this.#entry[base + index] = this.#rates.probability(place, threat, index, susceptible, this.#controls);
    });
    this.#changed.add(place);
  }

  #addNeighbours(moved: MarkedPlaces, asked: MarkedPlaces): void {
    const networks = new Set<number>();
    for (let index = 0; index < moved.size; index++) {
      const place = moved.at(index);
      asked.add(place);
      this.#addLinked(place, asked);
      networks.add(this.#networkOf[place] as number);
    }
    for (const network of networks) for (const member of this.#members[network] ?? []) asked.add(member);
  }

  #addLinked(place: number, asked: MarkedPlaces): void {
    const { starts, peers } = this.#links;
    const end = starts[place + 1] as number;
    for (let link = starts[place] as number; link < end; link++) asked.add(peers[link] as number);
  }

  #reckon(round: number, place: number, moved: MarkedPlaces): void {
    const count = this.threats.length;
    const base = place * count;
    const beliefs = this.#beliefs[round] as Float64Array;
    const against = this.#against[round] as Float64Array;
    const sums = this.#sums[round] as Float64Array;
    const network = this.#networkOf[place] as number;
    const no = this.#no;
    this.#causesAgainst(round, place, no);
    for (let threat = 0; threat < count; threat++) {
      const at = base + threat;
      const none = no[threat] as number;
      const odds = this.#odds[at] as number;
      const belief = odds === 1 ? 1 - none : ((1 - none) * odds) / ((1 - none) * odds + none);
      const difference = belief - (beliefs[at] as number);
      if (Math.abs(difference) < NEGLIGIBLE) continue;
      against[at] = none;
      beliefs[at] = belief;
      if (network >= 0) sums[network * count + threat] = (sums[network * count + threat] as number) + difference;
      moved.add(place);
    }
  }

  /** For each threat the product over all causes of 1 - cause: how likely none of them works. */
  #causesAgainst(round: number, place: number, no: Float64Array): void {
    const count = this.threats.length;
    const base = place * count;
    for (let threat = 0; threat < count; threat++) no[threat] = 1 - (this.#entry[base + threat] as number);
    if (round === 0) return;
    const { starts, peers, fromPeer, toPeer } = this.#links;
    const spread = this.#spread;
    const before = this.#beliefs[round - 1] as Float64Array;
    const end = starts[place + 1] as number;
    for (let link = starts[place] as number; link < end; link++) {
      const reach = fromPeer[link] as number;
      const peer = (peers[link] as number) * count;
      for (let threat = 0; threat < count; threat++) {
        const strength = (spread[threat] as number) * reach * (this.#susceptible[base + threat] as number);
        if (strength === 0) continue;
        const message =
          round < 2
            ? (before[peer + threat] as number)
            : this.#message(round, peer + threat, base + threat, (spread[threat] as number) * (toPeer[link] as number));
        no[threat] = (no[threat] as number) * (1 - message * strength);
      }
    }
    const network = this.#networkOf[place] as number;
    if (network < 0) return;
    const sums = this.#sums[round - 1] as Float64Array;
    const reach = this.#parameters.reach.sameNetwork;
    for (let threat = 0; threat < count; threat++) {
      const others = (sums[network * count + threat] as number) - (before[base + threat] as number);
      const strength = (spread[threat] as number) * reach * (this.#susceptible[base + threat] as number);
      // Noisy-OR of many small causes (its limit for small ones), so that a network costs no more than one neighbour.
      no[threat] = (no[threat] as number) * Math.exp(-Math.max(0, others) * strength);
    }
  }

  /**
   * What a neighbour believes of itself in the round before, without what this asset told it.
   *
   * @param peer index of neighbour and threat
   * @param own index of this asset and the threat
   * @param reach how well the neighbour is reached from here
   */
  #message(round: number, peer: number, own: number, reach: number): number {
    const belief = this.#beliefs[round - 1]?.[peer] as number;
    const odds = this.#odds[peer] as number;
    const told = (this.#beliefs[round - 2]?.[own] as number) * reach * (this.#susceptible[peer] as number);
    if (told * odds < NEGLIGIBLE) return belief;
    const none = Math.min(1, (this.#against[round - 1]?.[peer] as number) / Math.max(NEGLIGIBLE, 1 - told));
    return ((1 - none) * odds) / ((1 - none) * odds + none);
  }
}

function networksOf(
  assets: readonly RiskAsset[],
  bits: { readonly v4: number; readonly v6: number },
): { readonly networkOf: Int32Array; readonly members: readonly (readonly number[])[] } {
  const places = new Map<string, number>();
  const members: number[][] = [];
  const networks = Int32Array.from(assets, ({ ips }, asset) => {
    const [network] = ips.flatMap((ip) => networkOf(ip, bits) ?? []);
    if (network === undefined) return -1;
    const place = places.get(network) ?? members.push([]) - 1;
    places.set(network, place);
    members[place]?.push(asset);
    return place;
  });
  return { networkOf: networks, members };
}
