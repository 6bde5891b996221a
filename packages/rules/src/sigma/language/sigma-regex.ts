import { setFlagsFromString } from 'node:v8';
import { RE2JS } from 're2js';
import { type RegexShape, readRegex } from './regex-syntax.ts';
import { SigmaError } from './sigma-error.ts';

/**
 * After so many steps back V8 starts again with its engine of linear time, where it can take the expression (no look-around, no
 * reference, no flag `i`, few copies).
 */
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString('--regexp-backtracks-before-fallback=20000');

/** Copies of a repeated part that V8's engine of linear time makes at most. */
const MAXIMUM_COPIES = 16;
/** With more, a search with steps back could take more than the square of the text's length. */
const MAXIMUM_OPEN_REPEATS = 1;
/** Text that an expression with look-around, which only the engine that steps back takes, looks at. */
const MAXIMUM_LOOK_AROUND_CHARACTERS = 16_384;

/** A regular expression of a rule; its time is bounded whatever text an event holds. */
export interface SigmaRegex {
  /** The same for expressions that mean the same. */
  readonly key: string;
  /** Text in lower case that stands in everything that it matches; empty where none is known. */
  readonly literal: string;
  test(text: string): boolean;
}

export interface RegexFlags {
  readonly isCaseless: boolean;
  readonly isMultiline: boolean;
  readonly isDotAll: boolean;
}

/** @throws SigmaError when it is damaged, or uses what only PCRE has */
export function compileRegex(source: string, flags: RegexFlags): SigmaRegex {
  const shape = readRegex(source, flags);
  const key = `${shape.isMultiline ? 'm' : ''}${shape.isDotAll ? 's' : ''}${shape.isCaseless ? 'i' : ''} ${shape.source}`;
  return { key, literal: shape.literal, test: createTest(shape) };
}

function createTest(shape: RegexShape): SigmaRegex['test'] {
  const isLinear = !shape.hasLookAround && shape.copies <= MAXIMUM_COPIES;
  const isTame = shape.openRepeats <= MAXIMUM_OPEN_REPEATS && !shape.isRepeatNested;
  if (isLinear || isTame || shape.hasLookAround) {
    if (shape.hasLookAround && shape.isRepeatNested) {
      throw new SigmaError('re: look-around beside nested repetition could take exponential time');
    }
    const expression = toRegExp(shape);
    if (!shape.hasLookAround) return (text) => expression.test(text);
    return (text) => expression.test(text.slice(0, MAXIMUM_LOOK_AROUND_CHARACTERS));
  }
  return createLinearTest(shape);
}

function toRegExp({ javaScript, isMultiline, isDotAll }: RegexShape): RegExp {
  try {
    return new RegExp(javaScript, `${isMultiline ? 'm' : ''}${isDotAll ? 's' : ''}`);
  } catch (cause) {
    throw new SigmaError(`re: ${messageOf(cause)}`, { cause });
  }
}

function createLinearTest({ javaScript, isMultiline, isDotAll }: RegexShape): SigmaRegex['test'] {
  const flags = (isMultiline ? RE2JS.MULTILINE : 0) | (isDotAll ? RE2JS.DOTALL : 0);
  try {
    const expression = RE2JS.compile(javaScript, flags);
    return (text) => expression.matcher(text).find();
  } catch (cause) {
    throw new SigmaError(`re: it cannot be matched in bounded time (${messageOf(cause)})`, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
