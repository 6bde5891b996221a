import { BlockList, isIP } from 'node:net';
import { SphinxError } from '@sphinx/platform';

/** Addresses of one decoy; each takes a socket for each of its services. */
export const MAXIMUM_ADDRESSES = 1024;
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const IPV4_BITS = 32;
/** Linux: an entry of /proc/net/arp that is whole (include/uapi/linux/if_arp.h, ATF_COM). */
const COMPLETE = 0x2;

/**
 * @param wanted addresses, and networks such as `10.4.7.128/27`, whose first and last address are left out
 * @throws SphinxError SPX_INVALID_INPUT when one is neither, or they are too many
 */
export function expandAddresses(wanted: readonly string[]): readonly string[] {
  const addresses = new Set<string>();
  for (const each of wanted) {
    for (const address of expand(each)) {
      addresses.add(address);
      if (addresses.size > MAXIMUM_ADDRESSES) {
        throw new SphinxError(
          'SPX_INVALID_INPUT',
          `A decoy stands on ${MAXIMUM_ADDRESSES} addresses at most. Name a smaller network.`,
        );
      }
    }
  }
  return [...addresses];
}

function* expand(wanted: string): IterableIterator<string> {
  if (isIP(wanted) !== 0) {
    yield wanted;
    return;
  }
  const [base = '', bits = ''] = wanted.split('/');
  const length = Number(bits);
  if (isIP(base) !== 4 || !/^\d{1,2}$/.test(bits) || length < 16 || length > IPV4_BITS) {
    throw new SphinxError('SPX_INVALID_INPUT', `${wanted} is neither an address nor a network such as 10.4.7.128/27.`);
  }
  const size = 2 ** (IPV4_BITS - length);
  const first = Math.floor(toNumber(base) / size) * size;
  const isPlain = size <= 2;
  for (let offset = isPlain ? 0 : 1; offset < size - (isPlain ? 0 : 1); offset += 1) yield toText(first + offset);
}

/** What is known of who has which address. */
export interface AddressBook {
  /** Addresses of the interfaces of this machine. */
  readonly own: ReadonlySet<string>;
  /** Names of what the inventory knows at an address. */
  readonly holders: (address: string) => readonly string[];
  /** Neighbours that answered: content of /proc/net/arp; empty where there is none. */
  readonly neighbours: string;
  /** Addresses that this decoy stood on before. */
  readonly held: ReadonlySet<string>;
}

/** @returns why a decoy may not stand on the address; empty where it may. An address in use is never taken. */
export function addressFault(address: string, { own, holders, neighbours, held }: AddressBook): string {
  if (EVERY_ADDRESS.has(address) || own.has(address)) return '';
  const mac = neighbourAt(address, neighbours);
  if (mac !== undefined) return `${address} is in use: ${mac} answers there.`;
  const known = held.has(address) ? [] : holders(address);
  return known.length === 0 ? '' : `${address} is in use: the inventory knows ${known.slice(0, 3).join(', ')} there.`;
}

function neighbourAt(address: string, table: string): string | undefined {
  for (const line of table.split('\n').slice(1)) {
    const [ip, , flags = '0', mac] = line.trim().split(/\s+/);
    if (ip === address && (Number(flags) & COMPLETE) !== 0) return mac;
  }
  return undefined;
}

/** @returns whether an address lies in one of the networks */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
