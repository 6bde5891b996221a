import type { CareMap, Need, NeedGroup } from './care-map.ts';
import { type Effect, effectOf, rankOf } from './effect.ts';

/** What happens to one node while others are gone. */
export interface OutageEffect {
  /** Place in the map. */
  readonly node: number;
  readonly effect: Effect;
  /** The need through which it is hit; null for what was stopped itself. */
  readonly cause: Need | null;
}

/** What happens to a clinical service in one care area. */
export interface CareOutage extends OutageEffect {
  /** Beds without it or with less of it; null where the beds of the area are not known. */
  readonly beds: number | null;
  /** Devices at work there that are hit, and all of them; zero where none is known. */
  readonly devicesHit: number;
  readonly devices: number;
}

/** What stops when something stops. */
export interface Outage {
  /** Clinical services, the gravest effect first. */
  readonly care: readonly CareOutage[];
  /** Assets and networks besides those that were stopped, the gravest effect first. */
  readonly others: readonly OutageEffect[];
  /** Beds of all care areas together that are hit, as far as beds are known. */
  readonly beds: number;
  /** Care areas that are hit and whose beds nobody knows. */
  readonly areasWithoutBeds: readonly string[];
}

const STOPPED = rankOf('stops');
const DEGRADED = rankOf('degrades');

/**
 * Follows the dependencies from what is stopped to the patients. Effects only grow while it follows them and there are three of
 * them, so that it ends on any map, with circles too.
 *
 * @param stopped places of nodes that are gone
 */
export function outageOf(map: CareMap, stopped: readonly number[]): Outage {
  const ranks = new Uint8Array(map.nodes.length);
  const causes = new Map<number, Need>();
  for (const place of stopped) ranks[place] = STOPPED;
  let changed = new Set(stopped);
  while (changed.size > 0) {
    const hit = new Set<number>();
    for (const place of changed) for (const dependent of map.neededBy(place)) hit.add(dependent);
    changed = new Set();
    for (const place of hit) {
      const { rank, cause } = effectOn(map.needs[place] ?? [], ranks);
      if (rank <= (ranks[place] ?? 0)) continue;
      ranks[place] = rank;
      if (cause !== undefined) causes.set(place, cause);
      changed.add(place);
    }
  }
  return summed(map, ranks, causes, new Set(stopped));
}

/** @returns how gravely a node is hit by what its providers are, and through which need most */
function effectOn(groups: readonly NeedGroup[], ranks: Uint8Array): { rank: number; cause: Need | undefined } {
  let rank = 0;
  let cause: Need | undefined;
  for (const group of groups) {
    const of = effectOfGroup(group, ranks);
    if (of.rank > rank) ({ rank, cause } = of);
  }
  return { rank, cause };
}

function effectOfGroup({ mode, needs }: NeedGroup, ranks: Uint8Array): { rank: number; cause: Need | undefined } {
  let most = 0;
  let least = STOPPED;
  let cause: Need | undefined;
  for (const need of needs) {
    const rank = Math.min(ranks[need.provider] ?? 0, rankOf(need.effect));
    least = Math.min(least, rank);
    if (rank > most) {
      most = rank;
      cause = need;
    }
  }
  const rank = mode === 'any' ? most : mode === 'all' ? least : Math.max(least, Math.min(most, DEGRADED));
  return { rank, cause };
}

function summed(
  map: CareMap,
  ranks: Uint8Array,
  causes: ReadonlyMap<number, Need>,
  stopped: ReadonlySet<number>,
): Outage {
  const care: CareOutage[] = [];
  const others: OutageEffect[] = [];
  const beds = new Map<string, number>();
  const unknown = new Set<string>();
  ranks.forEach((rank, node) => {
    const effect = effectOf(rank);
    if (effect === null) return;
    const of = { node, effect, cause: causes.get(node) ?? null };
    const { type, area } = map.at(node);
    if (type !== 'care') {
      if (!stopped.has(node)) others.push(of);
      return;
    }
    const outage = { ...of, ...bedsHit(map, node, ranks, stopped.has(node)) };
    care.push(outage);
    if (outage.beds === null) unknown.add(area);
    else beds.set(area, Math.max(outage.beds, beds.get(area) ?? 0));
  });
  const byGravity = (a: OutageEffect, b: OutageEffect) =>
    rankOf(b.effect) - rankOf(a.effect) || map.at(a.node).name.localeCompare(map.at(b.node).name, 'en');
  return {
    care: care.sort((a, b) => safetyOf(map, a.node) - safetyOf(map, b.node) || byGravity(a, b)),
    others: others.sort(byGravity),
    beds: [...beds.values()].reduce((sum, each) => sum + each, 0),
    areasWithoutBeds: [...unknown].filter((area) => !beds.has(area)).sort(),
  };
}

const GRAVITY = ['life-sustaining', 'therapy', 'diagnosis', 'care-support', 'none'];

function safetyOf(map: CareMap, node: number): number {
  return GRAVITY.indexOf(map.at(node).safety ?? 'none');
}

/** All beds of the area where an application is gone; where devices are, as many as there are devices gone. */
function bedsHit(map: CareMap, node: number, ranks: Uint8Array, isStopped: boolean) {
  const { beds } = map.bedsOf(map.at(node).area);
  const groups = map.needs[node] ?? [];
  const devices = groups.filter(({ isWork }) => isWork === true);
  const rest = groups.filter((group) => !devices.includes(group));
  const isWhole = isStopped || rest.some((group) => effectOfGroup(group, ranks).rank > 0);
  const all = new Set(devices.flatMap(({ needs }) => needs.map(({ provider }) => provider)));
  const hit = [...all].filter((provider) => (ranks[provider] ?? 0) > 0);
  const counts = { devicesHit: hit.length, devices: all.size };
  if (isWhole || all.size === 0) return { ...counts, beds };
  const bedside = hit.filter((provider) => map.isBedside(map.at(provider).kind)).length;
  if (bedside > 0 && bedside === hit.length)
    return { ...counts, beds: beds === null ? bedside : Math.min(beds, bedside) };
  return { ...counts, beds: beds === null ? null : Math.ceil((beds * hit.length) / all.size) };
}

/**
 * @returns how an effect gets from what was stopped to a node: needs from the node down, each of the provider of the one before
 */
export function pathOf(outage: Outage, node: number): readonly Need[] {
  const effects = new Map([...outage.care, ...outage.others].map((each) => [each.node, each]));
  const path: Need[] = [];
  const seen = new Set<number>();
  for (let at: number | undefined = node; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const cause: Need | null | undefined = effects.get(at)?.cause;
    if (cause === null || cause === undefined) break;
    path.push(cause);
    at = cause.provider;
  }
  return path;
}
