// Edges are rows of typed arrays: 20,000 assets have a quarter of a million of them, and a question is to be answered at once.

import { networkOf } from '../care-map/network-of.ts';
import { exposureTo } from '../model/entry.ts';
import type { RiskAsset } from '../model/risk-asset.ts';
import type { RiskParameters, Vector } from '../model/risk-knowledge.ts';
import type { PathKnowledge } from './path-knowledge.ts';

/** How a step is made. */
export const STEPS = ['enter', 'talk', 'answer', 'administer', 'control', 'join', 'neighbour'] as const;
/**
 * `enter`: from outside; `talk`: over a conversation that the device opens; `answer`: back over one that was opened with it; `administer`: over a
 * way of administration; `control`: of what signs in or runs there; `join`: into its own network, which costs nothing; `neighbour`: to a
 * device of a network.
 */
export type StepKind = (typeof STEPS)[number];

/** One edge before it is packed. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: StepKind;
  /** Probability that the step works on a device that is wide open. */
  readonly reach: number;
  /** Probability that it works whatever the weaknesses. */
  readonly trust: number;
  /** Protocol of a conversation, vector of an entry; else empty. */
  readonly over: string;
}

/** How likely an entry by a vector works, and whether that hangs on weaknesses. */
const ENTRIES: readonly { readonly vector: Vector & keyof PathKnowledge['entry']; readonly needsWeakness: boolean }[] =
  [
    { vector: 'internet', needsWeakness: true },
    { vector: 'user', needsWeakness: false },
    { vector: 'supplier', needsWeakness: true },
  ];

/**
 * Who reaches whom, and how: from outside over what was seen to talk and what is in one network. Nodes are the assets in their
 * order, then the networks, then the outside.
 */
export class AttackGraph {
  readonly assets: readonly RiskAsset[];
  /** In CIDR notation. */
  readonly networks: readonly string[];
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
  readonly reach: Float64Array;
  readonly trust: Float64Array;
  readonly over: readonly string[];
  /** Place in `networks` of each asset; -1 for none. */
  readonly networkOf: Int32Array;

  /** @param bits length of the prefixes that make a network */
  constructor(
    assets: readonly RiskAsset[],
    knowledge: PathKnowledge,
    parameters: RiskParameters,
    bits: { readonly v4: number; readonly v6: number } = { v4: 24, v6: 64 },
  ) {
    this.assets = assets;
    const networks = new Map<string, number>();
    this.networkOf = Int32Array.from(assets, ({ ips }) => {
      const [network] = ips.flatMap((ip) => networkOf(ip, bits) ?? []);
      if (network === undefined) return -1;
      const place = networks.get(network) ?? networks.size;
      networks.set(network, place);
      return place;
    });
    this.networks = [...networks.keys()];
    const edges = sortedBySource(
      [
        ...entryEdges(assets, this.outside, knowledge, parameters),
        ...talkEdges(assets, knowledge, parameters),
        ...this.#networkEdges(knowledge),
      ],
      this.size,
    );
    this.starts = new Int32Array(this.size + 1);
    for (const { from } of edges) this.starts[from + 1] = (this.starts[from + 1] ?? 0) + 1;
    for (let node = 0; node < this.size; node++) {
      this.starts[node + 1] = (this.starts[node + 1] ?? 0) + (this.starts[node] ?? 0);
    }
    this.targets = Int32Array.from(edges, ({ to }) => to);
    this.kinds = Uint8Array.from(edges, ({ kind }) => STEPS.indexOf(kind));
    this.reach = Float64Array.from(edges, ({ reach }) => reach);
    this.trust = Float64Array.from(edges, ({ trust }) => trust);
    this.over = edges.map(({ over }) => over);
  }

  /** Number of nodes. */
  get size(): number {
    return this.outside + 1;
  }

  /** Node that attackers come from. */
  get outside(): number {
    return this.assets.length + this.networks.length;
  }

