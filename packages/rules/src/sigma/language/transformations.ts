import { SigmaError } from './sigma-error.ts';
import {
  ANY,
  joinPatterns,
  literalPattern,
  ONE,
  parseTextPattern,
  plainText,
  type TextPattern,
} from './text-pattern.ts';

/* Modifiers that make other values of a value: "Encoding", `windash` and `expand` of the Sigma modifiers appendix. */

/** A value as YAML gives it. */
export type RuleValue = string | number | boolean | null;

export type SigmaValue =
  /** @param source the text as it stands in the rule, for expressions */
  | { readonly kind: 'text'; readonly pattern: TextPattern; readonly source: string | undefined }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'scalar'; readonly value: number | boolean | null; readonly source: string | undefined };

type Transformation = (
  value: SigmaValue,
  placeholders: ReadonlyMap<string, readonly string[]>,
) => readonly SigmaValue[];

/** More values than this from one value are refused. */
const MAXIMUM_VALUES = 4096;

export function toSigmaValue(value: RuleValue): SigmaValue {
  if (typeof value === 'string') return { kind: 'text', pattern: parseTextPattern(value), source: value };
  return { kind: 'scalar', value, source: value === null ? undefined : String(value) };
}

export const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  __proto__: null as never,
  base64: (value) => [text(bytesOf(value, 'base64').toString('base64'))],
  base64offset: (value) => base64Offsets(bytesOf(value, 'base64offset')),
  utf16le: (value) => [bytes(Buffer.from(plain(value, 'utf16le'), 'utf16le'))],
  wide: (value) => [bytes(Buffer.from(plain(value, 'wide'), 'utf16le'))],
  utf16be: (value) => [bytes(Buffer.from(plain(value, 'utf16be'), 'utf16le').swap16())],
  utf16: (value) => [bytes(Buffer.from(`\uFEFF${plain(value, 'utf16')}`, 'utf16le'))],
  windash: (value) => dashes(value),
  expand: (value, placeholders) => expand(value, placeholders),
};

function text(value: string): SigmaValue {
  return { kind: 'text', pattern: literalPattern(value), source: value };
}

function bytes(value: Buffer): SigmaValue {
  return { kind: 'bytes', bytes: value };
}

function plain(value: SigmaValue, modifier: string): string {
  if (value.kind === 'scalar' && typeof value.value === 'number') return String(value.value);
  const literal = value.kind === 'text' ? plainText(value.pattern) : undefined;
  if (literal === undefined) throw new SigmaError(`modifier '${modifier}' needs text without wildcards`);
  return literal;
}

function bytesOf(value: SigmaValue, modifier: string): Buffer {
  return value.kind === 'bytes' ? value.bytes : Buffer.from(plain(value, modifier), 'utf8');
}

/** What stays the same of the three forms that a value may have inside of longer encoded text: up to two bytes stand before. */
function base64Offsets(value: Buffer): readonly SigmaValue[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), value])
      .toString('base64')
      .replace(/=+$/, '');
    const bitsBefore = offset * 8;
    const first = Math.ceil(bitsBefore / 6);
    const isWhole = (value.length + offset) % 3 === 0;
    return text(encoded.slice(first, isWhole ? undefined : -1));
  });
}

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** A dash that begins a flag: nothing of a word before it, a word behind it. */
const FLAG = /(?<!\w)[-/\u2013\u2014\u2015](?=\w)/g;

function dashes(value: SigmaValue): readonly SigmaValue[] {
  if (value.kind !== 'text') return [value];
  let patterns: TextPattern[] = [[]];
  for (const part of value.pattern) {
    const pieces = typeof part === 'string' ? part.split(FLAG) : [];
    if (typeof part !== 'string' || pieces.length === 1) {
      patterns = patterns.map((pattern) => joinPatterns(pattern, [part]));
      continue;
    }
    pieces.forEach((piece, number) => {
      if (number > 0) patterns = patterns.flatMap((pattern) => DASHES.map((dash) => joinPatterns(pattern, [dash])));
      if (patterns.length > MAXIMUM_VALUES) throw new SigmaError('windash: the value has too many dashes');
      patterns = patterns.map((pattern) => joinPatterns(pattern, [piece]));
    });
  }
  return patterns.map((pattern) => ({ kind: 'text', pattern, source: undefined }));
}

const PLACEHOLDER = /\\%|%([A-Za-z0-9_.-]+)%/g;

function expand(value: SigmaValue, placeholders: ReadonlyMap<string, readonly string[]>): readonly SigmaValue[] {
  if (value.kind !== 'text') return [value];
  let patterns: TextPattern[] = [[]];
  const append = (alternatives: readonly TextPattern[]) => {
    patterns = patterns.flatMap((pattern) => alternatives.map((each) => joinPatterns(pattern, each)));
    if (patterns.length > MAXIMUM_VALUES) throw new SigmaError('expand: the placeholders have too many values');
  };
  for (const part of value.pattern) {
    if (part === ANY || part === ONE) {
      append([[part]]);
      continue;
    }
    let end = 0;
    for (const match of part.matchAll(PLACEHOLDER)) {
      append([literalPattern(part.slice(end, match.index))]);
      end = match.index + match[0].length;
      append(match[1] === undefined ? [['%']] : placeholderValues(match[1], placeholders));
    }
    append([literalPattern(part.slice(end))]);
  }
  return patterns.map((pattern) => ({ kind: 'text', pattern, source: undefined }));
}

function placeholderValues(name: string, placeholders: ReadonlyMap<string, readonly string[]>): readonly TextPattern[] {
  const values = placeholders.get(name);
  if (values === undefined || values.length === 0) {
    throw new SigmaError(`expand: nothing is known of the placeholder %${name}%; give it values in a pipeline`);
  }
  return values.map(parseTextPattern);
}
