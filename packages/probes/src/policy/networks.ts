import { BlockList, isIP, isIPv6 } from 'node:net';
import { SphinxError } from '@sphinx/platform/errors';

/** Which addresses may be sent a packet at all. */
export class ProbeNetworks {
  readonly #allowed: BlockList;
  readonly #excluded: BlockList;

  /** @throws SphinxError SPX_SETTINGS_INVALID for what is no network */
  constructor(allowed: readonly string[], excluded: readonly string[]) {
    this.#allowed = listOf(allowed);
    this.#excluded = listOf(excluded);
  }

  /** @returns why an address may not be probed, or undefined where it may */
  refusal(ip: string): string | undefined {
    const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
    if (isIP(ip) === 0) return `${ip} is no address.`;
    if (!this.#allowed.check(ip, family))
      return `${ip} is outside the networks that may be probed (setting allowedNetworks).`;
    if (this.#excluded.check(ip, family)) return `${ip} is excluded from probing (setting excludedNetworks).`;
    return undefined;
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const bits = length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length);
    const isSound =
      isIP(address) !== 0 && Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32);
    if (!isSound)
      throw new SphinxError('SPX_SETTINGS_INVALID', `"${network}" is no network. Write it as 10.20.0.0/16.`);
    list.addSubnet(address, bits, family);
  }
  return list;
}
