import { BlockList, isIP } from 'node:net';
import { isInternalAddress } from '@sphinx/platform';

/** Answers that are remembered; then they are forgotten all at once. */
const MAXIMUM_REMEMBERED = 100_000;

/** Which addresses are the hospital's. Asked twice for every flow: answers are remembered. */
export class Locality {
  readonly #own = new BlockList();
  readonly #known = new Map<string, boolean>();

  /** @param ownNetworks public networks of the hospital, as CIDR */
  constructor(ownNetworks: readonly string[]) {
    for (const network of ownNetworks) {
      const [address = '', bits = ''] = network.split('/');
      this.#own.addSubnet(address, Number(bits), familyOf(address));
    }
  }

  isInternal(ip: string): boolean {
    const known = this.#known.get(ip);
    if (known !== undefined) return known;
    const isInternal = isInternalAddress(ip) || this.#own.check(ip, familyOf(ip));
    if (this.#known.size >= MAXIMUM_REMEMBERED) this.#known.clear();
    this.#known.set(ip, isInternal);
    return isInternal;
  }
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4';
}

/** Addresses of many at once: nobody answers for them (RFC 5771, RFC 4291 §2.7, RFC 919). */
export function isForMany(ip: string): boolean {
  if (ip.startsWith('ff') || ip.endsWith('.255')) return true;
  const first = Number(ip.slice(0, ip.indexOf('.')));
  return first >= 224 && first <= 239;
}
