import { RuleError } from './rule-error.ts';

/** Names of `address-groups` and `port-groups` with what they stand for, without the dollar sign. */
export type RuleVariables = Readonly<Record<string, string>>;

/** IPv4 addresses as numbers, IPv6 as 32 hexadecimal digits: both order as the addresses do. */
export type Bound = number | string;

interface Range {
  readonly first: Bound;
  readonly last: Bound;
}

/** What a rule's header says about one end: addresses, without exceptions. `undefined` lists mean any. */
export interface AddressSet {
  readonly isAny: boolean;
  readonly included: readonly Range[] | undefined;
  readonly excluded: readonly Range[];
  /** @param address as `addressBound` gives it; `undefined` is in no set but `any` */
  contains(address: Bound | undefined): boolean;
}

const MAXIMUM_DEPTH = 32;

/**
 * @param text address part of a rule's header: `any`, `!$HOME_NET`, `[10.0.0.0/8,!10.1.1.1]`
 * @throws RuleError when a variable or an address is unknown
 */
export function parseAddressSet(text: string, variables: RuleVariables): AddressSet {
  const included: Range[] = [];
  const excluded: Range[] = [];
  collect(text.trim(), false, variables, included, excluded, 0);
  return new RangeSet(included, excluded);
}

class RangeSet implements AddressSet {
  readonly included: readonly Range[] | undefined;
  readonly excluded: readonly Range[];
  readonly isAny: boolean;

  constructor(included: readonly Range[], excluded: readonly Range[]) {
    const hasAny = included.some(({ first }) => first === ANY.first);
    this.included = hasAny || (included.length === 0 && excluded.length > 0) ? undefined : included;
    this.excluded = excluded;
    if (excluded.some(({ first }) => first === ANY.first)) throw new RuleError('its addresses exclude every address');
    this.isAny = this.included === undefined && excluded.length === 0;
  }

  contains(bound: Bound | undefined): boolean {
    if (this.isAny) return true;
    if (bound === undefined) return false;
    if (this.included !== undefined && !isWithin(bound, this.included)) return false;
    return !isWithin(bound, this.excluded);
  }
}

const ANY: Range = { first: '', last: '' };

function collect(
  text: string,
  isNegated: boolean,
  variables: RuleVariables,
  included: Range[],
  excluded: Range[],
  depth: number,
): void {
  if (depth > MAXIMUM_DEPTH) throw new RuleError('its address groups refer to themselves');
  const inner = text.trim();
  if (inner.startsWith('!')) {
    collect(inner.slice(1), !isNegated, variables, included, excluded, depth + 1);
    return;
  }
  if (inner.startsWith('[')) {
    for (const part of splitList(inner)) collect(part, isNegated, variables, included, excluded, depth + 1);
    return;
  }
  if (inner.startsWith('$')) {
    collect(lookUp(inner, variables), isNegated, variables, included, excluded, depth + 1);
    return;
  }
  if (inner === 'any' || inner === '0.0.0.0/0' || inner === '::/0') {
    (isNegated ? excluded : included).push(inner === 'any' ? ANY : parseRange(inner));
    return;
  }
  (isNegated ? excluded : included).push(parseRange(inner));
}

/** @returns what a variable stands for. @throws RuleError when it is not defined */
export function lookUp(name: string, variables: RuleVariables): string {
  const value = variables[name.slice(1)];
  if (value === undefined) throw new RuleError(`the variable ${name} is not defined`);
  return value;
}

/** @returns parts of `[a,[b,c],!d]`, inner brackets kept. @throws RuleError on brackets that do not match */
export function splitList(text: string): string[] {
  if (!text.endsWith(']')) throw new RuleError(`the list '${text.slice(0, 40)}' is not closed`);
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text.slice(1, -1)) {
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (depth < 0) throw new RuleError('the brackets of a list do not match');
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  if (depth !== 0) throw new RuleError('the brackets of a list do not match');
  parts.push(part);
  const given = parts.map((each) => each.trim()).filter((each) => each !== '');
  if (given.length === 0) throw new RuleError('a list is empty');
  return given;
}

function parseRange(text: string): Range {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const range = { first: needBound(text.slice(0, dash)), last: needBound(text.slice(dash + 1)) };
    if (typeof range.first !== typeof range.last || range.first > range.last) {
      throw new RuleError(`the address range ${text} is not in order`);
    }
    return range;
  }
  const [address = '', mask] = text.split('/');
  const bound = needBound(address);
  if (mask === undefined) return { first: bound, last: bound };
  return typeof bound === 'number' ? maskIpv4(bound, mask, text) : maskIpv6(bound, mask, text);
}

function needBound(text: string): Bound {
  const bound = addressBound(text.trim());
  if (bound === undefined) throw new RuleError(`'${text.trim()}' is not an address`);
  return bound;
}

function maskIpv4(bound: number, mask: string, text: string): Range {
  const given = mask.includes('.') ? addressBound(mask) : undefined;
  const prefix = typeof given === 'number' ? Math.clz32(~given >>> 0) : Number(mask);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32) throw new RuleError(`the prefix of ${text} is none`);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(bound / size) * size;
  return { first, last: first + size - 1 };
}

function maskIpv6(bound: string, mask: string, text: string): Range {
  const prefix = Number(mask);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 128) throw new RuleError(`the prefix of ${text} is none`);
  const fill = (bit: '0' | '1') =>
    [...bound].map((digit, index) => maskDigit(Number.parseInt(digit, 16), prefix - index * 4, bit)).join('');
  return { first: fill('0'), last: fill('1') };
}

function maskDigit(digit: number, kept: number, fill: '0' | '1'): string {
  if (kept >= 4) return digit.toString(16);
  const free = kept <= 0 ? 15 : 15 >>> kept;
  return (fill === '0' ? digit & ~free : digit | free).toString(16);
}

/** @returns the address in a form that orders as addresses do; `undefined` when the text is no address */
export function addressBound(ip: string): Bound | undefined {
  return ip.includes(':') ? ipv6Bound(ip) : ipv4Bound(ip);
}

/** Called for both ends of every flow: nothing is made of the text. */
function ipv4Bound(ip: string): number | undefined {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 0;
  for (let at = 0; at < ip.length; at++) {
    const code = ip.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || part > 255) return undefined;
      value = value * 256 + part;
      part = digits = 0;
      parts += 1;
    } else {
      digits += 1;
      if (code < ZERO || code > NINE || digits > 3) return undefined;
      part = part * 10 + code - ZERO;
    }
  }
  return parts === 3 && digits > 0 && part <= 255 ? value * 256 + part : undefined;
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

function ipv6Bound(ip: string): string | undefined {
  let text = ip.toLowerCase();
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted?.[1] !== undefined) {
    const low = ipv4Bound(dotted[1]);
    if (low === undefined) return undefined;
    const words = `${Math.floor(low / 65_536).toString(16)}:${(low % 65_536).toString(16)}`;
    text = `${text.slice(0, -dotted[1].length)}${words}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = halves[0] === '' ? [] : (halves[0] ?? '').split(':');
  const tail = halves[1] === undefined || halves[1] === '' ? [] : halves[1].split(':');
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 0 : missing !== 0) return undefined;
  const words = [...head, ...new Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/.test(word))) return undefined;
  return words.map((word) => word.padStart(4, '0')).join('');
}

function isWithin(bound: Bound, ranges: readonly Range[]): boolean {
  for (const { first, last } of ranges) {
    if (first === ANY.first) return true;
    if (typeof first === typeof bound && bound >= first && bound <= last) return true;
  }
  return false;
}
