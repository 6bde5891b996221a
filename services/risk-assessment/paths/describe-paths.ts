import {
  type AttackGraph,
  outageOf,
  type PathChange,
  type PathStep,
  type Paths,
  STEPS,
  type StepKind,
} from '@sphinx/risk';
import { careWords } from '../care-map/describe.ts';
import { percent } from '../risk/explain.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';
import type { ChokePointItem, PathItem, StepItem, WhatIfReport } from '../routes/path-shapes.ts';
import type { PathDesk, PathTarget } from './path-desk.ts';

/** A target is within reach where the likeliest way to it works at least so often. */
const WITHIN_REACH = 0.0001;
const MOST_CHOKES = 100;
const MOST_NAMED = 3;
const ENTRY_WORDS: Readonly<Record<string, string>> = {
  internet: 'comes in from the internet at',
  user: 'comes in by a mail or a page that somebody opens on',
  supplier: 'comes in over the connection of a supplier at',
};

/** Ways to everything that attackers want, the likeliest and most wanted first. */
export function pathItems(desk: PathDesk): readonly PathItem[] {
  const paths = desk.paths();
  return desk.targets
    .filter(({ place }) => (paths.probability[place] ?? 0) > 0)
    .toSorted((a, b) => wanted(paths, b) - wanted(paths, a) || a.place - b.place)
    .map((target) => pathItem(desk, paths, target));
}

function wanted(paths: Paths, { place, group }: PathTarget): number {
  return (paths.probability[place] ?? 0) * group.weight;
}

function pathItem(desk: PathDesk, paths: Paths, { place, group }: PathTarget): PathItem {
  const { graph } = desk;
  const asset = graph.assets[place];
  if (asset === undefined) throw new RangeError(`there is no asset ${place}`);
  const { id, name, kind, careArea, safety, isSample } = asset;
  return {
    ...{ id, name, kind, careArea, safety, isSample },
    group: group.id,
    groupTitle: group.title,
    probability: paths.probability[place] ?? 0,
    steps: stepItems(graph, paths.likeliest(place)),
    shortest: stepItems(graph, paths.shortest(place)).length,
  };
}

/** Joining the own network and reaching a neighbour in it are one step for a person. */
function stepItems(graph: AttackGraph, steps: readonly PathStep[]): StepItem[] {
  const items: StepItem[] = [];
  let from = graph.outside;
  for (const step of steps) {
    if (kindOf(graph, step.edge) === 'join') continue;
    items.push({
      from: from === graph.outside ? null : assetOf(graph, from),
      to: assetOf(graph, step.to),
      text: stepWords(graph, step, from),
      probability: step.probability,
    });
    from = step.to;
  }
  return items;
}

function kindOf(graph: AttackGraph, edge: number): StepKind {
  return STEPS[graph.kinds[edge] ?? 0] ?? 'talk';
}

function assetOf(graph: AttackGraph, place: number): { id: string; name: string } {
  return { id: graph.assets[place]?.id ?? '', name: graph.nameOf(place) };
}

function stepWords(graph: AttackGraph, { edge, to, probability }: PathStep, from: number): string {
  const [source, target] = [graph.nameOf(from), graph.nameOf(to)];
  const over = graph.over[edge] ?? '';
  const works = `works in ${percent(probability)} of tries`;
  switch (kindOf(graph, edge)) {
    case 'enter':
      return `It ${ENTRY_WORDS[over] ?? 'comes in at'} ${target}; ${works}.`;
    case 'talk':
      return `From ${source} it attacks ${target} over ${over}, which ${source} uses anyway; ${works}.`;
    case 'answer':
      return `From ${source} it attacks ${target} with what that fetches over ${over}; ${works}.`;
    case 'administer':
      return `From ${source} it signs in at ${target} over ${over} with what it finds, or uses a weakness; ${works}.`;
    case 'control':
      return `Whoever has ${source} has ${target}, which signs in there or is kept by it; ${works}.`;
    case 'join':
    case 'neighbour':
      return `From ${source} it attacks ${target} in the same network; ${works}.`;
  }
}

