/** Bound on hostile input. */
const MAXIMUM_ADDRESSES = 100_000;
/** A link address with more IPv4 addresses than this, none of them claimed by ARP, belongs to a router. */
const MAXIMUM_ADDRESSES_OF_A_HOST = 3;

/**
 * Which link address is a host's own. Behind a router every address comes with the router's link address, so an address is
 * believed to belong to a link address only when ARP, DHCP or neighbour discovery said so, or when that link address shows
 * few others.
 */
export class LinkOwners {
  readonly #claimed = new Map<string, string>();
  readonly #addressesByMac = new Map<string, Set<string>>();

  /** Frames of this link address carried this IP address. @returns whether that was worth knowing */
  saw(mac: string, ip: string): boolean {
    const addresses = this.#addressesByMac.get(mac);
    if (addresses === undefined) {
      const isKept = this.#addressesByMac.size < MAXIMUM_ADDRESSES;
      if (isKept) this.#addressesByMac.set(mac, new Set([ip]));
      return isKept;
    }
    if (addresses.size > MAXIMUM_ADDRESSES_OF_A_HOST || addresses.has(ip)) return false;
    addresses.add(ip);
    return true;
  }

  /** The host itself said that this link address and this IP address belong together. @returns whether that was news */
  claim(ip: string, mac: string): boolean {
    if (this.#claimed.get(ip) === mac) return false;
    if (!this.#claimed.has(ip) && this.#claimed.size >= MAXIMUM_ADDRESSES) return false;
    this.#claimed.set(ip, mac);
    return true;
  }

  /** @returns the link address that is this host's own, as far as can be told */
  ownMac(ip: string | undefined, mac: string | undefined): string | undefined {
    if (ip === undefined) return mac;
    const claimed = this.#claimed.get(ip);
    if (claimed !== undefined) return claimed;
    if (mac === undefined || ip.includes(':')) return this.#isSingleHost(mac) ? mac : undefined;
    return this.#isSingleHost(mac) && isPrivateIpv4(ip) ? mac : undefined;
  }

  #isSingleHost(mac: string | undefined): boolean {
    if (mac === undefined) return false;
    const addresses = this.#addressesByMac.get(mac);
    return addresses === undefined || addresses.size <= MAXIMUM_ADDRESSES_OF_A_HOST;
  }
}

/** RFC 1918, RFC 3927, RFC 6598. */
function isPrivateIpv4(ip: string): boolean {
  const a = Number.parseInt(ip, 10);
  if (a === 10) return true;
  if (a !== 172 && a !== 192 && a !== 169 && a !== 100) return false;
  const b = Number.parseInt(ip.slice(ip.indexOf('.') + 1), 10);
  return (
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}
