import { formatIpv4, formatIpv6, formatMac } from '../ip/address.ts';
import type { ObservedHost } from '../observe/host-observer.ts';
import type { PeerList } from '../observe/peer-list.ts';
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
  peers: PeerList | undefined;
  /** The link address that frames from here had last. */
  lastMac: string | undefined;
  readonly version: number;
  /** Its four 32-bit numbers; of an IPv4 address the first. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** Another with the same key in the book. */
  next: Address | undefined;

  constructor(text: string, isUnicast: boolean, version = 0, a = 0, b = 0, c = 0, d = 0) {
    this.text = text;
    this.isUnicast = isUnicast;
    this.version = version;
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }
}

/** Texts of addresses, each made once: most packets of new flows have an address that was seen before. */
export class AddressBook {
  #addresses = new Map<number, Address>();
  #lastGeneration = new Map<number, Address>();
  /** Chosen by chance, so that nobody can send addresses that all have one key (Carter and Wegman 1979). */
  readonly #multipliers = randomMultipliers(3);
  /** Empty where it is nobody's. */
  readonly #linkAddresses = new Map<number, string>();

  /** @param a first 32 bits, or the whole of an IPv4 address; `b`, `c`, `d` are 0 then */
  address(version: number, a: number, b: number, c: number, d: number): Address {
    const [p = 1, q = 1, r = 1] = this.#multipliers;
    const key = version === 4 ? a : (Math.imul(a, p) + Math.imul(b, q) + Math.imul(c, r) + d) | 0;
    const first = this.#addresses.get(key);
    const known = find(first, version, a, b, c, d);
    if (known !== undefined) return known;
    const old = find(this.#lastGeneration.get(key), version, a, b, c, d);
    const address = old ?? addressOf(version, a, b, c, d);
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
    let text = this.#linkAddresses.get(key);
    if (text === undefined) {
      text = formatMac(bytes, offset) ?? '';
      if (this.#linkAddresses.size >= MAXIMUM_LINK_ADDRESSES) this.#linkAddresses.clear();
      this.#linkAddresses.set(key, text);
    }
    return text === '' ? undefined : text;
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
    const isSame = known.a === a && known.b === b && known.c === c && known.d === d;
    if (isSame && known.version === version) return known;
  }
  return undefined;
}

function addressOf(version: number, a: number, b: number, c: number, d: number): Address {
  const firstByte = a >>> 24;
  if (version === 4) return new Address(formatIpv4(a), firstByte > 0 && firstByte < 224, version, a);
  return new Address(formatIpv6(a, b, c, d), firstByte !== 0xff && (a | b | c | d) !== 0, version, a, b, c, d);
}
