import type { VersionInterval, VersionRange, VersionScheme } from '../../advisory.ts';
import {
  ALL_VERSIONS,
  between,
  type Constraint,
  exactly,
  intersectConstraints,
  nextAt,
  unclearRange,
} from './intervals.ts';
import { readVers } from './vers.ts';

/* Ranges in the words of vendors: `prior to 2.1`, `2.0 through 2.4 SP1`, `v1.2 and earlier`, `>= 1.0, < 3`. */

const LONGEST = 1000;
/* No two parts of an expression that follow each other may take the same character: texts are hostile. */
const LABEL = String.raw`(?:(?:software|firmware|sw|fw)\s+)?(?:(?:versions?|vers?\.?|releases?)\s*(?=v?[\da-z._-]*\d)|v\.?\s*(?=\d))?(?:v\.?\s*(?=\d))?`;
const SUFFIX = String.raw`(?:\s+(?:sp|service pack|hotfix|hf|patch|update|build|rev\.?|revision|beta|alpha|rc|u|r)(?:\s*\.)?\s*\d[\w.]*|\s*\((?:build|rev\.?)\s*[\w.]+\))`;
const VERSION = String.raw`${LABEL}([a-z]{0,6}[._-]?\d[\w.+~:*-]*${SUFFIX}{0,8})`;
const VERSIONS = String.raw`(?:\s+(?:versions?|releases?|ones))?`;
const ALL = String.raw`(?:(?:all|any)\s+)?(?:(?:software|firmware)\s+)?(?:versions?\s+|releases?\s+)?`;
const BEFORE = String.raw`(?:prior\s+to|before|below|earlier\s+than|older\s+than|lower\s+than|less\s+than|preceding)`;
const UP_TO = String.raw`(?:up\s+to\s+and\s+including|up\s*to,?\s+and\s+including|up\s+to\s+\(including\)|through|thru|up\s+to|to|–|—|-)`;
const OLDER = `(?:earlier|prior|older|below|lower|previous|before)`;
const NEWER = `(?:later|newer|above|higher|up|onwards?|after|greater)`;
const AND = String.raw`\s*,?\s*(?:and|or|&)\s+(?:all\s+|any\s+)?`;

type Reader = (first: string, second: string) => VersionInterval[];

/** The first that fits the whole text decides. */
const FORMS: readonly (readonly [RegExp, Reader])[] = [
  [
    form(`(?:all|any)(?:\\s+(?:known|released|supported|current))?(?:\\s+(?:versions?|releases?|firmware|software))*`),
    () => [ALL_VERSIONS],
  ],
  [form(String.raw`\*|vers:all/\*|0\+`), () => [ALL_VERSIONS]],
  [
    form(`${ALL}(?:up\\s+to|to)\\s+(?:\\(excluding\\)|but\\s+not\\s+including|but\\s+excluding)\\s+${VERSION}`),
    (to) => [before(to)],
  ],
  [
    form(`${ALL}(?:versions\\s+)?${BEFORE}\\s+(?:and\\s+including|or\\s+equal\\s+to)\\s+${VERSION}`),
    (to) => [upTo(to)],
  ],
  [form(`${ALL}(?:which\\s+are\\s+|that\\s+are\\s+)?${BEFORE}\\s+${VERSION}`), (to) => [before(to)]],
  [form(`${ALL}${UP_TO}\\s+${VERSION}(?:\\s+inclusive|\\s+\\(inclusive\\))?`), (to) => [upTo(to)]],
  [form(`${ALL}${VERSION}${AND}${OLDER}${VERSIONS}`), (to) => [upTo(to)]],
  [form(`${ALL}${VERSION}(?:${AND}${NEWER}${VERSIONS}|\\s+onwards?|\\s*\\+)`), (from) => [since(from)]],
  [
    form(`${ALL}(?:from|since|starting\\s+(?:with|from|at))\\s+${VERSION}(?:\\s+(?:on|onwards?|and\\s+later))?`),
    (from) => [since(from)],
  ],
  [
    form(`${ALL}(?:after|later\\s+than|newer\\s+than|above|greater\\s+than|higher\\s+than)\\s+${VERSION}`),
    (from) => [{ from: { version: from, isInclusive: false } }],
  ],
  [
    form(
      `${ALL}(?:from\\s+)?${VERSION}\\s*,?\\s*(?:and\\s+|to\\s+|up\\s+to\\s+)?(?:versions?\\s+)?(?:${BEFORE}|\\(excluding\\)|but\\s+not\\s+including)\\s+${VERSION}`,
    ),
    (from, to) => [between(firstOf(from), to)],
  ],
  [
    form(
      `${ALL}(?:from\\s+)?${VERSION}\\s+(?:up\\s+)?to\\s+\\(?(?:excluding|but\\s+not\\s+including)\\)?\\s+${VERSION}`,
    ),
    (from, to) => [between(firstOf(from), to)],
  ],
  [form(`${ALL}between\\s+${VERSION}\\s+and\\s+${VERSION}`), fromTo],
  [
    form(
      `${ALL}(?:from\\s+)?${VERSION}(?:\\s+${UP_TO}\\s+|\\s*[–—]\\s*)${VERSION}(?:\\s+inclusive|\\s+\\(inclusive\\))?`,
    ),
    fromTo,
  ],
  [form(`${ALL}${VERSION}(?:\\s+only)?`), (version) => [wildcard(version) ?? exactly(version)]],
];

