import type { Endpoint } from './endpoint.ts';

/** What a device keeps when it gets another address. */
const KEPT_BY_DEVICE = new Set([
  'dicom.serial',
  'dhcp.hostname',
  'dhcpv6.duid',
  'nbns.name',
  'smb.name',
  'mdns.name',
  'snmp.sys-name',
]);

/**
 * Recognises devices behind routers, which show no MAC address, when they come back under another address: by what they
 * keep, and only if the old address had fallen silent before.
 */
export class MovedAddresses {
  readonly #byIdentity = new Map<string, Set<Endpoint>>();
  readonly #byIp = new Map<string, Set<Endpoint>>();

  note(endpoint: Endpoint): void {
    for (const ip of endpoint.ips.keys()) add(this.#byIp, `${endpoint.isSample}|${ip}`, endpoint);
    if (endpoint.mac !== undefined || endpoint.program !== undefined) return;
    for (const key of identitiesOf(endpoint)) add(this.#byIdentity, key, endpoint);
  }

  forget(endpoint: Endpoint): void {
    for (const ip of endpoint.ips.keys()) this.#byIp.get(`${endpoint.isSample}|${ip}`)?.delete(endpoint);
    for (const key of identitiesOf(endpoint)) this.#byIdentity.get(key)?.delete(endpoint);
  }

  /** @returns key of the endpoint under which the same device was seen before */
  formerOf(endpoint: Endpoint): string | undefined {
    if (endpoint.mac !== undefined || endpoint.program !== undefined) return undefined;
    for (const key of identitiesOf(endpoint)) {
      for (const candidate of this.#byIdentity.get(key) ?? []) {
        if (candidate !== endpoint && candidate.lastSeen < endpoint.firstSeen) return candidate.key;
      }
    }
    return undefined;
  }

  /** Every endpoint that has or had an address. */
  holdersOf(
    ip: string,
    { isSample }: Pick<Endpoint, 'isSample'>,
    assetOf: (key: string) => string | undefined,
  ): { key: string; assetId: string | undefined }[] {
    return [...(this.#byIp.get(`${isSample}|${ip}`) ?? [])].map(({ key }) => ({ key, assetId: assetOf(key) }));
  }
}

function identitiesOf({ evidence, isSample }: Endpoint): string[] {
  return [...evidence.values()]
    .filter(({ attribute }) => KEPT_BY_DEVICE.has(attribute))
    .map(({ attribute, value }) => `${isSample}|${attribute}|${value.toLowerCase()}`);
}

function add(map: Map<string, Set<Endpoint>>, key: string, endpoint: Endpoint): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(endpoint));
}
