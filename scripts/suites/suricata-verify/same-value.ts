import { maskLocation, maskTarget, packedIp } from '@sphinx/wire';

/**
 * @param key path of a value in an event
 * @returns whether a value of ours says what is expected: addresses are compared as addresses, for we write those of IPv6 as
 *   RFC 5952 wants it; the address of an HTTP request is expected with its identifiers masked and without query, for that is
 *   all that leaves the parser
 */
export function isSameValue(key: string, value: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'object' && wanted !== null) return isSameObject(key, value, wanted);
  if (value === wanted || String(value) === String(wanted)) return true;
  if (typeof value !== 'string' || typeof wanted !== 'string') return false;
  if (/(^|\.)http\.url$/.test(key)) return value === maskTarget(wanted).path;
  if (/(^|\.)http\.redirect$/.test(key)) return value === maskLocation(wanted);
  return wanted.includes(':') && isSameAddress(value, wanted);
}

function isSameObject(key: string, value: unknown, wanted: object): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(wanted)) return false;
  const entries = Object.entries(wanted);
  const own = new Map<string, unknown>(Object.entries(value));
  const join = (name: string) => (Array.isArray(wanted) ? `${key}[${name}]` : `${key}.${name}`);
  return own.size === entries.length && entries.every(([name, each]) => isSameValue(join(name), own.get(name), each));
}

function isSameAddress(left: string, right: string): boolean {
  const [a, b] = [packedIp(left), packedIp(right)];
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
