// Hot path, guarded by bench/rules.ts: runs for every rule whose fast pattern was found.
import { decodeBase64 } from '../base64.ts';
import type {
  ByteExtractCondition,
  ByteJumpCondition,
  ByteMathCondition,
  ByteTestCondition,
  Condition,
  ContentCondition,
  NumberAt,
  Operand,
  PcreCondition,
  Teller,
} from '../conditions.ts';
import type { Subject } from '../subject.ts';

/** Steps that one rule may take on one buffer, so that hostile bytes cost no more than this (Suricata: 3,000). */
const MAXIMUM_STEPS = 3000;
const VARIABLES = 32;

/** What conditions on one buffer read and leave behind. */
export class InspectionState implements Teller {
  /** Variables of `byte_extract` and `byte_math`, by slot. */
  readonly variables = new Float64Array(VARIABLES);
  /** What `base64_decode` gave. */
  decoded: Buffer | undefined;
  isDceLittleEndian = true;
  steps = 0;
  /** What conditions told of what they found, since `told` was last cleared. */
  told: Record<string, unknown> | undefined;

  /** What groups of expressions took, since it was last cleared: `flow:name` or `pkt:name` with the text. */
  taken: (readonly [string, string])[] | undefined;

  take(name: string, text: string): void {
    this.taken = [...(this.taken ?? []), [name, text]];
  }

  tell(key: string, value: unknown): void {
    this.told = { ...this.told, [key]: value };
  }
}

/** @returns whether all conditions hold on these bytes, in some way of placing the relative ones */
export function inspect(conditions: readonly Condition[], subject: Subject, state: InspectionState): boolean {
  state.steps = 0;
  return inspectFrom(conditions, 0, subject, 0, state);
}

/** Conditions that can hold in one way only are looked at one after the other; `content` and `pcre` branch. */
function inspectFrom(
  conditions: readonly Condition[],
  first: number,
  subject: Subject,
  start: number,
  state: InspectionState,
): boolean {
  let position: number | undefined = start;
  for (let index = first; ; index++) {
    state.steps += 1;
    if (state.steps > MAXIMUM_STEPS) return false;
    const condition = conditions[index];
    if (condition === undefined) return true;
    if (condition.kind === 'content') return inspectContent(condition, conditions, index, subject, position, state);
    if (condition.kind === 'pcre') return inspectPcre(condition, conditions, index, subject, position, state);
    position = inspectOne(condition, subject, position, state);
    if (position === undefined) return false;
  }
}

/** @returns the position behind it, where it holds */
function inspectOne(
  condition: Exclude<Condition, ContentCondition | PcreCondition>,
  subject: Subject,
  position: number,
  state: InspectionState,
): number | undefined {
  switch (condition.kind) {
    case 'isdataat': {
      const distance = operandValue(condition.distance, state);
      const has = condition.isRelative ? position + distance <= subject.length : distance < subject.length;
      return has !== condition.isNegated ? position : undefined;
    }
    case 'byte_test':
      return testBytes(condition, subject, position, state) ? position : undefined;
    case 'byte_jump':
      return jump(condition, subject, position, state);
    case 'byte_extract':
      return extract(condition, subject, position, state);
    case 'byte_math':
      return calculate(condition, subject, position, state);
    case 'base64_decode': {
      const start = (condition.isRelative ? position : 0) + condition.offset;
      const end = condition.bytes > 0 ? Math.min(subject.length, start + condition.bytes) : subject.length;
      state.decoded = start < end ? decodeBase64(subject.bytes.subarray(start, end)) : undefined;
      return state.decoded !== undefined && state.decoded.length > 0 ? position : undefined;
    }
    case 'bsize':
      return condition.test(subject.length) ? position : undefined;
    case 'whole':
      return condition.test(subject.bytes, state) ? position : undefined;
    case 'at':
      return condition.test(subject.bytes, condition.isRelative ? position : 0) ? position : undefined;
  }
}

function operandValue(operand: Operand, state: InspectionState): number {
  return operand.kind === 'number' ? operand.value : (state.variables[operand.slot] ?? 0);
}

