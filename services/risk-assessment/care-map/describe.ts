import {
  type CareEdit,
  type CareMap,
  type CareOutage,
  type Effect,
  type Need,
  type NeedGroup,
  type Outage,
  type OutageEffect,
  outageOf,
  pathOf,
  rankOf,
} from '@sphinx/risk';
import type {
  CareItem,
  CareNodeDetail,
  CareNodeItem,
  CriticalItem,
  NeedItem,
  OutageReport,
} from '../routes/care-shapes.ts';

/** A name server has more dependents than a page shows. */
const MOST_TOLD = 200;
const MOST_NAMED = 3;
const EFFECT_WORDS: Readonly<Record<Effect, string>> = { slows: 'slowed', degrades: 'degraded', stops: 'stopped' };
const AREA_UNKNOWN = 'no care area stated';

export function nodeItem(map: CareMap, place: number): CareNodeItem {
  return { ...map.at(place) };
}

/** @returns a clinical service in a care area. @param place of a node of type `care` */
export function careItem(map: CareMap, place: number): CareItem {
  const node = map.at(place);
  const groups = map.needs[place] ?? [];
  const { beds, origin } = map.bedsOf(node.area);
  const service = map.services.get(node.kind);
  const devices = groups.filter(({ isWork }) => isWork === true).flatMap(({ needs }) => needs);
  const applications = groups.filter(({ isWork }) => isWork !== true).flatMap(({ needs }) => needs);
  const names = applications
    .filter(({ origin: of }) => of !== 'knowledge')
    .map(({ provider }) => map.at(provider).name);
  return {
    ...node,
    service: node.kind,
    title: service?.title ?? node.kind,
    description: service?.description ?? '',
    beds,
    bedsOrigin: origin,
    devices: devices.length,
    applications: [...new Set(names)].sort(),
  };
}

export function nodeDetail(map: CareMap, place: number): CareNodeDetail {
  const needs = (map.needs[place] ?? []).flatMap((group) =>
    group.needs.map((need) => needItem(map, place, group, need, need.provider)),
  );
  const dependents = map.neededBy(place);
  const neededBy = dependents.flatMap((dependent) =>
    (map.needs[dependent] ?? []).flatMap((group) =>
      group.needs
        .filter(({ provider }) => provider === place)
        .map((need) => needItem(map, dependent, group, need, dependent)),
    ),
  );
  const { type, area } = map.at(place);
  return {
    node: nodeItem(map, place),
    beds: type === 'care' ? map.bedsOf(area).beds : null,
    needs: byGravity(needs).slice(0, MOST_TOLD),
    needsTotal: needs.length,
    neededBy: byGravity(neededBy).slice(0, MOST_TOLD),
    neededByTotal: neededBy.length,
  };
}

function needItem(map: CareMap, dependent: number, group: NeedGroup, need: Need, other: number): NeedItem {
  const { effect, because, origin, rule, lastSeen } = need;
  const text = sentenceOf(map, dependent, need);
  return { other: nodeItem(map, other), effect, mode: group.mode, text, because, origin, rule, lastSeen };
}

function byGravity(needs: readonly NeedItem[]): NeedItem[] {
  return needs.toSorted(
    (a, b) => rankOf(b.effect) - rankOf(a.effect) || a.other.name.localeCompare(b.other.name, 'en'),
  );
}

/** "ct-1 stores images at pacs" */
export function sentenceOf(map: CareMap, dependent: number, { title, provider }: Need): string {
  return `${map.at(dependent).name} ${title} ${map.at(provider).name}`;
}

/** @param stopped places of what is gone */
export function outageReport(map: CareMap, stopped: readonly number[]): OutageReport {
  const outage = outageOf(map, stopped);
  const told = (each: OutageEffect) => ({
    node: nodeItem(map, each.node),
    effect: each.effect,
    path: pathWords(map, outage, each.node),
  });
  return {
    stopped: stopped.map((place) => nodeItem(map, place)),
    summary: outageWords(map, outage),
    care: outage.care.map((each) => ({
      ...told(each),
      beds: each.beds,
      devicesHit: each.devicesHit,
      devices: each.devices,
    })),
    others: outage.others.slice(0, MOST_TOLD).map(told),
    othersTotal: outage.others.length,
    beds: outage.beds,
    areasWithoutBeds: outage.areasWithoutBeds.map(areaWords),
  };
}

