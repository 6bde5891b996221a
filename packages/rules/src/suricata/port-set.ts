import { lookUp, type RuleVariables, splitList } from './address-set.ts';
import { RuleError } from './rule-error.ts';

const PORTS = 65_536;
const MAXIMUM_DEPTH = 32;
const BITS_PER_WORD = 32;

/** The ports that a rule's header names. */
export class PortSet {
  /** One bit per port; absent where every port is meant. */
  readonly #bits: Uint32Array | undefined;
  readonly isAny: boolean;

  constructor(bits: Uint32Array | undefined) {
    this.#bits = bits;
    this.isAny = bits === undefined;
  }

  contains(port: number): boolean {
    if (this.#bits === undefined) return true;
    return (((this.#bits[port >>> 5] ?? 0) >>> (port & 31)) & 1) === 1;
  }

  /** @returns the ports when they are at most `maximum`, else `undefined` */
  list(maximum: number): readonly number[] | undefined {
    if (this.#bits === undefined) return undefined;
    const ports: number[] = [];
    for (let port = 0; port < PORTS; port++) {
      if (!this.contains(port)) continue;
      if (ports.length === maximum) return undefined;
      ports.push(port);
    }
    return ports;
  }
}

const ANY_PORT = new PortSet(undefined);

/** Parses port parts of headers; the same text gives the same set, because thousands of rules name the same group. */
export class PortParser {
  readonly #variables: RuleVariables;
  readonly #known = new Map<string, PortSet>();

  constructor(variables: RuleVariables) {
    this.#variables = variables;
  }

  /**
   * @param text port part of a rule's header: `any`, `80`, `1024:`, `[80,!8080]`, `$HTTP_PORTS`
   * @throws RuleError when a variable or a port is unknown
   */
  parse(text: string): PortSet {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const set = this.#build(text);
    this.#known.set(text, set);
    return set;
  }

  #build(text: string): PortSet {
    if (text === 'any') return ANY_PORT;
    const included = new Uint32Array(PORTS / BITS_PER_WORD);
    const excluded = new Uint32Array(PORTS / BITS_PER_WORD);
    const marks = { hasIncluded: false };
    this.#collect(text, false, included, excluded, marks, 0);
    const bits = included.map((word, index) => (marks.hasIncluded ? word : 0xffffffff) & ~(excluded[index] ?? 0));
    if (bits.every((word) => word === 0)) throw new RuleError('its ports exclude every port');
    return bits.every((word) => word === 0xffffffff) ? ANY_PORT : new PortSet(bits);
  }

  #collect(
    text: string,
    isNegated: boolean,
    included: Uint32Array,
    excluded: Uint32Array,
    marks: { hasIncluded: boolean },
    depth: number,
  ): void {
    if (depth > MAXIMUM_DEPTH) throw new RuleError('its port groups refer to themselves');
    const inner = text.trim();
    const parts = splitParts(inner);
    if (parts !== undefined) {
      for (const part of parts) this.#collect(part, isNegated, included, excluded, marks, depth + 1);
    } else if (inner.startsWith('!')) {
      this.#collect(inner.slice(1), !isNegated, included, excluded, marks, depth + 1);
    } else if (inner.startsWith('$')) {
      this.#collect(lookUp(inner, this.#variables), isNegated, included, excluded, marks, depth + 1);
    } else {
      marks.hasIncluded ||= !isNegated;
      fillRange(inner, isNegated ? excluded : included);
    }
  }
}

/** @returns parts of a list, which published rules also write without brackets */
function splitParts(text: string): readonly string[] | undefined {
  if (text.startsWith('[')) return splitList(text);
  return text.includes(',') && !text.includes('[') ? splitList(`[${text}]`) : undefined;
}

function fillRange(text: string, bits: Uint32Array): void {
  const [low = '', high] = text === 'any' ? ['0', '65535'] : text.split(':');
  const first = low.trim() === '' ? 0 : parsePort(low);
  const last = high === undefined ? first : high.trim() === '' ? PORTS - 1 : parsePort(high);
  if (first > last) throw new RuleError(`the port range ${text} is not in order`);
  for (let port = first; port <= last; port++) bits[port >>> 5] = (bits[port >>> 5] ?? 0) | (1 << (port & 31));
}

function parsePort(text: string): number {
  const port = Number(text.trim());
  if (!/^\d+$/.test(text.trim()) || port >= PORTS) throw new RuleError(`'${text.trim()}' is not a port`);
  return port;
}
