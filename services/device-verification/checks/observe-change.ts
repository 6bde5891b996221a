import type { Asset, VerifiedState } from '@sphinx/schema';
import { fill } from './fill.ts';
import type { Observation, Subject } from './observation.ts';
import { judgeValue } from './predicate.ts';
import type { ChangeSelector, SightingSelector } from './selector.ts';

/** What of an asset is compared from one judgement to the next. */
export function stateOf(asset: Asset): VerifiedState {
  const facts = Object.fromEntries(Object.entries(asset.facts).map(([name, { value }]) => [name, value]));
  const services = asset.services.map(({ transport, port, protocol }) => `${transport}/${port} ${protocol}`);
  return { facts, services: [...new Set(services)].sort() };
}

/** When the asset was first or last seen. */
export function observeSighting(selector: SightingSelector, { asset, now }: Subject): readonly Observation[] {
  const time = selector.sighting === 'first' ? asset.firstSeen : asset.lastSeen;
  // An asset that only stands in documents was never seen.
  if (asset.sources.length === 0) return [];
  const value = new Date(time).toISOString();
  const isFailing = judgeValue(selector.failsIf, value, { now, sibling: () => undefined });
  const plain = `was ${selector.sighting} seen at {time}`;
  return [
    {
      isFailing,
      statement: fill((isFailing === true ? selector.says : undefined) ?? plain, { time: value }),
      attribute: `${selector.sighting}-seen`,
      value,
      time,
      key: selector.sighting,
    },
  ];
}

/** What became different since the last certificate; without one there is nothing to compare with. */
export function observeChange(selector: ChangeSelector, { asset, before, now }: Subject): readonly Observation[] {
  if (before === undefined) return [];
  const present = stateOf(asset);
  return selector.change.flatMap((what): readonly Observation[] => {
    if (what === 'new-service') return servicesOf(selector, present.services, before.services, 'newly offers', now);
    if (what === 'lost-service')
      return servicesOf(selector, before.services, present.services, 'no longer offers', now);
    const was = before.facts[what];
    const is = present.facts[what];
    if (was === undefined || is === undefined) return [];
    const isFailing = was !== is;
    const text = isFailing
      ? (selector.says ?? 'its {name} was {was} at the last certificate and is {is} now')
      : 'its {name} is {is}, as at the last certificate';
    return [
      { isFailing, statement: fill(text, { name: what, was, is }), attribute: what, value: is, time: now, key: what },
    ];
  });
}

function servicesOf(
  selector: ChangeSelector,
  these: readonly string[],
  those: readonly string[],
  verb: string,
  now: number,
): readonly Observation[] {
  const different = these.filter((service) => !those.includes(service));
  if (different.length === 0) {
    if (these.length === 0) return [];
    const statement = `its ${these.length} services are those of the last certificate`;
    return [{ isFailing: false, statement, time: now, key: verb }];
  }
  return different.map((service) => ({
    isFailing: true,
    statement: fill(selector.says ?? `${verb} {service}, unlike at the last certificate`, { service }),
    attribute: 'service',
    value: service,
    time: now,
    key: service,
  }));
}