function pathWords(map: CareMap, outage: Outage, node: number): string[] {
  const path = pathOf(outage, node);
  return path.map((need, index) => {
    const dependent = index === 0 ? node : (path[index - 1]?.provider ?? node);
    return `${sentenceOf(map, dependent, need)}: ${need.because}`;
  });
}

function outageWords(map: CareMap, { care, beds, areasWithoutBeds, others }: Outage): string {
  if (care.length === 0) {
    return others.length === 0
      ? 'Nothing that is known needs it.'
      : `No clinical service is hit; ${counted(others.length, 'other device or network', 'other devices or networks')} are.`;
  }
  const named = care.slice(0, MOST_NAMED).map((each) => careWords(map, each));
  const more = care.length > named.length ? `; and ${care.length - named.length} more` : '';
  const unknown =
    areasWithoutBeds.length === 0
      ? ''
      : ` Beds of ${counted(areasWithoutBeds.length, 'care area', 'care areas')} are not known: state them in the care map.`;
  return `${named.join('; ')}${more}. ${counted(beds, 'bed', 'beds')} in all.${unknown}`;
}

/** "Patient monitoring, ICU 2 is degraded for 12 beds" */
export function careWords(map: CareMap, { node, effect, beds }: CareOutage): string {
  const forBeds = beds === null ? '' : ` for ${counted(beds, 'bed', 'beds')}`;
  return `${map.at(node).name} is ${EFFECT_WORDS[effect]}${forBeds}`;
}

export function areaWords(area: string): string {
  return area === '' ? AREA_UNKNOWN : area;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** More candidates than a person looks at; those that most others need directly. */
const MOST_CANDIDATES = 300;

/** What most of care depends on, the gravest first: every application and network alone, what stops with it. */
export function criticalNodes(map: CareMap): readonly CriticalItem[] {
  const candidates = map.nodes
    .flatMap(({ type, layer }, place) => (type !== 'care' && layer !== 'device' ? [place] : []))
    .filter((place) => map.neededBy(place).length > 0)
    .toSorted((a, b) => map.neededBy(b).length - map.neededBy(a).length)
    .slice(0, MOST_CANDIDATES);
  const items = candidates.flatMap((place): CriticalItem[] => {
    const { care, beds } = outageOf(map, [place]);
    if (care.length === 0) return [];
    const stops = care.filter(({ effect }) => effect === 'stops').length;
    const lifeSustaining = care.filter(({ node }) => map.at(node).safety === 'life-sustaining').length;
    const hit = care.slice(0, MOST_NAMED).map((each) => careWords(map, each));
    return [{ ...nodeItem(map, place), beds, services: care.length, stops, lifeSustaining, hit }];
  });
  return items.toSorted(
    (a, b) => b.stops - a.stops || b.lifeSustaining - a.lifeSustaining || b.beds - a.beds || b.services - a.services,
  );
}

/** @returns an edit in words, with names in place of ids where they are known */
export function editWords(map: CareMap, edit: CareEdit): string {
  const nameOf = (id: string) => {
    const place = map.placeOf(id);
    return place === undefined ? id : map.at(place).name;
  };
  switch (edit.kind) {
    case 'dependency': {
      const others = edit.isAlternative ? ', others that are stated so stand in for it' : '';
      return `${nameOf(edit.dependent)} needs ${nameOf(edit.provider)}: without it, it is ${EFFECT_WORDS[edit.effect]}${others}`;
    }
    case 'no-dependency':
      return `${nameOf(edit.dependent)} does not need ${nameOf(edit.provider)}`;
    case 'beds':
      return edit.beds === null
        ? `The beds of ${areaWords(edit.area)} are not stated any more`
        : `${areaWords(edit.area)} has ${counted(edit.beds, 'bed', 'beds')}`;
    case 'service':
      return `There is a clinical service "${edit.title}"`;
    case 'member': {
      const service = map.services.get(edit.service)?.title ?? edit.service;
      const role =
        edit.effect === null ? 'does the work of' : `is needed (without it, it is ${EFFECT_WORDS[edit.effect]}) by`;
      return `${nameOf(edit.asset)} ${role} ${service}, ${areaWords(edit.area)}`;
    }
    default:
      return edit satisfies never;
  }
}
