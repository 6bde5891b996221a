import { formatIpv4, formatIpv6, formatMac } from '../ip/address.ts';
import type { Peer } from '../observe/conversation-observer.ts';
import type { ObservedHost } from '../observe/host-observer.ts';
import { randomMultipliers } from './random-multipliers.ts';

/** Addresses of a generation. Twice as many are remembered at most: those that were seen since the last generation, and it. */
const MAXIMUM_ADDRESSES = 262_144;
const MAXIMUM_LINK_ADDRESSES = 65_536;
const TWO_TO_THE_32 = 2 ** 32;

/** An IP address as text, one object for all flows that have it; what observers know of its host hangs here. */
export class Address {
  readonly text: string;
  /** It can be one host's: not multicast, broadcast, unspecified. */
  readonly isUnicast: boolean;
  host: ObservedHost | undefined;
  /** Whom it was the client of. */
  peers: Map<Address, Peer> | undefined;
  /** The link address that frames from here had last. */
  lastMac: string | undefined;
  readonly version: number;
  readonly words: readonly [number, number, number, number];
  /** Another with the same key in the book. */
  next: Address | undefined;

  constructor(version: number, words: readonly [number, number, number, number]) {
    this.version = version;
    this.words = words;
    this.text = version === 4 ? formatIpv4(words[0]) : formatIpv6(...words);
    this.isUnicast = isUnicast(version, words);
  }
}

/** Texts of addresses, each made once: most packets of new flows have an address that was seen before. */
export class AddressBook {
  #addresses = new Map<number, Address>();
  #lastGeneration = new Map<number, Address>();
  /** Chosen by chance, so that nobody can send addresses that all have one key (Carter and Wegman 1979). */
  readonly #multipliers = randomMultipliers(3);
  readonly #linkAddresses = new Map<number, string | undefined>();

  /** @param a first 32 bits, or the whole of an IPv4 address; `b`, `c`, `d` are 0 then */
  address(version: number, a: number, b: number, c: number, d: number): Address {
    const [p = 1, q = 1, r = 1] = this.#multipliers;
    const key = version === 4 ? a : (Math.imul(a, p) + Math.imul(b, q) + Math.imul(c, r) + d) | 0;
    const first = this.#addresses.get(key);
    const known = find(first, version, a, b, c, d);
    if (known !== undefined) return known;
    const old = find(this.#lastGeneration.get(key), version, a, b, c, d);
    const address = old ?? new Address(version, [a, b, c, d]);
    address.next = first;
    this.#addresses.set(key, address);
    if (this.#addresses.size >= MAXIMUM_ADDRESSES) {
      this.#lastGeneration = this.#addresses;
      this.#addresses = new Map();
    }
    return address;
  }

  /** @returns `00:11:22:33:44:55`, or undefined for a group address, which is nobody's */
  linkAddress(bytes: Uint8Array, offset: number): string | undefined {
    const high = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
    const low =
      ((bytes[offset + 2] ?? 0) << 24) |
      ((bytes[offset + 3] ?? 0) << 16) |
      ((bytes[offset + 4] ?? 0) << 8) |
      (bytes[offset + 5] ?? 0);
    const key = high * TWO_TO_THE_32 + (low >>> 0);
    const known = this.#linkAddresses.get(key);
    if (known !== undefined) return known;
    const text = formatMac(bytes, offset);
    if (this.#linkAddresses.size >= MAXIMUM_LINK_ADDRESSES) this.#linkAddresses.clear();
    this.#linkAddresses.set(key, text);
    return text;
  }
}

function find(
  first: Address | undefined,
  version: number,
  a: number,
  b: number,
  c: number,
  d: number,
): Address | undefined {
  for (let known = first; known !== undefined; known = known.next) {
    const { words } = known;
    const isSame = words[0] === a && words[1] === b && words[2] === c && words[3] === d;
    if (isSame && known.version === version) return known;
  }
  return undefined;
}

function isUnicast(version: number, [a, b, c, d]: readonly [number, number, number, number]): boolean {
  const firstByte = a >>> 24;
  if (version !== 4) return firstByte !== 0xff && (a | b | c | d) !== 0;
  return firstByte > 0 && firstByte < 224;
}
