import { isIP } from 'node:net';

/*
 * Addresses as 32 hexadecimal digits, IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2), so that a network is a range of texts.
 */

const MAPPED = '00000000000000000000ffff';
const BITS = 128;

/** @returns 32 digits, or an empty text for what is no address */
export function addressKey(address: string): string {
  switch (isIP(address)) {
    case 4:
      return MAPPED + hexOfIpv4(address);
    case 6:
      return keyOfIpv6(address.split('%')[0] ?? '');
    default:
      return '';
  }
}

/** @returns first and last key of a network in CIDR notation; undefined where it is none */
export function networkKeys(network: string): { readonly first: string; readonly last: string } | undefined {
  const [address = '', length, ...more] = network.split('/');
  const key = addressKey(address);
  if (key === '' || length === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const isIpv4 = isIP(address) === 4;
  const prefix = Number(length) + (isIpv4 ? 96 : 0);
  if (prefix > BITS) return undefined;
  const host = (1n << BigInt(BITS - prefix)) - 1n;
  const first = BigInt(`0x${key}`) & ~host;
  return { first: digits(first), last: digits(first | host) };
}

function digits(value: bigint): string {
  return value.toString(16).padStart(32, '0');
}

function hexOfIpv4(address: string): string {
  let hex = '';
  for (const part of address.split('.')) hex += Number(part).toString(16).padStart(2, '0');
  return hex;
}

function keyOfIpv6(address: string): string {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  let text = address;
  if (dotted !== null) {
    const hex = hexOfIpv4(dotted[2] ?? '');
    text = `${dotted[1]}${hex.slice(0, 4)}:${hex.slice(4)}`;
  }
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - behind.length;
  return [...before, ...new Array<string>(Math.max(0, missing)).fill('0'), ...behind]
    .map((group) => group.padStart(4, '0').toLowerCase())
    .join('');
}
