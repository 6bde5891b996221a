import { DATE_PARTS, type DatePart, type FieldTest, type Position } from './field-test.ts';
import { parseNetwork } from './network.ts';
import type { Comparison, Expression } from './rule.ts';
import { SigmaError } from './sigma-error.ts';
import { compileRegex } from './sigma-regex.ts';
import { ANY, joinPatterns, literalPattern, lowerCasePattern, plainText, type TextPattern } from './text-pattern.ts';
import { type RuleValue, type SigmaValue, TRANSFORMATIONS, toSigmaValue } from './transformations.ts';

/* Sigma modifiers appendix 2.1: what stands behind the field's name, applied from left to right. */

const COMPARISONS: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte']);

/** Modifiers that say what a value means, each with what it excludes besides. */
interface Meaning {
  kind: 'text' | 'regex' | 'network' | 'compare' | 'exists' | 'field';
  comparison: Comparison;
  part: DatePart | undefined;
  position: Position;
  isCased: boolean;
  isNegated: boolean;
  isAll: boolean;
  regexFlags: string;
}

/** Names of all modifiers, for the documents. */
export const MODIFIER_NAMES: readonly string[] = [
  ...['all', 'base64', 'base64offset', 'cased', 'cidr', 'contains', 'endswith', 'exists', 'expand', 'fieldref'],
  ...['gt', 'gte', 'lt', 'lte', 'neq', 're', 'i', 'm', 's', 'startswith'],
  ...['utf16', 'utf16be', 'utf16le', 'wide', 'windash', ...DATE_PARTS],
];

/**
 * What one item of a detection asks.
 *
 * @param key field with modifiers, or modifiers alone for the whole event
 * @param values as YAML gives them
 * @param placeholders what `%name%` stands for
 * @throws SigmaError with what is wrong
 */
export function readItem(
  key: string,
  values: readonly RuleValue[],
  placeholders: ReadonlyMap<string, readonly string[]>,
): Expression {
  const [name = '', ...modifiers] = key.split('|').map((part) => part.trim());
  const field = name === '' ? undefined : name;
  const meaning = defaultMeaning();
  let groups = values.map((value): readonly SigmaValue[] => [toSigmaValue(value)]);
  for (const modifier of modifiers) {
    const transformation = TRANSFORMATIONS[modifier];
    if (transformation === undefined) applyMeaning(meaning, modifier);
    else {
      checkOrder(meaning, modifier);
      groups = groups.map((group) => group.flatMap((value) => transformation(value, placeholders)));
    }
  }
  if (field === undefined && meaning.kind !== 'text' && meaning.kind !== 'regex') {
    throw new SigmaError(`'${key}' needs a field`);
  }
  const items = groups.map((group) =>
    joinExpressions(
      'or',
      group.map((value) => testOf(field, value, meaning, key)),
    ),
  );
  const joined = joinExpressions(meaning.isAll ? 'and' : 'or', items);
  return meaning.isNegated ? { kind: 'not', item: joined } : joined;
}

export function joinExpressions(kind: 'and' | 'or', items: readonly Expression[]): Expression {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind, items };
}

function defaultMeaning(): Meaning {
  return {
    kind: 'text',
    comparison: 'eq',
    part: undefined,
    position: 'equal',
    isCased: false,
    isNegated: false,
    isAll: false,
    regexFlags: '',
  };
}

function applyMeaning(meaning: Meaning, modifier: string): void {
  if (modifier === 'all') meaning.isAll = true;
  else if (modifier === 'cased') meaning.isCased = true;
  else if (modifier === 'neq') meaning.isNegated = true;
  else if (modifier === 're') setKind(meaning, 'regex', modifier);
  else if (modifier === 'cidr') setKind(meaning, 'network', modifier);
  else if (modifier === 'exists') setKind(meaning, 'exists', modifier);
  else if (modifier === 'fieldref') setKind(meaning, 'field', modifier);
  else if (modifier === 'contains' || modifier === 'startswith' || modifier === 'endswith')
    setPosition(meaning, modifier);
  else if (COMPARISONS.has(modifier)) {
    if (meaning.part === undefined) setKind(meaning, 'compare', modifier);
    meaning.comparison = modifier as Comparison;
  } else if ((DATE_PARTS as readonly string[]).includes(modifier)) {
    if (meaning.kind !== 'compare') setKind(meaning, 'compare', modifier);
    meaning.part = modifier as DatePart;
  } else if (modifier === 'i' || modifier === 'm' || modifier === 's') {
    if (meaning.kind !== 'regex') throw new SigmaError(`modifier '${modifier}' is only for 're'`);
    meaning.regexFlags += modifier;
  } else throw new SigmaError(`modifier '${modifier}' is unknown`);
}

function setKind(meaning: Meaning, kind: Meaning['kind'], modifier: string): void {
  const isPositioned = meaning.position !== 'equal' && kind !== 'field';
  if (meaning.kind !== 'text' || isPositioned)
    throw new SigmaError(`modifier '${modifier}' does not go with those before it`);
  meaning.kind = kind;
}

