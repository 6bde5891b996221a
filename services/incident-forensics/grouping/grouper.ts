import { deterministicId } from '@sphinx/schema';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import { actorOf, type Entity, type Role, type Signal, type SignalKind } from '../signals/signal.ts';
import { type Cluster, type ClusterAnalytic, type ClusterEntity, pointsAlone } from './cluster.ts';
import { isWave, LINK_THRESHOLD, linkStrength } from './link.ts';
import type { Contact, Habit, SignalMemory } from './memory.ts';
import { type WeighingParts, type Weight, weigh } from './weigh.ts';

const HOUR_MS = 3_600_000;
/** Repetition says little: at most this much more. */
const MAXIMUM_REPETITION = 1.3;
/** Points from which on an analytic counts for a phase: noise of no weight reaches no phase. */
const PHASE_POINTS = 2;
/** What weighs less links nothing with anything: everybody does it. */
const LIGHT_POINTS = 1;
/** So long a cluster takes what follows, however light it is. */
const FADING_AFTER_HOURS = 6;
/** Entities of a cluster; a scan over a whole network is told by its first ones. */
const MAXIMUM_ENTITIES = 500;
/** Those whom an analytic of a cluster is of. */
const MAXIMUM_ACTORS = 50;
/** What comes within this time comes together. */
const COINCIDENCE_HOURS = 24;

/** Who made an analytic: those of one making err together. */
const MAKING: Readonly<Record<SignalKind, string>> = {
  'network-rule': 'rule',
  'data-protection': 'data protection',
  'log-rule': 'log',
  'log-search': 'log',
  model: 'model',
  anomaly: 'anomaly',
  decoy: 'decoy',
  honeytoken: 'decoy',
  outage: 'outage',
  verdict: 'verdict',
};

export interface GrouperParts extends WeighingParts {
  readonly attack: AttackKnowledge;
  readonly threshold: number;
}

/** Where a signal belongs, and what it makes of that. */
export interface Placement {
  readonly cluster: Cluster;
  readonly isNew: boolean;
  readonly weight: Weight;
  /** To be kept by whoever keeps the memory. */
  readonly habit: Habit;
  readonly contacts: readonly Contact[];
}

/** Puts signals together. The same signals in the same order give the same clusters; time comes with them. */
export class Grouper {
  readonly #parts: GrouperParts;
  readonly #clusters = new Map<string, Cluster>();
  readonly #byEntity = new Map<string, Set<string>>();
  readonly #byAnalytic = new Map<string, Set<string>>();

  constructor(parts: GrouperParts) {
    this.#parts = parts;
  }

  get memory(): SignalMemory {
    return this.#parts.memory;
  }

