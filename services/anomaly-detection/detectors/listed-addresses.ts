import { BlockList, isIP } from 'node:net';

/** Addresses that are known as attackers', as the settings list them. */
export class ListedAddresses {
  readonly size: number;
  readonly #single: ReadonlySet<string>;
  readonly #networks = new BlockList();
  readonly #hasNetworks: boolean;

  /** @param entries addresses and networks as CIDR */
  constructor(entries: readonly string[]) {
    const networks = entries.filter((entry) => entry.includes('/'));
    this.#single = new Set(entries.filter((entry) => !entry.includes('/')));
    for (const network of networks) {
      const [address = '', bits = ''] = network.split('/');
      this.#networks.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    }
    this.#hasNetworks = networks.length > 0;
    this.size = entries.length;
  }

  has(ip: string): boolean {
    if (this.#single.has(ip)) return true;
    return this.#hasNetworks && this.#networks.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  }
}
