import { setFlagsFromString } from 'node:v8';
import { RuleError, unquote } from '../rule-error.ts';
import { BacktrackingMatcher, type PcreMatch } from './backtracking.ts';
import { startsAtStart } from './first-bytes.ts';
import { parsePattern } from './parse.ts';
import { childrenOf, type PcreNode } from './syntax.ts';
import { isLinear, isSameInJavaScript, mayExplode, toJavaScript } from './to-javascript.ts';

/**
 * Backtracking is bounded: after so many steps back V8 starts again with its engine of linear time, which takes every
 * expression without look-around and references. Others that could take exponential time are matched by `BacktrackingMatcher`.
 */
const BACKTRACKS_BEFORE_LINEAR_TIME = 20_000;
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString(`--regexp-backtracks-before-fallback=${BACKTRACKS_BEFORE_LINEAR_TIME}`);

/** Bytes that an expression with look-around looks at; its time may grow with the square of them. */
const MAXIMUM_LOOK_AROUND_BYTES = 16_384;

/** Flags that name a buffer (Suricata user guide, "pcre (Perl Compatible Regular Expressions)"). */
const BUFFER_FLAGS: Readonly<Record<string, string>> = {
  U: 'http.uri',
  I: 'http.uri.raw',
  P: 'http.request_body',
  Q: 'file.data',
  H: 'http.header',
  D: 'http.header.raw',
  M: 'http.method',
  C: 'http.cookie',
  S: 'http.stat_code',
  Y: 'http.stat_msg',
  V: 'http.user_agent',
  W: 'http.host',
  Z: 'http.host.raw',
};

/** A `pcre` option, compiled. */
export interface PcrePattern {
  readonly isNegated: boolean;
  readonly isRelative: boolean;
  /** It matches at the start only. */
  readonly isAnchored: boolean;
  /** Buffer that a flag names. */
  readonly buffer: string | undefined;
  /** `flow:name` or `pkt:name` of what the groups capture. */
  readonly captures: readonly string[];
  /** @returns first match in Latin-1 text that begins at or behind `from` */
  find(text: string, from: number): PcreMatch | undefined;
}

/** @param value the option's value, `"/…/flags"`. @throws RuleError when it is damaged or cannot be matched here */
export function parsePcre(value: string): PcrePattern {
  const { isNegated, text } = unquote(value);
  // Published rules leave out one of the quotes now and then, which Suricata takes.
  const match = /^"?\/(.*)\/([a-zA-Z]*)"?((?:\s*,\s*(?:(?:flow|pkt|alert):)?\w+)*)\s*$/s.exec(text);
  if (match === null) throw new RuleError('pcre: it is not an expression between slashes');
  const [, pattern = '', flags = '', captureList = ''] = match;
  const buffers = [...flags].flatMap((flag) => BUFFER_FLAGS[flag] ?? []);
  checkFlags(flags, buffers);
  const parse = () =>
    parsePattern(Buffer.from(pattern, 'utf8').toString('latin1'), {
      isCaseless: flags.includes('i'),
      isMultiline: flags.includes('m'),
      isDotAll: flags.includes('s'),
      isExtended: flags.includes('x'),
      isUngreedy: flags.includes('G'),
      isDollarEndOnly: flags.includes('E'),
    });
  const node = parse();
  return {
    isNegated,
    isRelative: flags.includes('R'),
    isAnchored: flags.includes('A') || startsAtStart(node),
    buffer: buffers[0],
    captures: captureList.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
    find: createFinder(node, parse, flags.includes('A')),
  };
}

function checkFlags(flags: string, buffers: readonly string[]): void {
  for (const flag of flags) {
    if (!'imsxAEGRBO'.includes(flag) && BUFFER_FLAGS[flag] === undefined) {
      throw new RuleError(`pcre: flag ${flag} is unknown`);
    }
  }
  if (buffers.length > 1) throw new RuleError('pcre: its flags name two buffers');
}

/**
 * What is searched with is made once it is needed, because most rules never are; until then their expressions are text, which
 * takes a tenth of the memory.
 */
function createFinder(node: PcreNode, parse: () => PcreNode, isAnchored: boolean): PcrePattern['find'] {
  const isBounded = isLinear(node) && !isAnchored;
  if (!isSameInJavaScript(node) || (!isBounded && mayExplode(node))) {
    let matcher: BacktrackingMatcher | undefined;
    return (text, from) => {
      matcher ??= createMatcher(parse());
      return matcher.find(text, from, isAnchored);
    };
  }
  let expression: RegExp | undefined;
  return (text, from) => {
    expression ??= new RegExp(toJavaScript(parse()), isAnchored ? 'y' : 'g');
    const isLong = !isBounded && text.length - from > MAXIMUM_LOOK_AROUND_BYTES;
    const subject = isLong ? text.slice(0, from + MAXIMUM_LOOK_AROUND_BYTES) : text;
    expression.lastIndex = from;
    const match = expression.exec(subject);
    if (match === null) return undefined;
    return { start: match.index, end: match.index + match[0].length, group: (number) => match[number] };
  };
}

function createMatcher(node: PcreNode): BacktrackingMatcher {
  return new BacktrackingMatcher(node, countGroups(node));
}

function countGroups(node: PcreNode): number {
  const own = node.kind === 'capture' ? node.group : 0;
  return childrenOf(node).reduce((most, child) => Math.max(most, countGroups(child)), own);
}
