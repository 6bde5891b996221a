import { type AttackGraph, STEPS } from './attack-graph.ts';
import { MinimumHeap } from './minimum-heap.ts';

/** What is different from how things are: for asking "what if". Places of assets. */
export interface PathChange {
  /** As if nothing were known against them: weaknesses and faults gone. */
  readonly patched: ReadonlySet<number>;
  /** Not there. */
  readonly off: ReadonlySet<number>;
  /** Nothing gets to them and from them but conversations that were seen and are no ways of administration. */
  readonly parted: ReadonlySet<number>;
  /** Nothing from outside comes in at them. */
  readonly blocked?: ReadonlySet<number>;
}

export const NO_CHANGE: PathChange = { patched: new Set(), off: new Set(), parted: new Set() };

/** One step of a path: the edge in the graph, where it leads from and to, and how likely it works. */
export interface PathStep {
  readonly edge: number;
  readonly from: number;
  readonly to: number;
  readonly probability: number;
}

/** Ways from the outside to everything. */
export interface Paths {
  /** Of each node: probability of the likeliest way; 0 where there is none. */
  readonly probability: Float64Array;
  /** Steps of the likeliest way, first step first; empty where there is none. */
  likeliest(node: number): readonly PathStep[];
  /** Steps of the shortest way. */
  shortest(node: number): readonly PathStep[];
}

/**
 * @param susceptible how likely an attack works on each asset that is reached, 0 to 1
 * @param left the same where weaknesses and faults are gone
 * @param leastStep steps less likely are none
 * @param held assets that somebody has already, with how likely that is: ways begin there, too
 */
export function findPaths(
  graph: AttackGraph,
  susceptible: Float64Array,
  left: number,
  leastStep: number,
  change: PathChange = NO_CHANGE,
  held: ReadonlyMap<number, number> = new Map(),
): Paths {
  const likely = stepProbabilities(graph, susceptible, left, leastStep, change);
  const begun = new Map(
    [...held].flatMap(([place, part]) => (part > 0 && !change.off.has(place) ? [[place, part]] : [])),
  );
  const byCost = search(graph, likely, (edge) => -Math.log(likely[edge] as number), begun);
  // Joining the own network is no step of its own.
  const byCount = search(graph, likely, (edge) => ((likely[edge] as number) === 1 ? 0 : 1));
  const from = sourcesOf(graph);
  const walk = (last: Int32Array, node: number): readonly PathStep[] => {
    const steps: PathStep[] = [];
    for (let at = node; at !== graph.outside && (last[at] as number) >= 0; ) {
      const edge = last[at] as number;
      steps.push({ edge, from: from[edge] as number, to: at, probability: likely[edge] as number });
      at = from[edge] as number;
    }
    return steps.reverse();
  };
  return {
    probability: Float64Array.from(byCost.costs, (cost) => Math.exp(-cost)),
    likeliest: (node) => walk(byCost.last, node),
    shortest: (node) => walk(byCount.last, node),
  };
}

/** @returns how likely each step works; 0 for steps that nobody makes */
export function stepProbabilities(
  graph: AttackGraph,
  susceptible: Float64Array,
  left: number,
  leastStep: number,
  { patched, off, parted, blocked }: PathChange,
): Float64Array {
  const from = sourcesOf(graph);
  const assets = graph.assets.length;
  return Float64Array.from(graph.targets, (to, edge) => {
    const source = from[edge] as number;
    if (off.has(to) || off.has(source)) return 0;
    if (source === graph.outside && blocked?.has(to) === true) return 0;
    if ((parted.has(source) || parted.has(to)) && CUT.has(graph.kinds[edge] as number)) return 0;
    const gives = to < assets ? (patched.has(to) ? left : (susceptible[to] as number)) : 0;
    const trust = graph.trust[edge] as number;
    const probability = 1 - (1 - (graph.reach[edge] as number) * gives) * (1 - trust);
    return probability < leastStep ? 0 : probability;
  });
}

/** Steps that parting takes away. */
const CUT = new Set((['administer', 'join', 'neighbour'] as const).map((kind) => STEPS.indexOf(kind)));

/** Node that each edge leads from. */
export function sourcesOf(graph: AttackGraph): Int32Array {
  const sources = new Int32Array(graph.targets.length);
  for (let node = 0; node < graph.size; node++) {
    sources.fill(node, graph.starts[node] as number, graph.starts[node + 1] as number);
  }
  return sources;
}

/** Dijkstra's algorithm from the outside (E. W. Dijkstra, 1959). @returns cost of each node and the edge that it is reached by */
function search(
  graph: AttackGraph,
  likely: Float64Array,
  costOf: (edge: number) => number,
  begun: ReadonlyMap<number, number> = new Map(),
): { readonly costs: Float64Array; readonly last: Int32Array } {
  const costs = new Float64Array(graph.size).fill(Number.POSITIVE_INFINITY);
  const last = new Int32Array(graph.size).fill(-1);
  const heap = new MinimumHeap();
  costs[graph.outside] = 0;
  heap.push(graph.outside, 0);
  for (const [place, part] of begun) {
    costs[place] = -Math.log(part);
    heap.push(place, costs[place] as number);
  }
  for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
    if (node.key > (costs[node.value] as number)) continue;
    const end = graph.starts[node.value + 1] as number;
    for (let edge = graph.starts[node.value] as number; edge < end; edge++) {
      if ((likely[edge] as number) === 0) continue;
      const to = graph.targets[edge] as number;
      const cost = node.key + costOf(edge);
      if (cost >= (costs[to] as number)) continue;
      costs[to] = cost;
      last[to] = edge;
      heap.push(to, cost);
    }
  }
  return { costs, last };
}
