import type { RawProduct } from './raw-products.ts';

/** A version to ask of, and what the document says of it. */
export interface Probe {
  readonly version: string;
  /** `clean` stands for not affected or fixed. */
  readonly expected: 'affected' | 'clean' | 'unknown';
  /** Which place in the range it is. */
  readonly why: string;
}

interface Interval {
  readonly low?: { readonly version: string; readonly isIn: boolean };
  readonly high?: { readonly version: string; readonly isIn: boolean };
}

/** Numbers with dots, which can be counted up and down. */
const NUMBERS = /^\d+(\.\d+)*$/;
/** A version by name: `B.02`, `CR-IR 357`; lists and `14.x` are more than one. */
const ONE_NAME = /^(?!.*\.x\b)[\w.() /-]+$/i;
const SIGNED = /^\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)*)\s*$/;

/**
 * @param entries all that the document says of one product
 * @returns probes at and beside every bound. Where an entry is in words that this reading does not know, nothing is asked of
 *   versions outside the others, and one that stands for one version is asked as it is written
 */
export function probesOf(entries: readonly RawProduct[]): readonly Probe[] {
  const unknown: Probe = { version: 'unknown', expected: 'unknown', why: 'unknown version' };
  const texts = [...new Set(entries.map(({ versions }) => versions))];
  const intervals = texts.map(readInterval);
  const known = intervals.filter((interval) => interval !== undefined);
  const isAll = known.some(({ low, high }) => low === undefined && high === undefined);
  if (isAll) return [unknown, { version: '1.0', expected: 'affected', why: 'all versions' }];
  const isWhole = known.length === intervals.length;
  const probes = known
    .flatMap((interval) => probesOfInterval(interval))
    .flatMap(({ version, why }): readonly Probe[] => {
      if (known.some((interval) => contains(interval, version))) return [{ version, expected: 'affected', why }];
      return isWhole ? [{ version, expected: 'clean', why }] : [];
    });
  const asWritten = entries
    .filter(({ versions, isOne }) => isOne && ONE_NAME.test(versions))
    .map(({ versions }): Probe => ({ version: versions, expected: 'affected', why: 'as written' }));
  return [unknown, ...probes, ...asWritten];
}

function readInterval(text: string): Interval | undefined {
  if (text === 'vers:all/*') return {};
  if (NUMBERS.test(text)) return { low: { version: text, isIn: true }, high: { version: text, isIn: true } };
  const parts = text.split('|').map((part) => SIGNED.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  const bounds = parts.map((part) => ({ sign: part?.[1] ?? '', version: part?.[2] ?? '' }));
  const low = bounds.filter(({ sign }) => sign.startsWith('>'));
  const high = bounds.filter(({ sign }) => sign.startsWith('<'));
  if (low.length > 1 || high.length > 1) return undefined;
  const bound = (found: (typeof bounds)[number] | undefined) =>
    found === undefined ? undefined : { version: found.version, isIn: found.sign.endsWith('=') };
  const [from, to] = [bound(low[0]), bound(high[0])];
  return { ...(from && { low: from }), ...(to && { high: to }) };
}

function probesOfInterval({ low, high }: Interval): readonly { readonly version: string; readonly why: string }[] {
  return [
    ...(low === undefined ? [] : aroundOf(low.version, 'lower bound')),
    ...(high === undefined ? [] : aroundOf(high.version, 'upper bound')),
  ];
}

function aroundOf(version: string, bound: string) {
  const below = stepped(version, -1);
  return [
    { version, why: `at the ${bound}` },
    { version: stepped(version, 1) ?? version, why: `above the ${bound}` },
    { version: `${version}.1`, why: `just above the ${bound}` },
    ...(below === undefined ? [] : [{ version: below, why: `below the ${bound}` }]),
  ];
}

/** @returns the last number that can be changed one up or down; undefined where all are 0 */
function stepped(version: string, by: 1 | -1): string | undefined {
  const numbers = version.split('.').map(BigInt);
  for (let at = numbers.length - 1; at >= 0; at -= 1) {
    const number = numbers[at] ?? 0n;
    if (by === -1 && number === 0n) continue;
    return [...numbers.slice(0, at), number + BigInt(by), ...numbers.slice(at + 1)].join('.');
  }
  return undefined;
}

function contains({ low, high }: Interval, version: string): boolean {
  const fits = (bound: Interval['low'], side: 1 | -1) => {
    if (bound === undefined) return true;
    const order = compareNumbers(version, bound.version) * side;
    return order > 0 || (order === 0 && bound.isIn);
  };
  return fits(low, 1) && fits(high, -1);
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(BigInt));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const [x, y] = [left?.[at] ?? 0n, right?.[at] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
