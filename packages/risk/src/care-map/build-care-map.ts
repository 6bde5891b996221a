import type { CareAsset } from './care-asset.ts';
import type { CareStatements, StatedDependency } from './care-edit.ts';
import type { CareKnowledge, ClinicalService } from './care-knowledge.ts';
import { type AreaBeds, CareMap, type CareNode, careNodeId, type Need, type NeedGroup } from './care-map.ts';
import { findCareServices } from './care-services.ts';
import { DependencyRules } from './dependency-rules.ts';
import { type Effect, effectOf, rankOf } from './effect.ts';
import { networkOf } from './network-of.ts';

/** Sizes of the networks that an address is taken to be in. */
export interface NetworkBits {
  readonly v4: number;
  readonly v6: number;
}

/**
 * Learns who needs whom from what assets are, where, and whom they talk to, and puts over it what people stated.
 *
 * @param statements what people said, see `foldEdits`
 */
export function buildCareMap(
  assets: readonly CareAsset[],
  knowledge: CareKnowledge,
  statements: CareStatements,
  bits: NetworkBits = { v4: 24, v6: 64 },
): CareMap {
  const { dependencies } = knowledge;
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const services = allServices(knowledge.services.services, statements);
  const nodes: CareNode[] = assets.map((asset) => assetNode(asset, knowledge));
  const places = new Map(nodes.map(({ id }, place) => [id, place]));
  const needs: NeedGroup[][] = assets.map(() => []);
  const add = (node: CareNode, groups: NeedGroup[]): number => {
    places.set(node.id, nodes.length);
    needs.push(groups);
    return nodes.push(node) - 1;
  };

  const rules = new DependencyRules(dependencies.rules);
  const networks = new Map<string, string[]>();
  for (const asset of assets) {
    for (const network of new Set(asset.ips.flatMap((ip) => networkOf(ip, bits) ?? []))) {
      const members = networks.get(network) ?? [];
      members.push(asset.id);
      networks.set(network, members);
    }
  }
  for (const [network, members] of networks) {
    const gateways = members.filter((id) => dependencies.gatewayKinds.includes(byId.get(id)?.kind ?? ''));
    add(
      networkNode(network),
      grouped(
        'all',
        gateways.map((id) => ({
          provider: places.get(id) ?? 0,
          effect: 'degrades',
          rule: 'gateway',
          title: 'is left through',
          because: 'nothing gets into it or out of it, neighbours still reach each other',
          origin: 'address',
          lastSeen: null,
        })),
      ),
    );
  }
  assets.forEach((asset, place) => {
    const alone = withoutNetwork(asset.kind, dependencies);
    needs[place] = learnNeeds(asset, byId, places, rules, alone.effect);
    // A gateway is what the network needs, not the other way round.
    if (dependencies.networkKinds.includes(asset.kind)) return;
    const own = [...new Set(asset.ips.flatMap((ip) => networkOf(ip, bits) ?? []))];
    needs[place].push(
      ...grouped(
        'all',
        own.map((network) => ({
          provider: places.get(networkId(network)) ?? 0,
          effect: alone.effect,
          rule: 'network',
          title: 'is reached over',
          because: alone.because,
          origin: 'address',
          lastSeen: null,
        })),
      ),
    );
  });
  for (const { service, area, groups, isSample } of findCareServices(assets, services, knowledge, statements, places)) {
    add(careNode(service, area, isSample), [...groups]);
  }
  for (const [dependent, stated] of statements.dependencies) {
    const place = places.get(dependent);
    if (place !== undefined) needs[place] = withStated(needs[place] ?? [], stated, places);
  }
  return new CareMap({
    nodes,
    needs,
    services,
    beds: bedsOfAreas(assets, nodes, knowledge, statements),
    bedsideKinds: knowledge.services.bedsideKinds,
  });
}

function allServices(
  known: readonly ClinicalService[],
  { services }: CareStatements,
): ReadonlyMap<string, ClinicalService> {
  const all = new Map(known.map((service) => [service.id, service]));
  for (const { service: id, title, description, safety } of services.values()) {
    const { devices = [], applications = [] } = all.get(id) ?? {};
    all.set(id, { id, title, description, safety, devices, applications });
  }
  return all;
}

function withoutNetwork(
  kind: string,
  dependencies: CareKnowledge['dependencies'],
): { readonly effect: Effect; readonly because: string } {
  return (
    dependencies.withoutNetwork.find(({ kinds }) => kinds.includes(kind)) ?? {
      effect: 'stops',
      because: 'nobody reaches it and it reaches nobody',
    }
  );
}

