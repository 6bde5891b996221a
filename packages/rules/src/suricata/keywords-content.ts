import { CONTENT_MODIFIERS, findBuffer } from './buffers.ts';
import type {
  Base64DecodeCondition,
  ByteExtractCondition,
  ByteJumpCondition,
  ByteMathCondition,
  ByteTestCondition,
  ContentCondition,
  NumberAt,
} from './conditions.ts';
import { lowerCase, parseContentPattern } from './content-pattern.ts';
import { parseIntegerTest } from './integer-test.ts';
import { parsePcre } from './pcre/pcre.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError, unquote } from './rule-error.ts';

const MODIFIERS: KeywordTable = {
  nocase: {
    summary: 'upper and lower case ASCII letters of the content before it are the same',
    apply: (builder, _, name) => {
      builder.lastContent(name).isCaseless = true;
    },
  },
  offset: position('where the search begins, from the start of the buffer', 'offset'),
  depth: position('how many bytes from the offset are searched', 'depth'),
  distance: position('bytes between the last match and the start of the search', 'distance'),
  within: position('bytes from the last match within which it must end', 'within'),
  startswith: {
    summary: 'the buffer starts with it',
    apply: (builder, _, name) => {
      const content = builder.lastContent(name);
      if (content.depth !== undefined || content.offset !== undefined) {
        throw new RuleError('startswith cannot stand with offset or depth');
      }
      content.isStart = true;
    },
  },
  endswith: {
    summary: 'the buffer ends with it',
    apply: (builder, _, name) => {
      builder.lastContent(name).isEnd = true;
    },
  },
  rawbytes: { summary: 'without effect, as in Suricata', apply: (builder, _, name) => void builder.lastContent(name) },
  fast_pattern: { summary: 'which content is searched for first', apply: applyFastPattern },
};

function position(summary: string, field: 'offset' | 'depth' | 'distance' | 'within'): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      const content = builder.lastContent(name);
      const minimum = field === 'distance' ? -1_048_576 : 0;
      content[field] = builder.operand(needValue(name, value), name, minimum, 1_048_576);
      if (field === 'depth' || field === 'within') checkLength(content, field);
      if (field === 'offset' && content.isStart) throw new RuleError('offset cannot stand with startswith');
    },
  };
}

function checkLength(content: ContentCondition, field: 'depth' | 'within'): void {
  const operand = content[field];
  if (operand?.kind === 'number' && operand.value < content.pattern.length) {
    throw new RuleError(`${field} ${operand.value} is less than the length of its content`);
  }
}

function applyFastPattern(builder: RuleBuilder, value: string | undefined, name: string): void {
  const content = builder.lastContent(name);
  content.isFastPattern = true;
  if (value === undefined) return;
  if (value === 'only') {
    content.isFastPatternOnly = true;
    return;
  }
  const chop = /^(\d+)\s*,\s*(\d+)$/.exec(value);
  if (chop === null) throw new RuleError(`fast_pattern: '${value}' is unknown`);
  const [start, length] = [Number(chop[1]), Number(chop[2])];
  if (length === 0 || start + length > content.pattern.length)
    throw new RuleError('fast_pattern: it exceeds its content');
  content.chop = [start, length];
}

const LEGACY_MODIFIERS: KeywordTable = Object.fromEntries(
  Object.entries(CONTENT_MODIFIERS).map(([keyword, buffer]) => [
    keyword,
    {
      summary: `moves the content before it into ${buffer}`,
      apply: (builder: RuleBuilder, value: string | undefined) => {
        const info = findBuffer(buffer);
        if (info === undefined) throw new RuleError(`the buffer ${buffer} is unknown`);
        if (value !== undefined) throw new RuleError(`${keyword} takes no value`);
        builder.moveLastContent(info, keyword);
      },
    },
  ]),
);

function createContent(pattern: Buffer, isNegated: boolean): ContentCondition {
  return {
    kind: 'content',
    pattern,
    isCaseless: false,
    isNegated,
    offset: undefined,
    depth: undefined,
    distance: undefined,
    within: undefined,
    isStart: false,
    isEnd: false,
    isFastPattern: false,
    isFastPatternOnly: false,
    chop: undefined,
  };
}

function applyContent(builder: RuleBuilder, value: string | undefined, name: string): void {
  const { isNegated, text } = unquote(needValue(name, value));
  builder.add(createContent(parseContentPattern(text), isNegated));
}

function applyUriContent(builder: RuleBuilder, value: string | undefined, name: string): void {
  if (builder.isBufferSelected) throw new RuleError('uricontent cannot stand behind a buffer keyword');
  applyContent(builder, value, name);
  const info = findBuffer('http.uri');
  if (info !== undefined) builder.moveLastContent(info, name);
}

