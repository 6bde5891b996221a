import { GrokError, type PatternNode, parsePattern, REACHING_TYPES } from './parse-pattern.ts';
import { VALUE_SCANNERS, type ValueScanner } from './value-types.ts';

/*
 * Patterns for lines of logs. A pattern is matched from left to right in one pass: what may be missing is taken where it fits, of several
 * options the first that fits is taken, and neither is ever taken back. Text reaches up to the words that follow it in the
 * pattern. So the time is at most the length of the pattern times the length of the line, whatever either says.
 */

/** A compiled pattern. */
export interface GrokPattern {
  /** Names of the fields that it may give. */
  readonly fields: readonly string[];
  /** @returns the fields of a line that fits from its beginning to its end, else undefined */
  match(line: string): Record<string, string> | undefined;
}

/** @returns where the match ends, or −1 */
type Step = (text: string, at: number, captures: string[]) => number;

/** What may stand behind a value: texts, or the end of the line. */
interface Following {
  readonly texts: readonly string[];
  readonly mayEnd: boolean;
  /** A value without text before it follows. */
  readonly isOpen: boolean;
}

const END: Following = { texts: [], mayEnd: true, isOpen: false };

/**
 * @param pattern text with `%{TYPE:field}`, `( … )?` and `( … | … )`; a blank fits one or more blanks or tabs
 * @param named patterns that may be used as types
 * @throws GrokError that says what is wrong with it
 */
export function compileGrok(pattern: string, named: ReadonlyMap<string, string> = new Map()): GrokPattern {
  const nodes = parsePattern(pattern, named);
  const fields = new Set<string>();
  const step = sequence(nodes, END, fields);
  return {
    fields: [...fields],
    match(line) {
      const captures: string[] = [];
      const end = step(line, skipBlanks(line, 0), captures);
      if (end < 0 || skipBlanks(line, end) !== line.length) return undefined;
      const found: Record<string, string> = Object.create(null) as Record<string, string>;
      for (let index = 0; index < captures.length; index += 2) found[captures[index] ?? ''] = captures[index + 1] ?? '';
      return found;
    },
  };
}

function sequence(nodes: readonly PatternNode[], behind: Following, fields: Set<string>): Step {
  const steps = nodes.map((node, index) => toStep(node, followingOf(nodes.slice(index + 1), behind), fields));
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  return (text, start, captures) => {
    let at = start;
    for (const step of steps) {
      at = step(text, at, captures);
      if (at < 0) return -1;
    }
    return at;
  };
}

function toStep(node: PatternNode, behind: Following, fields: Set<string>): Step {
  switch (node.kind) {
    case 'literal':
      return literalStep(node.text);
    case 'value':
      return capturing(node.field, scannerOf(node.type, behind), node.type === 'QUOTED', fields);
    case 'group':
      return groupStep(node, behind, fields);
  }
}

function literalStep(literal: string): Step {
  return (text, start) => {
    let at = start;
    for (let index = 0; index < literal.length; index++) {
      if (literal[index] === ' ') {
        const end = skipBlanks(text, at);
        if (end === at) return -1;
        at = end;
      } else if (text[at++] !== literal[index]) return -1;
    }
    return at;
  };
}

function groupStep(
  { options, isOptional, field }: PatternNode & { readonly kind: 'group' },
  behind: Following,
  fields: Set<string>,
): Step {
  const steps = options.map((option) => sequence(option, behind, fields));
  const step: Step = (text, at, captures) => {
    const { length } = captures;
    for (const option of steps) {
      const end = option(text, at, captures);
      if (end >= 0) return end;
      captures.length = length;
    }
    return isOptional ? at : -1;
  };
  if (field === undefined) return step;
  fields.add(field);
  return (text, at, captures) => {
    const end = step(text, at, captures);
    if (end > at) captures.push(field, text.slice(at, end));
    return end;
  };
}

function capturing(field: string | undefined, scan: ValueScanner, isQuoted: boolean, fields: Set<string>): Step {
  if (field === undefined) return scan;
  fields.add(field);
  return (text, at, captures) => {
    const end = scan(text, at);
    if (end >= 0) captures.push(field, isQuoted ? unquoted(text.slice(at, end)) : text.slice(at, end));
    return end;
  };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function scannerOf(type: string, behind: Following): ValueScanner {
  const scanner = VALUE_SCANNERS.get(type);
  if (scanner !== undefined) return scanner;
  if (type === 'REST') return (text) => text.length;
  if (behind.isOpen) {
    throw new GrokError(`Put a text behind %{${type}}: it reaches up to what follows it, which may be anything here.`);
  }
  const { texts, mayEnd } = behind;
  if (type === 'LASTTEXT') return (text, at) => lastOf(text, at, texts, mayEnd);
  if (type === 'TEXT') return (text, at) => firstOf(text, at, texts, mayEnd);
  return (text, at) => {
    const blank = endOfWord(text, at);
    const stop = firstOf(text, at, texts, true);
    const end = Math.min(blank, stop);
    return end === at ? -1 : end;
  };
}

function firstOf(text: string, at: number, stops: readonly string[], mayEnd: boolean): number {
  let first = mayEnd ? text.length : -1;
  for (const stop of stops) {
    const place = text.indexOf(stop, at);
    if (place >= 0 && (first < 0 || place < first)) first = place;
  }
  return first;
}

function lastOf(text: string, at: number, stops: readonly string[], mayEnd: boolean): number {
  let last = -1;
  for (const stop of stops) {
    const place = text.lastIndexOf(stop);
    if (place >= at && place > last) last = place;
  }
  return last < 0 && mayEnd ? text.length : last;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** What may stand at the beginning of these nodes, or behind them where they may be nothing. */
function followingOf(nodes: readonly PatternNode[], behind: Following): Following {
  const [first] = nodes;
  if (first === undefined) return behind;
  if (first.kind === 'literal') return { texts: [first.text], mayEnd: false, isOpen: false };
  if (first.kind === 'value') {
    const isEnd = first.type === 'REST' || (REACHING_TYPES.has(first.type) && nodes.length === 1 && behind.mayEnd);
    return { texts: [], mayEnd: isEnd, isOpen: true };
  }
  const rest = nodes.slice(1);
  const ways = first.options.map((option) => followingOf([...option, ...rest], behind));
  if (first.isOptional) ways.push(followingOf(rest, behind));
  return {
    texts: [...new Set(ways.flatMap(({ texts }) => texts))],
    mayEnd: ways.some(({ mayEnd }) => mayEnd),
    isOpen: ways.some(({ isOpen }) => isOpen),
  };
}