  /** A cluster that signals may still join. */
  put(cluster: Cluster): void {
    this.remove(cluster.id);
    this.#clusters.set(cluster.id, cluster);
    for (const key of cluster.entities.keys()) addTo(this.#byEntity, key, cluster.id);
    for (const id of cluster.analytics.keys()) addTo(this.#byAnalytic, id, cluster.id);
  }

  /** Nothing joins it any more. */
  remove(id: string): void {
    const known = this.#clusters.get(id);
    if (known === undefined) return;
    this.#clusters.delete(id);
    for (const key of known.entities.keys()) takeFrom(this.#byEntity, key, id);
    for (const analytic of known.analytics.keys()) takeFrom(this.#byAnalytic, analytic, id);
  }

  get(id: string): Cluster | undefined {
    return this.#clusters.get(id);
  }

  place(signal: Signal): Placement {
    const { memory } = this.#parts;
    const weight = weigh(signal, this.#parts);
    const found = this.#find(signal);
    const actor = actorOf(signal)?.key ?? '';
    const isWork = signal.entities.some((each) => each.role === 'actor' && this.#parts.isProfessional(each));
    const { habit, contacts } = memory.remember(
      signal.analytic.id,
      actor,
      isWork ? [] : pairsOf(signal),
      signal.time,
      isWork,
    );
    const isPassenger = isWork || (found !== undefined && isWave(signal, found));
    const cluster = this.#join(found ?? emptyCluster(signal), signal, weight, { isWork, isPassenger });
    this.#keep(cluster, signal);
    return { cluster, isNew: found === undefined, weight, habit, contacts };
  }

  /** Clusters that were silent for too long take nothing any more. */
  sweep(time: number): void {
    const oldest = time - this.#parts.policy.idleHours * HOUR_MS;
    for (const { id, lastSeen } of this.#clusters.values()) if (lastSeen < oldest) this.remove(id);
  }

  /** What is there already is in the indexes already. */
  #keep(cluster: Cluster, signal: Signal): void {
    this.#clusters.set(cluster.id, cluster);
    for (const { key } of signal.entities) if (cluster.entities.has(key)) addTo(this.#byEntity, key, cluster.id);
    addTo(this.#byAnalytic, signal.analytic.id, cluster.id);
  }

  /** @returns the cluster that the signal is most strongly linked with; undefined where none is near */
  #find(signal: Signal): Cluster | undefined {
    const candidates = new Set(signal.entities.flatMap(({ key }) => [...(this.#byEntity.get(key) ?? [])]));
    for (const id of this.#byAnalytic.get(signal.analytic.id) ?? []) candidates.add(id);
    let best: Cluster | undefined;
    let strongest = LINK_THRESHOLD;
    for (const id of candidates) {
      const cluster = this.#clusters.get(id);
      if (cluster === undefined) continue;
      if (this.#isOver(cluster, signal.time)) {
        this.remove(id);
        continue;
      }
      const strength = linkStrength(signal, cluster, this.#parts);
      const isBetter = strength > strongest || (strength === strongest && (best?.score ?? -1) < cluster.score);
      if (!isBetter) continue;
      best = cluster;
      strongest = strength;
    }
    return best;
  }

  /** Silent for too long; or nobody was asked about it, and it has faded to nothing. */
  #isOver({ lastSeen, score, highestScore }: Cluster, time: number): boolean {
    const { policy, threshold } = this.#parts;
    const silentHours = (time - lastSeen) / HOUR_MS;
    if (silentHours > policy.idleHours) return true;
    if (silentHours < FADING_AFTER_HOURS || highestScore >= threshold) return false;
    return score * 0.5 ** (silentHours / policy.halfLifeHours) < policy.fadedPoints;
  }

  #join(
    cluster: Cluster,
    signal: Signal,
    weight: Weight,
    { isWork, isPassenger }: { readonly isWork: boolean; readonly isPassenger: boolean },
  ): Cluster {
    const analytics = new Map(cluster.analytics);
    analytics.set(signal.analytic.id, addSignal(analytics.get(signal.analytic.id), signal, weight));
    const entities = new Map(cluster.entities);
    const isLight = pointsAlone(weight) < LIGHT_POINTS;
    const own = actorOf(signal)?.key;
    for (const entity of signal.entities) {
      if (entities.size >= MAXIMUM_ENTITIES && !entities.has(entity.key)) continue;
      const isCarried = entity.key === own ? isPassenger && !isWork : isPassenger || isLight;
      entities.set(entity.key, addEntity(entities.get(entity.key), entity, signal.time, isCarried));
    }
    const lastSeen = Math.max(cluster.lastSeen, signal.endTime);
    const scores = this.#score(analytics, lastSeen);
    const { source } = signal;
    return {
      ...cluster,
      ...scores,
      entities,
      analytics,
      signals: cluster.signals + signal.count,
      firstSeen: Math.min(cluster.firstSeen, signal.time),
      lastSeen,
      highestScore: Math.max(cluster.highestScore, scores.score),
      highestPlainScore: Math.max(cluster.highestPlainScore, scores.plainScore),
      sources: source === '' || cluster.sources.includes(source) ? cluster.sources : [...cluster.sources, source],
      isSample: cluster.isSample && signal.isSample,
    };
  }

  #score(analytics: ReadonlyMap<string, ClusterAnalytic>, time: number) {
    const { policy, attack } = this.#parts;
    const phases = new Set<string>();
    const kinds = new Set<string>();
    let sum = 0;
    let plainSum = 0;
    const together = coincidences(analytics, time);
    for (const { points, plainPoints, rareness, actors, weighedAt, count, stages, kind } of analytics.values()) {
      const fading = 0.5 ** (Math.max(0, time - weighedAt) / HOUR_MS / policy.halfLifeHours);
      const repetition = Math.min(MAXIMUM_REPETITION, 1 + Math.log2(Math.max(1, count)) / 20);
      const most = Math.max(1, ...actors.map((actor) => together.get(actor) ?? 1));
      const discount = rareness ** (policy.coincidence[Math.min(most, policy.coincidence.length - 1)] ?? 1);
      sum += points * discount * fading * repetition;
      plainSum += plainPoints * discount * fading * repetition;
      if (points * discount < PHASE_POINTS) continue;
      kinds.add(MAKING[kind]);
      for (const stage of stages) phases.add(attack.phaseOf(stage) ?? stage);
    }
    const byPhases = policy.phases[Math.min(phases.size, policy.phases.length - 1)] ?? 1;
    const byKinds = policy.corroboration[Math.min(kinds.size, policy.corroboration.length - 1)] ?? 1;
    const factor = byPhases * byKinds;
    return { score: sum * factor, plainScore: plainSum * factor };
  }
}

/** @returns how many different analytics each one had of late */
function coincidences(analytics: ReadonlyMap<string, ClusterAnalytic>, time: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { actors, weighedAt } of analytics.values()) {
    if (time - weighedAt > COINCIDENCE_HOURS * HOUR_MS) continue;
    for (const actor of actors) counts.set(actor, (counts.get(actor) ?? 0) + 1);
  }
  return counts;
}

/** Who had to do with whom. An account is shared by the machines that it is used on, as an archive is by those who use it. */
function pairsOf({ entities }: Signal): readonly (readonly [target: string, actor: string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (const one of entities) {
    for (const other of entities) {
      if (one.key === other.key || other.type === 'file' || one.type === 'file') continue;
      if (one.type === 'user' || one.role !== 'actor') pairs.push([one.key, other.key]);
    }
  }
  return pairs;
}

function emptyCluster({ id, time, endTime }: Signal): Cluster {
  return {
    id: deterministicId('inc', id),
    entities: new Map(),
    analytics: new Map(),
    signals: 0,
    firstSeen: time,
    lastSeen: endTime,
    score: 0,
    plainScore: 0,
    highestScore: 0,
    highestPlainScore: 0,
    sources: [],
    isSample: true,
  };
}

/** The weightiest signal stands for all of its analytic. */
function addSignal(known: ClusterAnalytic | undefined, signal: Signal, weight: Weight): ClusterAnalytic {
  const { analytic, kind, severity, time, endTime, count, stages, techniques } = signal;
  const actor = actorOf(signal)?.key ?? '';
  if (known === undefined) {
    const { id, title } = analytic;
    const times = { weighedAt: time, firstSeen: time, lastSeen: endTime };
    return { id, title, kind, severity, count, ...weight, actors: [actor], ...times, stages, techniques };
  }
  const isWeightier = pointsAlone(weight) >= pointsAlone(known);
  return {
    ...known,
    ...(isWeightier ? { ...weight, severity, weighedAt: time } : {}),
    actors: known.actors.includes(actor) ? known.actors : [...known.actors, actor].slice(0, MAXIMUM_ACTORS),
    plainPoints: Math.max(known.plainPoints, weight.plainPoints),
    count: known.count + count,
    firstSeen: Math.min(known.firstSeen, time),
    lastSeen: Math.max(known.lastSeen, endTime),
    stages: [...new Set([...known.stages, ...stages])],
    techniques: [...new Set([...known.techniques, ...techniques])],
  };
}

function addEntity(
  known: ClusterEntity | undefined,
  entity: Entity,
  time: number,
  isPassenger: boolean,
): ClusterEntity {
  if (known === undefined) return { ...entity, roles: [entity.role], lastSeen: time, isPassenger };
  const roles: readonly Role[] = known.roles.includes(entity.role) ? known.roles : [...known.roles, entity.role];
  return { ...known, roles, lastSeen: Math.max(known.lastSeen, time), isPassenger: known.isPassenger && isPassenger };
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key) ?? new Set();
  index.set(key, ids.add(id));
}

function takeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