/** What many ways lead through, the weightiest first. */
export function chokePointItems(desk: PathDesk): readonly ChokePointItem[] {
  const { graph } = desk;
  const paths = desk.paths();
  const groups = new Map(desk.targets.map(({ place, group }) => [place, group]));
  const guards = new Map(desk.chokePoints().map(({ node, guards: of }) => [node, of]));
  const likeliest = new Map<number, number>();
  for (const target of groups.keys()) {
    for (const { to } of paths.likeliest(target)) if (to !== target) likeliest.set(to, (likeliest.get(to) ?? 0) + 1);
  }
  const weight = (node: number) =>
    (guards.get(node) ?? []).reduce((sum, target) => sum + (groups.get(target)?.weight ?? 0), 0);
  return [...new Set([...guards.keys(), ...likeliest.keys()])]
    .toSorted((a, b) => weight(b) - weight(a) || (likeliest.get(b) ?? 0) - (likeliest.get(a) ?? 0) || a - b)
    .slice(0, MOST_CHOKES)
    .map((node) => {
      const of = guards.get(node) ?? [];
      const titles = Map.groupBy(of, (target) => groups.get(target)?.title ?? '');
      const named = [...titles].map(([title, targets]) => `${title}: ${targets.length}`);
      const asset = graph.assets[node];
      return {
        id: asset?.id ?? `net:${graph.networks[node - graph.assets.length] ?? ''}`,
        name: graph.nameOf(node),
        isAsset: asset !== undefined,
        guards: of.length,
        likeliest: likeliest.get(node) ?? 0,
        guarded: named,
      };
    });
}

/** What a change would leave of the ways of attackers, and what it would cost care. */
export function whatIfReport(desk: PathDesk, risk: RiskDesk, change: PathChange): WhatIfReport {
  const [before, after] = [desk.paths(), desk.pathsAfter(change)];
  const groups = desk.knowledge.targets.flatMap((group) => {
    const places = desk.targets.filter((target) => target.group.id === group.id).map(({ place }) => place);
    if (places.length === 0) return [];
    return [
      {
        id: group.id,
        title: group.title,
        targets: places.length,
        before: reachOf(before, places),
        after: reachOf(after, places),
      },
    ];
  });
  const spared = groups.reduce((sum, each) => sum + each.before.withinReach - each.after.withinReach, 0);
  const [worst] = groups.toSorted((a, b) => b.after.likeliest - a.after.likeliest);
  const left =
    worst === undefined
      ? ''
      : ` The likeliest way that is left goes to ${worst.title.toLowerCase()} (${percent(worst.after.likeliest)}).`;
  return { text: `${sparedWords(spared)}${left}`, groups, care: careCost(risk, change) };
}

function reachOf(paths: Paths, places: readonly number[]): { withinReach: number; likeliest: number } {
  const probabilities = places.map((place) => paths.probability[place] ?? 0);
  return {
    withinReach: probabilities.filter((probability) => probability >= WITHIN_REACH).length,
    likeliest: probabilities.reduce((most, probability) => Math.max(most, probability), 0),
  };
}

function sparedWords(spared: number): string {
  if (spared === 0) return 'As many targets are within reach as before.';
  return `${spared.toLocaleString('en')} fewer ${spared === 1 ? 'target is' : 'targets are'} within reach.`;
}

/** Switching off costs what stops without it; the rest costs nothing that the map knows. */
function careCost(risk: RiskDesk, { off }: PathChange): string {
  if (off.size === 0) return 'Nothing is switched off: no clinical service is hit by it, as far as the care map knows.';
  const { map } = risk.state();
  const { care } = outageOf(map, [...off]);
  if (care.length === 0) return 'No clinical service is known to need what is switched off.';
  const named = care.slice(0, MOST_NAMED).map((each) => careWords(map, each));
  return `${named.join('; ')}${care.length > named.length ? `; and ${care.length - named.length} more` : ''}.`;
}