function applyPcre(builder: RuleBuilder, value: string | undefined, name: string): void {
  const pattern = parsePcre(needValue(name, value));
  if (pattern.buffer !== undefined) {
    const isElsewhere = builder.isBufferSelected && builder.selected(name).buffer !== pattern.buffer;
    if (isElsewhere) throw new RuleError('pcre: a flag names a buffer behind the keyword of another one');
    builder.addToBuffer(pattern.buffer, { kind: 'pcre', pattern });
  } else builder.add({ kind: 'pcre', pattern });
}

function applyDataAt(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [head = '', ...flags] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  for (const flag of flags) {
    if (flag !== 'relative' && flag !== 'rawbytes') throw new RuleError(`isdataat: '${flag}' is unknown`);
  }
  const isNegated = head.startsWith('!');
  const isRelative = flags.includes('relative');
  const distance = builder.operand(isNegated ? head.slice(1) : head, name, 0, 65_535);
  const content = builder.contentJustAdded;
  const isEndOfContent = isNegated && isRelative && distance.kind === 'number' && distance.value === 1;
  if (isEndOfContent && content !== undefined && !content.isNegated) content.isEnd = true;
  else builder.addRelative({ kind: 'isdataat', distance, isRelative, isNegated }, isRelative);
}

/** Flags that the byte keywords share, in lower case, words of two parts as `name value`. */
function numberAt(builder: RuleBuilder, bytes: string, offset: string, flags: readonly string[]): NumberAt {
  let textBase: NumberAt['textBase'];
  const isText = flags.includes('string') || flags.some((flag) => /^string /.test(flag));
  if (isText) {
    const base = flags.map((flag) => flag.replace(/^string /, '')).find((flag) => ['hex', 'dec', 'oct'].includes(flag));
    textBase = base === 'hex' ? 16 : base === 'oct' ? 8 : base === 'dec' ? 10 : 0;
  }
  const mask = flags.map((flag) => /^bitmask (\S+)$/.exec(flag)?.[1]).find((each) => each !== undefined);
  const at: NumberAt = {
    bytes: builder.operand(bytes, 'the number of bytes', 0, isText ? 23 : 8),
    offset: builder.operand(offset, 'the offset', -65_535, 65_535),
    isRelative: flags.includes('relative'),
    isLittleEndian: flags.includes('little') || flags.includes('endian little'),
    isDce: flags.includes('dce'),
    textBase,
    mask: mask === undefined ? undefined : Number(mask.startsWith('0x') ? mask : `0x${mask}`),
  };
  if (Number.isNaN(at.mask)) throw new RuleError(`the bitmask '${mask}' is none`);
  return at;
}

const SHARED_FLAGS =
  /^(relative|big|little|string|hex|dec|oct|dce|bitmask \S+|endian (big|little)|string (hex|dec|oct))$/;

function splitFlags(value: string): string[] {
  return value.split(',').map((part) => part.trim().replace(/\s+/g, ' '));
}

function checkFlags(name: string, flags: readonly string[], own: RegExp): void {
  for (const flag of flags) {
    if (!SHARED_FLAGS.test(flag) && !own.test(flag)) throw new RuleError(`${name}: '${flag}' is unknown`);
  }
}

function applyByteTest(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [bytes = '', rawOperator = '', operand = '', offset = '', ...flags] = splitFlags(needValue(name, value));
  checkFlags(name, flags, /^$/);
  const isNegated = rawOperator.startsWith('!') && rawOperator !== '!=';
  const operator = rawOperator === '!' ? '=' : rawOperator.replace(/^!\s*/, '') || '=';
  if (!isByteOperator(operator)) throw new RuleError(`byte_test: operator '${rawOperator}' is unknown`);
  const at = numberAt(builder, bytes, offset, flags);
  const condition: ByteTestCondition = {
    kind: 'byte_test',
    at,
    isNegated: isNegated || rawOperator === '!=',
    operator,
    value: builder.operand(operand, 'the value', 0, Number.MAX_VALUE),
  };
  builder.addRelative(condition, at.isRelative);
}

function isByteOperator(operator: string): operator is ByteTestCondition['operator'] {
  return ['<', '>', '=', '<=', '>=', '&', '^'].includes(operator);
}

function applyByteJump(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [bytes = '', offset = '', ...flags] = splitFlags(needValue(name, value));
  checkFlags(name, flags, /^(multiplier \d+|align|from_beginning|from_end|post_offset \S+)$/);
  const own = (word: string) => flags.map((flag) => flag.split(' ')).find(([first]) => first === word)?.[1];
  const at = numberAt(builder, bytes, offset, flags);
  const condition: ByteJumpCondition = {
    kind: 'byte_jump',
    at,
    multiplier: parseNumber(own('multiplier') ?? '1', 'multiplier', 1, 65_535),
    isAligned: flags.includes('align'),
    from: flags.includes('from_beginning') ? 'beginning' : flags.includes('from_end') ? 'end' : 'position',
    postOffset: builder.operand(own('post_offset') ?? '0', 'post_offset', -65_536, 65_536),
  };
  builder.addRelative(condition, at.isRelative);
}

