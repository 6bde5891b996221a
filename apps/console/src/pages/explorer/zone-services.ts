import type { AddressHolder, TrafficPair } from './queries.ts';

/** Traffic of the devices of one zone to one service. */
export interface ZoneService {
  readonly zone: string;
  readonly service: string;
  readonly bytes: number;
  readonly flows: number;
  /** Of the bytes, those that anybody on the way can read. */
  readonly clearBytes: number;
}

const UNKNOWN_ZONE = 'unknown zone';
const OTHERS = 'other services';

/**
 * Which zones use which services, most bytes first.
 *
 * @param maximumServices the smallest beyond this number are put together
 */
export function zoneServices(
  pairs: readonly TrafficPair[],
  holders: ReadonlyMap<string, AddressHolder>,
  maximumServices: number,
): readonly ZoneService[] {
  const byService = Map.groupBy(pairs, ({ protocol }) => protocol);
  const bytesOf = (service: string) => byService.get(service)?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  const largest = [...byService.keys()].sort((left, right) => bytesOf(right) - bytesOf(left)).slice(0, maximumServices);
  const shown = new Set(largest);
  const links = Map.groupBy(pairs, ({ clientIp, protocol }) => {
    const zone = holders.get(clientIp)?.zone ?? UNKNOWN_ZONE;
    return `${zone}|${shown.has(protocol) ? protocol : OTHERS}`;
  });
  return [...links]
    .map(([key, members]) => {
      const [zone = UNKNOWN_ZONE, service = OTHERS] = key.split('|');
      const clear = members.filter(({ isEncrypted }) => !isEncrypted);
      return {
        zone,
        service,
        bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
        flows: members.reduce((sum, { flows }) => sum + flows, 0),
        clearBytes: clear.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    })
    .sort((left, right) => right.bytes - left.bytes);
}
