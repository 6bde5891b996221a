import type { CareAsset } from './care-asset.ts';
import type { CareStatements } from './care-edit.ts';
import type { CareKnowledge, ClinicalService } from './care-knowledge.ts';
import type { Need, NeedGroup } from './care-map.ts';

/** A clinical service in a care area, with what it needs. */
export interface FoundCareService {
  readonly service: ClinicalService;
  readonly area: string;
  readonly groups: readonly NeedGroup[];
  readonly isSample: boolean;
}

/**
 * Where which clinical service is: where a device does its work, where computers use its applications, where a person says so.
 *
 * @param places place of each asset in the map, by id
 */
export function findCareServices(
  assets: readonly CareAsset[],
  services: ReadonlyMap<string, ClinicalService>,
  knowledge: CareKnowledge,
  statements: CareStatements,
  places: ReadonlyMap<string, number>,
): readonly FoundCareService[] {
  const byKind = Map.groupBy(assets, ({ kind }) => kind);
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const ofKinds = (kinds: readonly string[]) => kinds.flatMap((kind) => byKind.get(kind) ?? []);
  const workplaces = ofKinds(knowledge.services.workplaceKinds);
  const found: FoundCareService[] = [];
  for (const service of services.values()) {
    const stated = statements.members.filter(({ service: of, asset }) => of === service.id && byId.has(asset));
    const devices = Map.groupBy(ofKinds(service.devices), ({ careArea }) => careArea);
    const applications = ofKinds(service.applications.flatMap(({ kinds }) => kinds));
    const users = Map.groupBy(usersOf(workplaces, applications), ({ careArea }) => careArea);
    const areas = new Set([
      ...devices.keys(),
      ...(service.devices.length === 0 ? users.keys() : []),
      ...stated.map(({ area }) => area),
    ]);
    if (areas.size === 0 && service.devices.length === 0 && applications.length > 0) areas.add('');
    for (const area of [...areas].sort()) {
      const here = devices.get(area) ?? [];
      const members = [...here, ...(users.get(area) ?? [])];
      const groups = [
        // First what hits every bed: of two causes of one effect the first is told.
        ...applicationGroups(service, members, ofKinds, places),
        ...deviceGroups(here, places),
        ...statedGroups(
          stated.filter((each) => each.area === area),
          places,
        ),
      ];
      const needed = [...here, ...applications];
      found.push({ service, area, groups, isSample: needed.length > 0 && needed.every(({ isSample }) => isSample) });
    }
  }
  return found;
}

function usersOf(workplaces: readonly CareAsset[], applications: readonly CareAsset[]): readonly CareAsset[] {
  const ids = new Set(applications.map(({ id }) => id));
  return workplaces.filter(({ talks }) => talks.some(({ peer, role }) => role === 'client' && ids.has(peer)));
}

/** Devices of one kind do the same work side by side. */
function deviceGroups(devices: readonly CareAsset[], places: ReadonlyMap<string, number>): NeedGroup[] {
  return [...Map.groupBy(devices, ({ kind }) => kind).values()].map((of) => ({
    mode: 'share',
    isWork: true,
    needs: of.map((device) => ({
      ...memberNeed(device, places),
      effect: 'stops',
      rule: 'device',
      title: 'is done with',
      because: 'this device does the work',
      origin: 'knowledge',
    })),
  }));
}

/** Applications that the members were seen to use; where none was, those of the kind, of which it is not known. */
function applicationGroups(
  service: ClinicalService,
  members: readonly CareAsset[],
  ofKinds: (kinds: readonly string[]) => readonly CareAsset[],
  places: ReadonlyMap<string, number>,
): NeedGroup[] {
  const peers = new Map<string, number>();
  for (const { talks } of members) {
    for (const { peer, lastSeen } of talks) peers.set(peer, Math.max(lastSeen, peers.get(peer) ?? 0));
  }
  return service.applications.flatMap(({ kinds, effect, because }): NeedGroup[] => {
    const candidates = ofKinds(kinds);
    const used = candidates.filter(({ id }) => peers.has(id));
    if (candidates.length === 0) return [];
    const isSeen = used.length > 0;
    const needs = (isSeen ? used : candidates).map((asset): Need => {
      const lastSeen = isSeen ? (peers.get(asset.id) ?? null) : null;
      const origin = isSeen ? 'traffic' : 'knowledge';
      return {
        ...memberNeed(asset, places),
        effect,
        rule: 'application',
        title: 'works with',
        because,
        origin,
        lastSeen,
      };
    });
    return [{ mode: isSeen ? 'any' : 'share', needs }];
  });
}

function statedGroups(
  stated: readonly CareStatements['members'][number][],
  places: ReadonlyMap<string, number>,
): NeedGroup[] {
  const needOf = ({ asset, effect }: CareStatements['members'][number]): Need => ({
    provider: places.get(asset) ?? 0,
    effect: effect ?? 'stops',
    rule: '',
    title: effect === null ? 'is done with' : 'works with',
    because: 'somebody stated it',
    origin: 'stated',
    lastSeen: null,
  });
  const devices = stated.filter(({ effect }) => effect === null).map(needOf);
  const applications = stated.filter(({ effect }) => effect !== null).map(needOf);
  return [
    ...(devices.length === 0 ? [] : [{ mode: 'share' as const, needs: devices, isWork: true }]),
    ...(applications.length === 0 ? [] : [{ mode: 'any' as const, needs: applications }]),
  ];
}

function memberNeed(asset: CareAsset, places: ReadonlyMap<string, number>): { provider: number; lastSeen: null } {
  return { provider: places.get(asset.id) ?? 0, lastSeen: null };
}