  /** @returns name of an asset, a network or the outside */
  nameOf(node: number): string {
    if (node === this.outside) return 'outside';
    return this.assets[node]?.name ?? `network ${this.networks[node - this.assets.length] ?? ''}`;
  }

  #networkEdges({ sameNetwork }: PathKnowledge): readonly Edge[] {
    const first = this.assets.length;
    return this.assets.flatMap((_, asset): Edge[] => {
      const network = this.networkOf[asset] ?? -1;
      if (network < 0) return [];
      return [
        { from: asset, to: first + network, kind: 'join', reach: 0, trust: 1, over: '' },
        { from: first + network, to: asset, kind: 'neighbour', reach: sameNetwork, trust: 0, over: '' },
      ];
    });
  }
}

/** Counting sort: there are as many edges as in a large hospital, and few sources each. */
function sortedBySource(edges: readonly Edge[], size: number): readonly Edge[] {
  const next = new Int32Array(size + 1);
  for (const { from } of edges) next[from + 1] = (next[from + 1] as number) + 1;
  for (let node = 0; node < size; node++) next[node + 1] = (next[node + 1] as number) + (next[node] as number);
  const sorted = new Array<Edge>(edges.length);
  for (const edge of edges) {
    const place = next[edge.from] as number;
    sorted[place] = edge;
    next[edge.from] = place + 1;
  }
  return sorted;
}

function entryEdges(
  assets: readonly RiskAsset[],
  outside: number,
  { entry, leastEntry }: PathKnowledge,
  parameters: RiskParameters,
): readonly Edge[] {
  return assets.flatMap((asset, to) =>
    ENTRIES.flatMap(({ vector, needsWeakness }): Edge[] => {
      const probability = entry[vector] * exposureTo(vector, asset, parameters);
      if (probability < leastEntry) return [];
      const [reach, trust] = needsWeakness ? [probability, 0] : [0, probability];
      return [{ from: outside, to, kind: 'enter', reach, trust, over: vector }];
    }),
  );
}

function talkEdges(assets: readonly RiskAsset[], knowledge: PathKnowledge, { reach }: RiskParameters): readonly Edge[] {
  const places = new Map(assets.map(({ id }, place) => [id, place]));
  const administration = new Set(reach.administration.protocols);
  const edges = new Map<number, Edge>();
  const note = (edge: Edge) => {
    const key = (edge.from * assets.length + edge.to) * STEPS.length + STEPS.indexOf(edge.kind);
    const known = edges.get(key);
    if (known === undefined || edge.reach + edge.trust > known.reach + known.trust) edges.set(key, edge);
  };
  const { directories, hosts } = knowledge;
  assets.forEach((asset, place) => {
    for (const { peer, role, protocol: over } of asset.talks) {
      const other = places.get(peer);
      if (other === undefined || other === place) continue;
      const [from, to] = role === 'client' ? [place, other] : [other, place];
      const isAdministration = administration.has(over);
      if (isAdministration) {
        const probability = reach.administration.probability;
        note({ from, to, kind: 'administer', reach: probability, trust: knowledge.administration, over });
      } else note({ from, to, kind: 'talk', reach: reach.talksTo, trust: 0, over });
      note({ from: to, to: from, kind: 'answer', reach: reach.talkedToBy, trust: 0, over });
      const server = assets[to]?.kind ?? '';
      const client = assets[from]?.kind ?? '';
      // Whoever signs in at a directory is in its hands; whoever is backed up or run by a host is in the hands of that.
      if (directories.kinds.includes(server) && directories.protocols.includes(over)) {
        note({ from: to, to: from, kind: 'control', reach: 0, trust: directories.probability, over });
      }
      if (hosts.kinds.includes(client)) {
        note({ from, to, kind: 'control', reach: 0, trust: hosts.probability, over });
      }
    }
  });
  return [...edges.values()];
}