function isNextRelative(condition: Condition | undefined): boolean {
  switch (condition?.kind) {
    case 'content':
      return condition.distance !== undefined || condition.within !== undefined;
    case 'pcre':
      return condition.pattern.isRelative;
    case 'isdataat':
    case 'base64_decode':
    case 'at':
      return condition.isRelative;
    case 'byte_test':
    case 'byte_jump':
    case 'byte_extract':
    case 'byte_math':
      return condition.at.isRelative;
    default:
      return false;
  }
}

function inspectContent(
  condition: ContentCondition,
  conditions: readonly Condition[],
  index: number,
  subject: Subject,
  position: number,
  state: InspectionState,
): boolean {
  const { pattern, isCaseless, isNegated } = condition;
  let from = 0;
  let until = subject.length;
  const isRelative = condition.distance !== undefined || condition.within !== undefined;
  if (isRelative) {
    const distance = condition.distance === undefined ? 0 : operandValue(condition.distance, state);
    from = position + distance;
    if (condition.within !== undefined) until = Math.min(until, from + operandValue(condition.within, state));
  }
  // Offset and depth count from the start of the stream, of which these bytes may be a later part.
  const base = -subject.streamOffset;
  const offset = condition.offset === undefined ? 0 : operandValue(condition.offset, state);
  if (condition.offset !== undefined) from = Math.max(from, base + offset);
  if (condition.depth !== undefined) until = Math.min(until, base + offset + operandValue(condition.depth, state));
  if (condition.isStart) until = Math.min(until, base + offset + pattern.length);
  from = Math.max(0, from);
  if (condition.isEnd) from = Math.max(from, subject.length - pattern.length);
  const haystack = isCaseless ? subject.lower : subject.bytes;
  const last = until - pattern.length;
  const hasNext = index + 1 < conditions.length;
  const tryAgain = hasNext && isNextRelative(conditions[index + 1]);
  for (let at = from; at <= last; at++) {
    at = haystack.indexOf(pattern, at);
    if (at < 0 || at > last) break;
    if (isNegated) return false;
    if (!hasNext || inspectFrom(conditions, index + 1, subject, at + pattern.length, state)) return true;
    if (!tryAgain || state.steps > MAXIMUM_STEPS) return false;
  }
  return isNegated && inspectFrom(conditions, index + 1, subject, position, state);
}

function inspectPcre(
  { pattern }: PcreCondition,
  conditions: readonly Condition[],
  index: number,
  subject: Subject,
  position: number,
  state: InspectionState,
): boolean {
  const { isNegated, isRelative } = pattern;
  const start = isRelative ? Math.min(position, subject.length) : 0;
  const text = start === 0 ? subject.text : subject.text.slice(start);
  const hasNext = index + 1 < conditions.length;
  const tryAgain = hasNext && isNextRelative(conditions[index + 1]);
  for (let from = 0; from <= text.length; ) {
    const match = pattern.find(text, from);
    if (match === undefined) break;
    if (isNegated) return false;
    if (!hasNext || inspectFrom(conditions, index + 1, subject, start + match.end, state)) {
      for (const [group, name] of pattern.captures.entries()) state.take(name, match.group(group + 1) ?? '');
      return true;
    }
    if (!tryAgain || state.steps > MAXIMUM_STEPS) return false;
    from = match.start + 1;
  }
  return isNegated && inspectFrom(conditions, index + 1, subject, position, state);
}

/** A number and where it ends; held here so that reading one allocates nothing. */
let readEnd = 0;

function readNumber(at: NumberAt, subject: Subject, position: number, state: InspectionState): number | undefined {
  const start = (at.isRelative ? position : 0) + operandValue(at.offset, state);
  const count = operandValue(at.bytes, state);
  if (start < 0 || start >= subject.length) return undefined;
  if (at.textBase !== undefined) return readText(at.textBase, count, subject, start);
  if (start + count > subject.length || count < 1 || count > 8) return undefined;
  const isLittle = at.isDce ? state.isDceLittleEndian : at.isLittleEndian;
  let value = 0;
  for (let index = 0; index < count; index++) {
    const byte = subject.bytes[isLittle ? start + count - 1 - index : start + index] ?? 0;
    value = value * 256 + byte;
  }
  readEnd = start + count;
  return at.mask === undefined ? value : applyMask(value, at.mask);
}

