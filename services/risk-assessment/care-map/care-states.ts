import type { CareMap } from '@sphinx/risk';
import type { CareAreaState, CareNeedState, CareServiceState } from '@sphinx/schema';

/** A list for people and for the guard; a hall with more devices is told by the first of them. */
const MOST_DEVICES = 200;

/** @returns what is done for patients in each care area, and what that needs, in the order of their names */
export function careStates(map: CareMap): readonly CareAreaState[] {
  const byArea = Map.groupBy(map.care(), (place) => map.at(place).area);
  return [...byArea]
    .map(([area, places]) => ({
      area,
      beds: map.bedsOf(area).beds,
      services: places.map((place) => serviceState(map, place)).sort((a, b) => (a.title < b.title ? -1 : 1)),
      isSample: places.every((place) => map.at(place).isSample),
    }))
    .sort((a, b) => (a.area < b.area ? -1 : 1));
}

function serviceState(map: CareMap, place: number): CareServiceState {
  const { kind, safety, name } = map.at(place);
  const service = map.services.get(kind);
  const groups = map.needs[place] ?? [];
  const devices = groups
    .filter(({ isWork }) => isWork === true)
    .flatMap(({ needs }) => needs)
    .map(({ provider }) => ({ assetId: map.at(provider).id, name: map.at(provider).name }));
  const needs = groups
    .filter(({ isWork }) => isWork !== true)
    .flatMap(({ needs: all }) => all)
    .map(({ provider, effect, because }): CareNeedState => {
      const node = map.at(provider);
      return { assetId: node.type === 'asset' ? node.id : null, name: node.name, effect, because };
    });
  return {
    id: kind,
    title: service?.title ?? name,
    description: service?.description ?? '',
    safety,
    devices: devices.slice(0, MOST_DEVICES),
    needs,
  };
}