function setPosition(meaning: Meaning, modifier: string): void {
  const isFitting = meaning.kind === 'text' || meaning.kind === 'field';
  if (!isFitting || meaning.position !== 'equal') {
    throw new SigmaError(`modifier '${modifier}' does not go with those before it`);
  }
  meaning.position = modifier === 'contains' ? 'contains' : modifier === 'startswith' ? 'start' : 'end';
}

/** Encoding a value after wildcards were put around it would encode the wildcards. */
function checkOrder(meaning: Meaning, modifier: string): void {
  const isEncoding = modifier !== 'expand' && modifier !== 'windash';
  if (meaning.kind !== 'text' || (isEncoding && meaning.position !== 'equal')) {
    throw new SigmaError(`modifier '${modifier}' does not go with those before it`);
  }
}

function testOf(field: string | undefined, value: SigmaValue, meaning: Meaning, key: string): Expression {
  const test = (one: FieldTest): Expression => ({ kind: 'test', field, test: one });
  switch (meaning.kind) {
    case 'regex':
      return test({ kind: 'regex', regex: compileRegex(regexSource(value, key), regexFlags(meaning)) });
    case 'network':
      return test({ kind: 'network', network: parseNetwork(textOf(value, key)) });
    case 'exists':
      return existence(test({ kind: 'exists' }), value, key);
    case 'field':
      return test({ kind: 'field', other: textOf(value, key), position: meaning.position, isCased: meaning.isCased });
    case 'compare':
      return test({ kind: 'compare', comparison: meaning.comparison, value: numberOf(value, key), part: meaning.part });
    case 'text':
      return textTest(field, value, meaning, key, test);
  }
}

function existence(expression: Expression, value: SigmaValue, key: string): Expression {
  const text = value.kind === 'scalar' ? String(value.value).toLowerCase() : textOf(value, key).toLowerCase();
  if (text !== 'true' && text !== 'false') throw new SigmaError(`'${key}' must be true or false`);
  return text === 'true' ? expression : { kind: 'not', item: expression };
}

function textTest(
  field: string | undefined,
  value: SigmaValue,
  meaning: Meaning,
  key: string,
  test: (one: FieldTest) => Expression,
): Expression {
  const { position, isCased } = meaning;
  if (value.kind === 'scalar' && value.value === null) {
    if (position !== 'equal' || field === undefined) throw new SigmaError(`'${key}': null is no text`);
    return test({ kind: 'null' });
  }
  if (value.kind === 'scalar' && typeof value.value === 'number') return numberTest(field, value.value, position, test);
  const pattern =
    value.kind === 'scalar'
      ? literalPattern(String(value.value))
      : value.kind === 'text'
        ? value.pattern
        : literalPattern(bytesText(value.bytes));
  if (field === undefined && pattern.length === 0) throw new SigmaError('a keyword is empty');
  // A keyword is looked for anywhere in the event's text.
  const placed = place(pattern, field === undefined ? 'contains' : position);
  return test({ kind: 'text', pattern: isCased ? placed : lowerCasePattern(placed), isCased });
}

/** Numbers of events are often written as hexadecimal text. */
function numberTest(
  field: string | undefined,
  value: number,
  position: Position,
  test: (one: FieldTest) => Expression,
): Expression {
  const texts = [String(value)];
  if (position === 'equal' && field !== undefined && Number.isSafeInteger(value) && value >= 0) {
    texts.push(`0x${value.toString(16)}`);
  }
  const where = field === undefined ? 'contains' : position;
  return joinExpressions(
    'or',
    texts.map((text) => test({ kind: 'text', pattern: place([text], where), isCased: false })),
  );
}

function place(pattern: TextPattern, position: Position): TextPattern {
  switch (position) {
    case 'equal':
      return pattern;
    case 'contains':
      return joinPatterns([ANY], pattern, [ANY]);
    case 'start':
      return joinPatterns(pattern, [ANY]);
    case 'end':
      return joinPatterns([ANY], pattern);
  }
}

function regexFlags({ regexFlags: flags }: Meaning) {
  return { isCaseless: flags.includes('i'), isMultiline: flags.includes('m'), isDotAll: flags.includes('s') };
}

function regexSource(value: SigmaValue, key: string): string {
  if (value.kind === 'bytes' || value.source === undefined) throw new SigmaError(`'${key}' needs an expression`);
  return value.source;
}

function textOf(value: SigmaValue, key: string): string {
  const text = value.kind === 'text' ? plainText(value.pattern) : undefined;
  if (text === undefined || text.trim() === '') throw new SigmaError(`'${key}' needs text without wildcards`);
  return text;
}

function numberOf(value: SigmaValue, key: string): number {
  const number =
    value.kind === 'scalar' ? value.value : value.kind === 'text' ? Number(plainText(value.pattern) || 'x') : NaN;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new SigmaError(`'${key}' needs a number`);
  return number;
}

function bytesText(bytes: Buffer): string {
  return bytes.toString('latin1');
}