/** Bits of the mask, moved right by the zeros at its end. */
function applyMask(value: number, mask: number): number {
  if (mask === 0) return 0;
  const masked = BigInt(value) & BigInt(mask);
  let shift = 0;
  while (((mask / 2 ** shift) & 1) === 0) shift += 1;
  return Number(masked >> BigInt(shift));
}

function readText(base: 0 | 8 | 10 | 16, count: number, subject: Subject, start: number): number | undefined {
  const text = subject.bytes.toString('latin1', start, Math.min(subject.length, start + count));
  const match = NUMBER_TEXTS[base].exec(text);
  if (match === null) return undefined;
  readEnd = start + match[0].length;
  const digits = match[0].trim().replace(/^[+-]/, '');
  const isHex = base === 16 || (base === 0 && /^0x/i.test(digits));
  const isOctal = base === 8 || (base === 0 && !isHex && /^0[0-7]/.test(digits));
  const value = Number.parseInt(isHex ? digits.replace(/^0x/i, '') : digits, isHex ? 16 : isOctal ? 8 : 10);
  if (Number.isNaN(value)) return undefined;
  return match[0].trim().startsWith('-') ? -value : value;
}

const NUMBER_TEXTS = {
  0: /^\s*[+-]?(?:0x[0-9a-f]+|\d+)/i,
  8: /^\s*[+-]?[0-7]+/,
  10: /^\s*[+-]?\d+/,
  16: /^\s*[+-]?(?:0x)?[0-9a-f]+/i,
} as const;

function testBytes(condition: ByteTestCondition, subject: Subject, position: number, state: InspectionState): boolean {
  const value = readNumber(condition.at, subject, position, state);
  if (value === undefined) return false;
  return compare(value, condition.operator, operandValue(condition.value, state)) !== condition.isNegated;
}

function compare(left: number, operator: ByteTestCondition['operator'], right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '=':
      return left === right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '&':
      return (BigInt(Math.trunc(left)) & BigInt(Math.trunc(right))) !== 0n;
    case '^':
      return (BigInt(Math.trunc(left)) ^ BigInt(Math.trunc(right))) !== 0n;
  }
}

function jump(
  condition: ByteJumpCondition,
  subject: Subject,
  position: number,
  state: InspectionState,
): number | undefined {
  const { at, multiplier, isAligned, from } = condition;
  const count = operandValue(at.bytes, state);
  const start = (at.isRelative ? position : 0) + operandValue(at.offset, state);
  readEnd = start;
  let distance = count === 0 ? 0 : readNumber(at, subject, position, state);
  if (distance === undefined) return undefined;
  distance *= multiplier;
  if (isAligned) distance = Math.ceil(distance / 4) * 4;
  distance += operandValue(condition.postOffset, state);
  const base = from === 'beginning' ? 0 : from === 'end' ? subject.length : readEnd;
  const target = base + distance;
  // A jump before the start ends at it, as in Suricata.
  return target < subject.length ? Math.max(0, target) : undefined;
}

function extract(
  condition: ByteExtractCondition,
  subject: Subject,
  position: number,
  state: InspectionState,
): number | undefined {
  const value = readNumber(condition.at, subject, position, state);
  if (value === undefined) return undefined;
  const multiplied = value * condition.multiplier;
  const { alignment } = condition;
  state.variables[condition.slot] = alignment === 0 ? multiplied : Math.ceil(multiplied / alignment) * alignment;
  return readEnd;
}

function calculate(
  condition: ByteMathCondition,
  subject: Subject,
  position: number,
  state: InspectionState,
): number | undefined {
  const value = readNumber({ ...condition.at, mask: undefined }, subject, position, state);
  if (value === undefined) return undefined;
  const result = arithmetic(value, condition.operator, operandValue(condition.value, state));
  if (result === undefined) return undefined;
  const { mask } = condition.at;
  state.variables[condition.slot] = mask === undefined ? result : applyMask(result, mask);
  return readEnd;
}

function arithmetic(left: number, operator: ByteMathCondition['operator'], right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : Math.trunc(left / right);
    case '<<':
      return right < 64 ? left * 2 ** right : 0;
    case '>>':
      return right < 64 ? Math.floor(left / 2 ** right) : 0;
  }
}
