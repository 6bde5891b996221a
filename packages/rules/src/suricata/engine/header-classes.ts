import type { AddressSet, Bound } from '../address-set.ts';
import type { PortSet } from '../port-set.ts';
import type { RuleHeader } from '../rule.ts';
import type { MatchState } from './match-state.ts';
import { transportClass } from './transport-class.ts';

/** Classes of one kind beyond this are not told apart: a number of four of them and the rest fits a double. */
const MAXIMUM_CLASSES = 4096;
const PORTS = 65_536;
/** IPv6 addresses whose class is remembered. */
const MAXIMUM_REMEMBERED = 16_384;
const UNKNOWN = -1;

/** Gives those that are in the same sets the same number. */
class SetClasses {
  readonly #numbers = new Map<string, number>();

  /** @param membership a character for each set */
  of(membership: string): number {
    const known = this.#numbers.get(membership);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(membership, number);
    return number;
  }
}

/**
 * Classes of addresses: the bounds of all ranges cut the IPv4 addresses into stretches that are wholly in a set or wholly
 * outside, so that an address is classified by a binary search.
 */
class AddressClasses {
  readonly #sets: readonly AddressSet[];
  readonly #classes = new SetClasses();
  readonly #bounds: Float64Array;
  readonly #classOfStretch: Int32Array;
  readonly #remembered = new Map<string, number>();

  constructor(sets: Iterable<AddressSet>) {
    this.#sets = distinctAddresses(sets);
    const bounds = new Set([0]);
    for (const { first, last } of this.#sets.flatMap(({ included, excluded }) => [...(included ?? []), ...excluded])) {
      if (typeof first === 'number') bounds.add(first);
      if (typeof last === 'number') bounds.add(last + 1);
    }
    this.#bounds = Float64Array.from(bounds).sort();
    this.#classOfStretch = new Int32Array(this.#bounds.length).fill(UNKNOWN);
  }

  of(address: Bound | undefined): number {
    if (typeof address === 'number') return this.#ofStretch(this.#stretchOf(address), address);
    const key = address ?? '';
    let number = this.#remembered.get(key);
    if (number !== undefined) return number;
    if (this.#remembered.size >= MAXIMUM_REMEMBERED) this.#remembered.clear();
    number = this.#classify(address);
    this.#remembered.set(key, number);
    return number;
  }

  #stretchOf(address: number): number {
    let low = 0;
    let high = this.#bounds.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#bounds[middle] ?? 0) <= address) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #ofStretch(stretch: number, address: number): number {
    const known = this.#classOfStretch[stretch] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const number = this.#classify(address);
    this.#classOfStretch[stretch] = number;
    return number;
  }

  #classify(address: Bound | undefined): number {
    return this.#classes.of(this.#sets.map((set) => (set.contains(address) ? '1' : '0')).join(''));
  }
}

/** Different texts often mean the same addresses: `$HTTP_SERVERS` is `$HOME_NET` where nothing else is said. */
function distinctAddresses(sets: Iterable<AddressSet>): readonly AddressSet[] {
  const byRanges = new Map<string, AddressSet>();
  for (const set of new Set(sets)) {
    if (!set.isAny) byRanges.set(JSON.stringify([set.included ?? null, set.excluded]), set);
  }
  return [...byRanges.values()];
}

/** Classes of ports, found out when a port is first seen. */
class PortClasses {
  readonly #sets: readonly PortSet[];
  readonly #classes = new SetClasses();
  readonly #classOfPort = new Int32Array(PORTS).fill(UNKNOWN);

  constructor(sets: Iterable<PortSet>) {
    this.#sets = [...new Set(sets)].filter(({ isAny }) => !isAny);
  }

  of(port: number): number {
    const known = this.#classOfPort[port] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const number = this.#classes.of(this.#sets.map((set) => (set.contains(port) ? '1' : '0')).join(''));
    this.#classOfPort[port] = number;
    return number;
  }
}

/**
 * Tells apart what rule headers tell apart: what has the same number satisfies the same headers. A network has hundreds of
 * thousands of flows and a few hundred such classes, so that what a header says is looked at once per class.
 */
export class HeaderClasses {
  readonly #sources: AddressClasses;
  readonly #destinations: AddressClasses;
  readonly #sourcePorts: PortClasses;
  readonly #destinationPorts: PortClasses;

  constructor(headers: readonly RuleHeader[]) {
    // A rule that is looked at both ways asks for its source at the destination too.
    const turned = headers.filter(({ isBidirectional, isTransactional }) => isBidirectional || isTransactional);
    this.#sources = new AddressClasses([...headers.map(sourceOf), ...turned.map(destinationOf)]);
    this.#destinations = new AddressClasses([...headers.map(destinationOf), ...turned.map(sourceOf)]);
    this.#sourcePorts = new PortClasses([...headers.map(sourcePortsOf), ...turned.map(destinationPortsOf)]);
    this.#destinationPorts = new PortClasses([...headers.map(destinationPortsOf), ...turned.map(sourcePortsOf)]);
  }

  /** @returns the class of what is at hand; `undefined` where there are too many to be told apart */
  of(state: MatchState): number | undefined {
    const source = this.#sources.of(state.source);
    const destination = this.#destinations.of(state.destination);
    const sourcePort = this.#sourcePorts.of(state.sourcePort);
    const destinationPort = this.#destinationPorts.of(state.destinationPort);
    const kind =
      transportClass(state.transport) * 8 +
      (state.ipVersion === 4 ? 4 : 0) +
      (state.direction === 'to-server' ? 2 : 0) +
      (state.flow === undefined ? 1 : 0);
    if (Math.max(source, destination, sourcePort, destinationPort) >= MAXIMUM_CLASSES) return undefined;
    const addresses = (kind * MAXIMUM_CLASSES + source) * MAXIMUM_CLASSES + destination;
    return (addresses * MAXIMUM_CLASSES + sourcePort) * MAXIMUM_CLASSES + destinationPort;
  }
}

const sourceOf = ({ source }: RuleHeader) => source;
const destinationOf = ({ destination }: RuleHeader) => destination;
const sourcePortsOf = ({ sourcePorts }: RuleHeader) => sourcePorts;
const destinationPortsOf = ({ destinationPorts }: RuleHeader) => destinationPorts;