/**
 * Reads a range from the words of a source, VERS included.
 *
 * @param text at most 1,000 characters are read as a range
 * @param scheme of versions, where the source tells it
 * @returns a range with `unclear` where the words were not understood: nobody is told that a version is in it, or not
 */
export function readRangeText(text: string, scheme: VersionScheme = 'generic'): VersionRange {
  if (text.length > LONGEST) return unclearRange(scheme, text.slice(0, LONGEST));
  const trimmed = text
    .trim()
    .replace(/[.;,]+$/, '')
    .replaceAll(/\s+/g, ' ');
  if (trimmed === '') return unclearRange(scheme, text);
  const vers = readVers(trimmed);
  if (vers !== undefined) return vers;
  const intervals = readAlternatives(trimmed, scheme);
  return intervals === undefined ? unclearRange(scheme, text) : { scheme, intervals };
}

function form(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'i');
}

function readAlternatives(text: string, scheme: VersionScheme): VersionInterval[] | undefined {
  const whole = readOne(text, scheme);
  if (whole !== undefined) return whole;
  for (const separator of [/\s*(?:;|\|\|)\s*/, /\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+/i]) {
    const parts = text.split(separator).filter((part) => part !== '');
    if (parts.length < 2) continue;
    const read = parts.map((part) =>
      separator.source.includes(';') ? readAlternatives(part, scheme) : readOne(part, scheme),
    );
    if (read.every((part) => part !== undefined)) return read.flat();
  }
  return undefined;
}

function readOne(text: string, scheme: VersionScheme): VersionInterval[] | undefined {
  const constraints = readConstraints(text);
  if (constraints !== undefined) return intersectConstraints(scheme, constraints);
  for (const [pattern, read] of FORMS) {
    const match = pattern.exec(text);
    if (match !== null) return read(match[1] ?? '', match[2] ?? '');
  }
  return undefined;
}

const SIGNED = new RegExp(String.raw`\s*(<=|>=|==|!=|≤|≥|=<|=>|<|>|=)\s*${VERSION}\s*(?:,|and|&&|[|](?![|]))?`, 'giy');
const SIGNS: Readonly<Record<string, Constraint['sign']>> = { '≤': '<=', '≥': '>=', '=<': '<=', '=>': '>=', '==': '=' };

/** @returns undefined where the text is anything but signs and versions */
function readConstraints(text: string): Constraint[] | undefined {
  const bare = text.replace(/^(?:all\s+)?(?:versions?|v)\s*(?=[<>=≤≥])/i, '');
  const withFirst = /^([\d.]+[\w.]*)\s*(?=(?:,\s*)?<)/.exec(bare);
  const signed = withFirst === null ? bare : `>=${bare}`;
  const constraints: Constraint[] = [];
  let end = 0;
  for (const match of signed.matchAll(SIGNED)) {
    const [whole, sign = '', version = ''] = match;
    constraints.push(...withoutWildcard({ sign: SIGNS[sign] ?? (sign as Constraint['sign']), version }));
    end = match.index + whole.length;
  }
  if (constraints.length === 0 || end !== signed.length) return undefined;
  return isAmbiguous(text, constraints) ? undefined : constraints;
}

/** `<= U61 | <= L81` is about two lines of a product; which one a version belongs to is not told. */
function isAmbiguous(text: string, constraints: readonly Constraint[]): boolean {
  const upper = constraints.filter(({ sign }) => sign.startsWith('<')).length;
  const lower = constraints.filter(({ sign }) => sign.startsWith('>')).length;
  return text.includes('|') && (upper > 1 || lower > 1 || upper + lower < constraints.length);
}

/** `<= 2.x` is `< 3`, `> 2.x` is `>= 3`. */
function withoutWildcard({ sign, version }: Constraint): Constraint[] {
  const all = wildcard(version);
  const [first, next] = [all?.from?.version, all?.to?.version];
  if (first === undefined || next === undefined) return [{ sign, version }];
  if (sign === '<=') return [{ sign: '<', version: next }];
  if (sign === '>') return [{ sign: '>=', version: next }];
  if (sign !== '=') return [{ sign, version: first }];
  return [
    { sign: '>=', version: first },
    { sign: '<', version: next },
  ];
}

function before(version: string): VersionInterval {
  return { to: { version: firstOf(version), isInclusive: false } };
}

/** Up to `2.x` is up to before 3. */
function upTo(version: string): VersionInterval {
  const to = wildcard(version)?.to ?? { version, isInclusive: true };
  return { to };
}

function since(version: string): VersionInterval {
  return { from: { version: firstOf(version), isInclusive: true } };
}

function fromTo(from: string, to: string): VersionInterval[] {
  return [{ ...since(from), ...upTo(to) }];
}

function firstOf(version: string): string {
  return wildcard(version)?.from?.version ?? version;
}

/** `2.x`, `2.4.*`; undefined for others */
function wildcard(version: string): VersionInterval | undefined {
  const numbers = /^v?(\d[\d.]*?)(?:\.[x*])+$/i.exec(version)?.[1];
  return numbers === undefined ? undefined : between(numbers, nextAt(numbers, numbers.split('.').length - 1));
}