function applyByteExtract(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [bytes = '', offset = '', variable = '', ...flags] = splitFlags(needValue(name, value));
  checkFlags(name, flags, /^(multiplier \d+|align \d)$/);
  const own = (word: string) => flags.map((flag) => flag.split(' ')).find(([first]) => first === word)?.[1];
  const at = numberAt(builder, bytes, offset, flags);
  const condition: ByteExtractCondition = {
    kind: 'byte_extract',
    at,
    multiplier: parseNumber(own('multiplier') ?? '1', 'multiplier', 1, 65_535),
    alignment: parseNumber(own('align') ?? '0', 'align', 0, 4),
    slot: builder.defineVariable(variable),
  };
  builder.addRelative(condition, at.isRelative);
}

function applyByteMath(builder: RuleBuilder, value: string | undefined, name: string): void {
  const parts = splitFlags(needValue(name, value));
  const named = new Map(parts.map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1).join(' ')]));
  checkFlags(name, parts, /^(bytes|offset|oper|rvalue|result) \S+$/);
  const operator = named.get('oper') ?? '';
  if (!isMathOperator(operator)) throw new RuleError(`byte_math: operator '${operator}' is unknown`);
  const operand = builder.operand(named.get('rvalue') ?? '', 'rvalue', 0, 0xffff_ffff);
  if (operator === '/' && operand.kind === 'number' && operand.value === 0)
    throw new RuleError('byte_math divides by 0');
  const at = numberAt(builder, named.get('bytes') ?? '', named.get('offset') ?? '', parts);
  const slot = builder.defineVariable(named.get('result') ?? '');
  builder.addRelative({ kind: 'byte_math', at, operator, value: operand, slot }, at.isRelative);
}

function isMathOperator(operator: string): operator is ByteMathCondition['operator'] {
  return ['+', '-', '*', '/', '<<', '>>'].includes(operator);
}

function applyBase64Decode(builder: RuleBuilder, value: string | undefined): void {
  const flags = value === undefined ? [] : splitFlags(value);
  checkFlags('base64_decode', flags, /^(bytes|offset) \d+$/);
  const own = (word: string) => flags.map((flag) => flag.split(' ')).find(([first]) => first === word)?.[1];
  const isRelative = flags.includes('relative');
  const condition: Base64DecodeCondition = {
    kind: 'base64_decode',
    bytes: parseNumber(own('bytes') ?? '0', 'bytes', 0),
    offset: parseNumber(own('offset') ?? '0', 'offset', 0, 65_535),
    isRelative,
  };
  builder.addRelative(condition, isRelative);
}

function applyBase64Data(builder: RuleBuilder): void {
  const hasDecode = builder.lists.some(({ conditions }) => conditions.some(({ kind }) => kind === 'base64_decode'));
  if (!hasDecode) throw new RuleError('base64_data has no base64_decode before it');
  const info = findBuffer('base64_data');
  if (info !== undefined) builder.select(info);
}

function applyBufferSize(builder: RuleBuilder, value: string | undefined, name: string): void {
  builder.selected(name).conditions.push({ kind: 'bsize', test: parseIntegerTest(needValue(name, value)) });
}

/** `content`, its modifiers and what reads numbers. */
export const CONTENT_KEYWORDS: KeywordTable = {
  content: { summary: 'bytes that must, or with ! must not, be there', apply: applyContent },
  uricontent: { summary: 'content of http.uri', apply: applyUriContent },
  pcre: { summary: 'a regular expression; what JavaScript cannot say exactly is rejected', apply: applyPcre },
  isdataat: { summary: 'there is, or with ! is not, data so many bytes on', apply: applyDataAt },
  byte_test: { summary: 'compares a number in the data', apply: applyByteTest },
  byte_jump: { summary: 'moves on by a number in the data', apply: applyByteJump },
  byte_extract: { summary: 'takes a number into a variable', apply: applyByteExtract },
  byte_math: { summary: 'calculates a variable from a number', apply: applyByteMath },
  base64_decode: { summary: 'decodes base64 for base64_data', apply: applyBase64Decode },
  base64_data: { summary: 'looks at what was decoded', apply: applyBase64Data },
  bsize: { summary: 'size of the buffer', apply: applyBufferSize },
  pkt_data: { summary: 'back to the payload of the packet', apply: (builder) => builder.selectPayload() },
  ...MODIFIERS,
  ...LEGACY_MODIFIERS,
};

/** Patterns without case are kept in lower case; called once all modifiers are read. */
export function finishContent(content: ContentCondition): ContentCondition {
  return content.isCaseless ? { ...content, pattern: lowerCase(content.pattern) } : content;
}
