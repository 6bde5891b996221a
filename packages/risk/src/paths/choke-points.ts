import type { AttackGraph } from './attack-graph.ts';

/** A node that many ways lead through. */
export interface ChokePoint {
  readonly node: number;
  /** Targets that nobody gets to without it. */
  readonly guards: readonly number[];
}

/**
 * Nodes that every way to some targets leads through: the dominators of the targets (Cooper, Harvey, Kennedy: A simple, fast dominance
 * algorithm, 2001).
 *
 * @param likely how likely each step works; steps with 0 are none
 * @returns those that guard most targets first; a target does not guard itself
 */
export function chokePoints(
  graph: AttackGraph,
  likely: Float64Array,
  targets: readonly number[],
): readonly ChokePoint[] {
  const order = reversePostorder(graph, likely);
  const rank = new Int32Array(graph.size).fill(-1);
  order.forEach((node, index) => {
    rank[node] = index;
  });
  const dominator = dominatorsOf(graph, likely, order, rank);
  const guards = new Map<number, number[]>();
  for (const target of targets) {
    if ((rank[target] as number) < 0) continue;
    for (
      let node = dominator[target] as number;
      node >= 0 && node !== graph.outside;
      node = dominator[node] as number
    ) {
      const of = guards.get(node) ?? [];
      of.push(target);
      guards.set(node, of);
    }
  }
  return [...guards]
    .map(([node, of]) => ({ node, guards: of }))
    .sort((a, b) => b.guards.length - a.guards.length || a.node - b.node);
}

/** Nodes that are reached, each before those that it leads to, as far as there are no circles. */
function reversePostorder(graph: AttackGraph, likely: Float64Array): readonly number[] {
  const isSeen = new Uint8Array(graph.size);
  const next = Int32Array.from(graph.starts);
  const post: number[] = [];
  const stack = [graph.outside];
  isSeen[graph.outside] = 1;
  while (stack.length > 0) {
    const node = stack.at(-1) as number;
    const end = graph.starts[node + 1] as number;
    let edge = next[node] as number;
    while (edge < end && ((likely[edge] as number) === 0 || isSeen[graph.targets[edge] as number] === 1)) edge += 1;
    next[node] = edge + 1;
    if (edge >= end) {
      post.push(node);
      stack.pop();
    } else {
      const to = graph.targets[edge] as number;
      isSeen[to] = 1;
      stack.push(to);
    }
  }
  return post.reverse();
}

function dominatorsOf(
  graph: AttackGraph,
  likely: Float64Array,
  order: readonly number[],
  rank: Int32Array,
): Int32Array {
  const before = predecessors(graph, likely, rank);
  const dominator = new Int32Array(graph.size).fill(-1);
  dominator[graph.outside] = graph.outside;
  const meet = (first: number, second: number) => {
    let [a, b] = [first, second];
    while (a !== b) {
      while ((rank[a] as number) > (rank[b] as number)) a = dominator[a] as number;
      while ((rank[b] as number) > (rank[a] as number)) b = dominator[b] as number;
    }
    return a;
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const node of order) {
      if (node === graph.outside) continue;
      let best = -1;
      for (const each of before[node] ?? []) {
        if ((dominator[each] as number) < 0) continue;
        best = best < 0 ? each : meet(each, best);
      }
      if (best === dominator[node]) continue;
      dominator[node] = best;
      isChanged = true;
    }
  }
  dominator[graph.outside] = -1;
  return dominator;
}

function predecessors(graph: AttackGraph, likely: Float64Array, rank: Int32Array): readonly number[][] {
  const before: number[][] = Array.from({ length: graph.size }, () => []);
  for (let node = 0; node < graph.size; node++) {
    if ((rank[node] as number) < 0) continue;
    const end = graph.starts[node + 1] as number;
    for (let edge = graph.starts[node] as number; edge < end; edge++) {
      if ((likely[edge] as number) > 0) before[graph.targets[edge] as number]?.push(node);
    }
  }
  return before;
}
