import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

const MAXIMUM_REMEMBERED = 100_000;

/** A network with what it stands for. */
interface NamedNetwork {
  readonly prefixLength: number;
  readonly list: BlockList;
  readonly name: string;
}

/** @returns whether the text is a network in CIDR notation (RFC 4632, RFC 4291 §2.3) */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Says which addresses are the hospital's own and which zone they lie in. */
export class Networks {
  readonly #own = new BlockList();
  readonly #zones: readonly NamedNetwork[];
  /** Every packet of talk asks for the same few addresses. */
  readonly #isExternal = new Map<string, boolean>();

  /**
   * @param own networks in CIDR notation
   * @param zones network → zone; the narrowest that holds an address wins
   */
  constructor(own: readonly string[], zones: Readonly<Record<string, string>>) {
    for (const text of own) addTo(this.#own, text);
    this.#zones = Object.entries(zones)
      .map(([text, name]) => {
        const list = new BlockList();
        addTo(list, text);
        return { list, name, prefixLength: parseNetwork(text)?.prefixLength ?? 0 };
      })
      .sort((left, right) => right.prefixLength - left.prefixLength);
  }

  isOwn(ip: string): boolean {
    return contains(this.#own, ip);
  }

  /** Neither own, nor a group or local broadcast: an address of the outside world. */
  isExternal(ip: string): boolean {
    const known = this.#isExternal.get(ip);
    if (known !== undefined) return known;
    const isExternal = isHostAddress(ip) && !this.isOwn(ip);
    if (this.#isExternal.size >= MAXIMUM_REMEMBERED) this.#isExternal.clear();
    this.#isExternal.set(ip, isExternal);
    return isExternal;
  }

  zoneOf(ip: string): string | undefined {
    return this.#zones.find(({ list }) => contains(list, ip))?.name;
  }
}

/** An address that one host can have: no group, no broadcast, not "any". */
export function isHostAddress(ip: string): boolean {
  if (isIPv6(ip)) return ip !== '::' && !ip.toLowerCase().startsWith('ff');
  if (!isIPv4(ip)) return false;
  const first = Number(ip.split('.')[0]);
  return first !== 0 && first < 224;
}

/** Loopback (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3): one address, several programs that talk to each other. */
export function isLoopback(ip: string): boolean {
  return ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}

/** Group bit of a MAC address (IEEE 802): it names no single host. */
export function isGroupMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === '00:00:00:00:00:00';
}

function parseNetwork(text: string): { address: string; prefixLength: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const prefixLength = Number(length);
  if (prefixLength > (version === 4 ? 32 : 128)) return undefined;
  return { address, prefixLength, family: version === 4 ? 'ipv4' : 'ipv6' };
}

function addTo(list: BlockList, text: string): void {
  const network = parseNetwork(text);
  if (network !== undefined) list.addSubnet(network.address, network.prefixLength, network.family);
}

function contains(list: BlockList, ip: string): boolean {
  const version = isIP(ip);
  return version !== 0 && list.check(ip, version === 4 ? 'ipv4' : 'ipv6');
}
