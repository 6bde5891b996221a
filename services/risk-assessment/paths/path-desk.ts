import {
  AttackGraph,
  type ChokePoint,
  chokePoints,
  findPaths,
  NO_CHANGE,
  type PathChange,
  type PathKnowledge,
  type Paths,
  type RiskState,
  stepProbabilities,
  susceptibilityTo,
  UNKNOWN_SUSCEPTIBILITY,
} from '@sphinx/risk';
import type { RiskDesk } from '../risk/risk-desk.ts';

/** Attacks that go from device to device are this threat. */
const THREAT = 'intrusion';

/** What attackers want: the target group that an asset is in. */
export interface PathTarget {
  readonly place: number;
  readonly group: PathKnowledge['targets'][number];
}

/** The ways as they were when it was asked: what changes meanwhile does not mix places of two hospitals. */
export interface PathQuestion {
  readonly graph: AttackGraph;
  readonly targets: readonly PathTarget[];
  ask(change: PathChange): Paths;
  /** Something is known against it that could be patched. */
  isWeak(place: number): boolean;
  /** Somebody from outside gets at it directly. */
  isEntered(place: number): boolean;
}

/** Ways of attackers as they are now, and as they would be. */
export class PathDesk {
  readonly #risk: RiskDesk;
  readonly #knowledge: PathKnowledge;
  readonly #bits: { readonly v4: number; readonly v6: number };
  #graph:
    | { readonly state: RiskState; readonly graph: AttackGraph; readonly targets: readonly PathTarget[] }
    | undefined;
  #now: { readonly revision: number; readonly graph: AttackGraph; readonly paths: Paths } | undefined;

  constructor(parts: {
    readonly risk: RiskDesk;
    readonly knowledge: PathKnowledge;
    readonly bits: { readonly v4: number; readonly v6: number };
  }) {
    this.#risk = parts.risk;
    this.#knowledge = parts.knowledge;
    this.#bits = parts.bits;
  }

  get knowledge(): PathKnowledge {
    return this.#knowledge;
  }

  get graph(): AttackGraph {
    return this.#made().graph;
  }

  /** Everything that attackers want, in the order of the groups. */
  get targets(): readonly PathTarget[] {
    return this.#made().targets;
  }

  /** Ways as they are. */
  paths(): Paths {
    const { graph } = this.#made();
    const { revision } = this.#risk;
    if (this.#now?.graph !== graph || this.#now.revision !== revision) {
      this.#now = { revision, graph, paths: this.pathsAfter(NO_CHANGE) };
    }
    return this.#now.paths;
  }

  /** Ways as they would be. */
  pathsAfter(change: PathChange): Paths {
    const { graph, susceptible, left } = this.#inputs();
    return findPaths(graph, susceptible, left, this.#knowledge.leastStep, change);
  }

  /** @param held assets that somebody has already, with how likely that is */
  question(held?: ReadonlyMap<number, number>): PathQuestion {
    const { targets } = this.#made();
    const { graph, susceptible, left } = this.#inputs();
    const { leastStep } = this.#knowledge;
    const entered = new Set<number>();
    const end = graph.starts[graph.outside + 1] as number;
    for (let edge = graph.starts[graph.outside] as number; edge < end; edge++)
      entered.add(graph.targets[edge] as number);
    return {
      graph,
      targets,
      ask: (change) => findPaths(graph, susceptible, left, leastStep, change, held),
      isWeak: (place) => (susceptible[place] ?? 0) > left,
      isEntered: (place) => entered.has(place),
    };
  }

  chokePoints(): readonly ChokePoint[] {
    const { graph, susceptible, left } = this.#inputs();
    const likely = stepProbabilities(graph, susceptible, left, this.#knowledge.leastStep, NO_CHANGE);
    return chokePoints(
      graph,
      likely,
      this.targets.map(({ place }) => place),
    );
  }

  #made(): { readonly graph: AttackGraph; readonly targets: readonly PathTarget[] } {
    const state = this.#risk.state();
    if (this.#graph?.state === state) return this.#graph;
    const { parameters } = state.knowledge;
    const graph = new AttackGraph(state.assets, this.#knowledge, parameters, this.#bits);
    const targets = this.#knowledge.targets.flatMap((group) =>
      state.assets.flatMap(({ kind, safety }, place) =>
        group.kinds.includes(kind) || (safety !== null && group.safety.includes(safety)) ? [{ place, group }] : [],
      ),
    );
    this.#graph = { state, graph, targets };
    return this.#graph;
  }

  #inputs(): { readonly graph: AttackGraph; readonly susceptible: Float64Array; readonly left: number } {
    const { graph } = this.#made();
    const { compromise, knowledge } = this.#risk.state();
    const threat = knowledge.threats.findIndex(({ id }) => id === THREAT);
    const of = knowledge.threats[threat];
    const susceptible = Float64Array.from(graph.assets.keys(), (place) => compromise.susceptibility(place, threat));
    return { graph, susceptible, left: of === undefined ? 0 : susceptibilityTo(of, UNKNOWN_SUSCEPTIBILITY) };
  }
}
