import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses that no publisher has: special-purpose registries of IANA (RFC 6890, RFC 8190). */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INTERNAL.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(network, bits, 'ipv6');

/** @returns whether an address belongs to the own machine, an inner network or nobody */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || INTERNAL.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Resolves a name for the connection itself, so that it cannot change between the judgement and the use. */
export const lookupOutside: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const addresses: readonly LookupAddress[] = found ?? [];
    const [first] = addresses;
    const inside = addresses.find(({ address }) => isInternalAddress(address));
    if (error !== null || first === undefined) callback(error ?? new Error(`${host} has no address`), '', 0);
    else if (inside !== undefined) callback(new Error(internalMessage(host, inside.address)), '', 0);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  });
};

/**
 * Judges a host that somebody else will connect to, as a proxy does. A name that is not known here is the proxy's to judge.
 *
 * @throws Error when the host has an inner address
 */
export async function refuseInternalName(host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    lookup(host, { all: true }, (_error, found) => {
      const inside = (found ?? []).find(({ address }) => isInternalAddress(address));
      if (inside === undefined) resolve();
      else reject(new Error(internalMessage(host, inside.address)));
    });
  });
}

export function internalMessage(host: string, address: string): string {
  const what = host === address ? host : `${host} is ${address}, which`;
  return `${what} is an address of an inner network. If it is a mirror of yours, add ${host} to the setting internalUpdateHosts`;
}
