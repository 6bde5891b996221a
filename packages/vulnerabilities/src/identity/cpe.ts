/*
 * Names of products: CPE 2.3. Well-formed names and their bindings to a formatted string (`cpe:2.3:a:…`) and to a URI (`cpe:/a:…`):
 * NISTIR 7695, §5 and §6.
 */

/** `any` and `na` are the logical values; of a text, both ends may be open. */
export type CpeValue =
  | { readonly kind: 'any' }
  | { readonly kind: 'na' }
  | {
      readonly kind: 'text';
      /** In small letters, without quoting. */
      readonly text: string;
      /** How many characters may be before: `?` is one or none, `*` any number (Infinity). */
      readonly before: number;
      readonly after: number;
    };

export const CPE_ATTRIBUTES = [
  'part',
  'vendor',
  'product',
  'version',
  'update',
  'edition',
  'language',
  'softwareEdition',
  'targetSoftware',
  'targetHardware',
  'other',
] as const;

export type CpeAttribute = (typeof CPE_ATTRIBUTES)[number];

/** A well-formed name. */
export type CpeName = Readonly<Record<CpeAttribute, CpeValue>>;

const ANY: CpeValue = { kind: 'any' };
const NA: CpeValue = { kind: 'na' };
const LONGEST = 4096;
const URI_PARTS = 7;
const PACKED = ['edition', 'softwareEdition', 'targetSoftware', 'targetHardware', 'other'] as const;

/**
 * Reads a name from either binding. Fewer attributes than eleven are taken; those that lack are `any`.
 *
 * @returns undefined where the text is no CPE name: another prefix, a part other than a, o, h, a wildcard in the middle
 */
export function parseCpe(text: string): CpeName | undefined {
  const trimmed = text.trimStart().replace(/(?<!\\)\s+$/, '');
  if (trimmed.length > LONGEST) return undefined;
  const values = /^cpe:2\.3:/i.test(trimmed) ? readFormatted(trimmed.slice(8)) : readUri(trimmed);
  if (values === undefined || values.length > CPE_ATTRIBUTES.length) return undefined;
  const name = Object.fromEntries(CPE_ATTRIBUTES.map((attribute, i) => [attribute, values[i] ?? ANY])) as CpeName;
  const { part } = name;
  const isKnown = part.kind !== 'text' || /^[aoh]$/.test(part.text);
  return values.includes(undefined) || !isKnown ? undefined : name;
}

function readFormatted(body: string): (CpeValue | undefined)[] {
  return splitFormatted(body).map((part) => {
    if (part === '*' || part === '') return ANY;
    return part === '-'
      ? NA
      : toValue(
          [...part.matchAll(/\\([\s\S])|([\s\S])/g)].map(([, quoted, plain]) =>
            quoted === undefined ? { sign: plain ?? '', isQuoted: false } : { sign: quoted, isQuoted: true },
          ),
        );
  });
}

/** At colons that are not quoted. */
function splitFormatted(body: string): string[] {
  const parts: string[] = [''];
  for (const [piece] of body.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (piece === ':') parts.push('');
    else parts.push(`${parts.pop()}${piece}`);
  }
  return parts;
}

function readUri(text: string): (CpeValue | undefined)[] | undefined {
  if (!/^cpe:\//i.test(text)) return undefined;
  const parts = text.slice(5).split(':');
  if (parts.length > URI_PARTS) return undefined;
  const [edition = '', ...rest] = (parts[5] ?? '').startsWith('~')
    ? (parts[5] ?? '').slice(1).split('~')
    : [parts[5] ?? ''];
  const language = parts[6] ?? '';
  return [...Array.from({ length: 5 }, (_, i) => parts[i] ?? ''), edition, language, ...rest].map(readUriPart);
}

function readUriPart(part: string): CpeValue | undefined {
  if (part === '') return ANY;
  if (part === '-') return NA;
  if (/%(?![0-9a-f]{2})/i.test(part)) return undefined;
  const signs = [...part.matchAll(/%([0-9a-f]{2})|([\s\S])/gi)].map(([, code, plain]) => {
    if (code === '01') return { sign: '?', isQuoted: false };
    if (code === '02') return { sign: '*', isQuoted: false };
    return { sign: plain ?? String.fromCharCode(Number.parseInt(code ?? '0', 16)), isQuoted: true };
  });
  return toValue(signs);
}

interface Sign {
  readonly sign: string;
  readonly isQuoted: boolean;
}

function toValue(signs: readonly Sign[]): CpeValue | undefined {
  const isWild = (sign: Sign | undefined) =>
    sign !== undefined && !sign.isQuoted && (sign.sign === '*' || sign.sign === '?');
  let start = 0;
  let end = signs.length;
  while (isWild(signs[start])) start++;
  while (end > start && isWild(signs[end - 1])) end--;
  const middle = signs.slice(start, end);
  if (middle.some(isWild)) return undefined;
  const text = middle
    .map(({ sign }) => sign)
    .join('')
    .toLowerCase();
  const [before, after] = [reach(signs.slice(0, start)), reach(signs.slice(end))];
  return text === '' && before + after === Number.POSITIVE_INFINITY ? ANY : { kind: 'text', text, before, after };
}

function reach(wild: readonly Sign[]): number {
  return wild.some(({ sign }) => sign === '*') ? Number.POSITIVE_INFINITY : wild.length;
}

/** @returns the name as a formatted string */
export function formatCpe(name: CpeName): string {
  return `cpe:2.3:${CPE_ATTRIBUTES.map((attribute) => formatValue(name[attribute])).join(':')}`;
}

function formatValue(value: CpeValue): string {
  if (value.kind !== 'text') return value.kind === 'any' ? '*' : '-';
  const text = value.text === '-' ? String.raw`\-` : value.text.replaceAll(/[^a-z0-9._-]/g, String.raw`\$&`);
  return `${wildcards(value.before, '?', '*')}${text}${wildcards(value.after, '?', '*')}`;
}

function wildcards(count: number, one: string, many: string): string {
  return count === Number.POSITIVE_INFINITY ? many : one.repeat(count);
}

/** @returns the name as a URI, whose edition is packed where one of the attributes that came with 2.3 is set */
export function formatCpeUri(name: CpeName): string {
  const packed = PACKED.map((attribute) => uriValue(name[attribute]));
  const isPacked = packed.slice(1).some((part) => part !== '');
  const edition = isPacked ? `~${packed.join('~')}` : (packed[0] ?? '');
  const { part, vendor, product, version, update, language } = name;
  const parts = [...[part, vendor, product, version, update].map(uriValue), edition, uriValue(language)];
  return `cpe:/${parts.join(':').replace(/:+$/, '')}`;
}

function uriValue(value: CpeValue): string {
  if (value.kind !== 'text') return value.kind === 'any' ? '' : '-';
  const text = value.text.replaceAll(/[^a-z0-9._-]/g, (sign) => encodeSign(sign));
  return `${wildcards(value.before, '%01', '%02')}${text}${wildcards(value.after, '%01', '%02')}`;
}

function encodeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).padStart(2, '0').slice(-2)}`;
}