/** @param worst what is left of the asset without any network: nothing that it gets over it can hit harder */
function learnNeeds(
  asset: CareAsset,
  byId: ReadonlyMap<string, CareAsset>,
  places: ReadonlyMap<string, number>,
  rules: DependencyRules,
  worst: Effect,
): NeedGroup[] {
  const needed = new Map<string, Need>();
  const alternatives = new Map<string, Map<string, Need>>();
  for (const talk of asset.talks) {
    const peer = byId.get(talk.peer);
    const provider = places.get(talk.peer);
    if (peer === undefined || provider === undefined || peer === asset) continue;
    const rule = rules.needOf(asset, peer, talk);
    if (rule?.effect === undefined) continue;
    const of = rule.isAlternative ? (alternatives.get(rule.id) ?? new Map<string, Need>()) : needed;
    if (rule.isAlternative) alternatives.set(rule.id, of);
    const key = rule.isAlternative ? peer.id : `${rule.id}|${peer.id}`;
    const lastSeen = Math.max(talk.lastSeen, of.get(key)?.lastSeen ?? 0);
    const { id, title, because } = rule;
    const effect = effectOf(Math.min(rankOf(rule.effect), rankOf(worst))) ?? rule.effect;
    of.set(key, { provider, effect, rule: id, title, because, origin: 'traffic', lastSeen });
  }
  return [
    ...grouped('any', [...needed.values()]),
    ...[...alternatives.values()].flatMap((of) => grouped('all', [...of.values()])),
  ];
}

/** Puts what people stated over what was learnt: a dependency that they name is as they name it, one that they deny is none. */
function withStated(
  learnt: readonly NeedGroup[],
  stated: ReadonlyMap<string, StatedDependency | null>,
  places: ReadonlyMap<string, number>,
): NeedGroup[] {
  const named = new Set([...stated.keys()].flatMap((id) => places.get(id) ?? []));
  const left = learnt.flatMap(({ mode, needs }) =>
    grouped(
      mode,
      needs.filter(({ provider }) => !named.has(provider)),
    ),
  );
  const needs = [...stated.values()].flatMap((each) => {
    const provider = each === null ? undefined : places.get(each.provider);
    if (each === null || provider === undefined) return [];
    const { effect, isAlternative } = each;
    const need: Need = {
      provider,
      effect,
      rule: '',
      title: 'needs',
      because: 'somebody stated it',
      origin: 'stated',
      lastSeen: null,
    };
    return [{ need, isAlternative }];
  });
  const of = (isAlternative: boolean) =>
    needs.filter((each) => each.isAlternative === isAlternative).map(({ need }) => need);
  return [...left, ...grouped('any', of(false)), ...grouped('all', of(true))];
}

function grouped(mode: NeedGroup['mode'], needs: readonly Need[]): NeedGroup[] {
  // Nothing stands in for a single one.
  return needs.length === 0 ? [] : [{ mode: mode === 'all' && needs.length === 1 ? 'any' : mode, needs }];
}

function assetNode(
  { id, name, kind, careArea, zone, safety, isSample }: CareAsset,
  knowledge: CareKnowledge,
): CareNode {
  const { networkKinds, applicationKinds } = knowledge.dependencies;
  const isApplication =
    applicationKinds.includes(kind) ||
    knowledge.services.services.some(({ applications }) => applications.some(({ kinds }) => kinds.includes(kind)));
  const layer = networkKinds.includes(kind) ? 'network' : isApplication ? 'application' : 'device';
  return { id, type: 'asset', layer, name, kind, area: careArea, zone, safety, isSample };
}

function networkNode(network: string): CareNode {
  const fields = { kind: '', area: '', zone: '', safety: null, isSample: false };
  return { id: networkId(network), type: 'network', layer: 'network', name: `Network ${network}`, ...fields };
}

function networkId(network: string): string {
  return `net:${network}`;
}

function careNode(service: ClinicalService, area: string, isSample: boolean): CareNode {
  const { id, title, safety } = service;
  const name = area === '' ? title : `${title}, ${area}`;
  return { id: careNodeId(id, area), type: 'care', layer: 'care', name, kind: id, area, zone: '', safety, isSample };
}

/** Beds as stated; else as many as there are devices of the bedside kind that is there most. */
function bedsOfAreas(
  assets: readonly CareAsset[],
  nodes: readonly CareNode[],
  { services }: CareKnowledge,
  { beds }: CareStatements,
): ReadonlyMap<string, AreaBeds> {
  const counts = new Map<string, Map<string, number>>();
  for (const { careArea, kind } of assets) {
    // Devices of which nobody said where they stand tell of no ward.
    if (careArea === '' || !services.bedsideKinds.includes(kind)) continue;
    const of = counts.get(careArea) ?? new Map<string, number>();
    of.set(kind, (of.get(kind) ?? 0) + 1);
    counts.set(careArea, of);
  }
  const names = new Set([...nodes.filter(({ type }) => type !== 'network').map(({ area }) => area), ...beds.keys()]);
  return new Map(
    [...names].sort().map((area): readonly [string, AreaBeds] => {
      const stated = beds.get(area);
      if (stated !== undefined) return [area, { area, beds: stated, origin: 'stated' }];
      const counted = Math.max(0, ...(counts.get(area)?.values() ?? []));
      return [area, counted === 0 ? { area, beds: null, origin: null } : { area, beds: counted, origin: 'counted' }];
    }),
  );
}
