import { transportName } from '../flow/flow-state.ts';
import { formatIpv4 } from '../ip/address.ts';

/** Longest text of another sensor that is taken over. */
const MAXIMUM_TEXT = 512;

/** One JSON object or one line of columns, whose values may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the JSON object that a line holds, or undefined when it holds none */
export function parseFields(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the object under `name`, or an empty one */
export function fieldsOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

/** @returns text of a bounded length, empty where there is none */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value.slice(0, MAXIMUM_TEXT);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** @returns a whole number from 0 to 2^53-1; 0 where there is none */
export function countOf(fields: Fields, name: string): number {
  return countIn(fields[name]);
}

/** @returns a whole number from 0 to 2^53-1; 0 where the value is none */
export function countIn(value: unknown): number {
  const number = Math.floor(Number(value));
  return number > 0 && number <= Number.MAX_SAFE_INTEGER ? number : 0;
}

/** Latest time that is believed, in seconds since the epoch: the year 3000. */
const LATEST_SECONDS = 32_503_680_000;

/** @returns microseconds since the epoch; 0 where the value is no time */
export function microsOfSeconds(value: unknown): number {
  const seconds = Number(value);
  return seconds > 0 && seconds < LATEST_SECONDS ? Math.round(seconds * 1e6) : 0;
}

/** @returns the texts of a list; of a single text, that one */
export function textsOf(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return [value.slice(0, MAXIMUM_TEXT)];
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === 'string').map((item) => item.slice(0, MAXIMUM_TEXT));
}

export function listOf(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

const MAC = /^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i;

/** @returns the link address as `00:11:22:33:44:55`, or undefined when it is none */
export function macOf(text: string): string | undefined {
  if (!MAC.test(text)) return undefined;
  const digits = text.replaceAll(/[:-]/g, '').toLowerCase();
  return digits.match(/../g)?.join(':');
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]*$/i;

/** @returns the address in the form in which our own sensor writes it, or undefined when it is none */
export function ipOf(text: string): string | undefined {
  if (IPV4.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.some((octet) => octet > 255)
      ? undefined
      : formatIpv4(octets.reduce((word, octet) => (word << 8) | octet, 0) | 0);
  }
  if (!IPV6.test(text)) return undefined;
  try {
    // RFC 5952: the URL parser of the run time writes the canonical form.
    return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** @returns a VLAN id, or undefined when the value is none */
export function vlanOf(value: unknown): number | undefined {
  const vlan = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(vlan) && vlan > 0 && vlan < 4095 ? vlan : undefined;
}

export function portOf(fields: Fields, name: string): number {
  return portIn(fields[name]);
}

/** @returns a port; 0 where the value is none */
export function portIn(value: unknown): number {
  const port = Number(value ?? 0);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 0;
}

/** Other sensors' names of transports → ours. */
const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['ipv6-icmp', 'icmpv6'],
  ['icmp6', 'icmpv6'],
  ['t', 'tcp'],
  ['u', 'udp'],
]);

/** @param name as other sensors write it: `TCP`, `6`, `IPv6-ICMP` */
export function transportOf(name: string): string {
  const lower = name.toLowerCase();
  const number = Number(lower);
  if (lower !== '' && Number.isInteger(number)) return transportName(number);
  return TRANSPORTS.get(lower) ?? lower;
}
