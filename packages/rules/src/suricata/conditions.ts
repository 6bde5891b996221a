import type { IntegerTest } from './integer-test.ts';
import type { PcrePattern } from './pcre/pcre.ts';

/** A number in a rule, or the slot of a variable that `byte_extract` or `byte_math` fills. */
export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'slot'; readonly slot: number };

/** `content` with its modifiers. Offsets count from the start of the buffer; relative ones from the end of the last match. */
export interface ContentCondition {
  readonly kind: 'content';
  readonly pattern: Buffer;
  isCaseless: boolean;
  readonly isNegated: boolean;
  offset: Operand | undefined;
  depth: Operand | undefined;
  distance: Operand | undefined;
  within: Operand | undefined;
  isStart: boolean;
  isEnd: boolean;
  isFastPattern: boolean;
  /** `fast_pattern:only`: not looked for again. */
  isFastPatternOnly: boolean;
  /** `fast_pattern:offset,length`. */
  chop: readonly [number, number] | undefined;
}

export interface PcreCondition {
  readonly kind: 'pcre';
  readonly pattern: PcrePattern;
}

export interface DataAtCondition {
  readonly kind: 'isdataat';
  readonly distance: Operand;
  readonly isRelative: boolean;
  readonly isNegated: boolean;
}

/** Where and how `byte_test`, `byte_jump`, `byte_extract` and `byte_math` read a number. */
export interface NumberAt {
  readonly bytes: Operand;
  readonly offset: Operand;
  readonly isRelative: boolean;
  readonly isLittleEndian: boolean;
  /** Byte order is the one of the DCE/RPC header. */
  readonly isDce: boolean;
  /** Digits of a text instead of binary: their base, 0 finds it out. */
  readonly textBase: 0 | 8 | 10 | 16 | undefined;
  readonly mask: number | undefined;
}

export interface ByteTestCondition {
  readonly kind: 'byte_test';
  readonly at: NumberAt;
  readonly isNegated: boolean;
  readonly operator: '<' | '>' | '=' | '<=' | '>=' | '&' | '^';
  readonly value: Operand;
}

export interface ByteJumpCondition {
  readonly kind: 'byte_jump';
  readonly at: NumberAt;
  readonly multiplier: number;
  readonly isAligned: boolean;
  readonly from: 'position' | 'beginning' | 'end';
  readonly postOffset: Operand;
}

export interface ByteExtractCondition {
  readonly kind: 'byte_extract';
  readonly at: NumberAt;
  readonly multiplier: number;
  readonly alignment: number;
  readonly slot: number;
}

export interface ByteMathCondition {
  readonly kind: 'byte_math';
  readonly at: NumberAt;
  readonly operator: '+' | '-' | '*' | '/' | '<<' | '>>';
  readonly value: Operand;
  readonly slot: number;
}

/** `base64_decode`: what it decodes is the buffer `base64_data`. */
export interface Base64DecodeCondition {
  readonly kind: 'base64_decode';
  readonly bytes: number;
  readonly offset: number;
  readonly isRelative: boolean;
}

export interface SizeCondition {
  readonly kind: 'bsize';
  readonly test: IntegerTest;
}

/** Takes what a condition knows of what matched, to be told with the alert. */
export interface Teller {
  /** @param key member of `alert.context` */
  tell(key: string, value: unknown): void;
}

/** A test of the whole buffer: dataset, entropy, `dns.domain` … */
export interface WholeCondition {
  readonly kind: 'whole';
  test(bytes: Buffer, teller: Teller): boolean;
}

/** A test of what begins at the position of the last match, or at the start of the buffer. */
export interface PositionCondition {
  readonly kind: 'at';
  readonly isRelative: boolean;
  test(bytes: Buffer, position: number): boolean;
}

export type Condition =
  | ContentCondition
  | PcreCondition
  | DataAtCondition
  | ByteTestCondition
  | ByteJumpCondition
  | ByteExtractCondition
  | ByteMathCondition
  | Base64DecodeCondition
  | SizeCondition
  | WholeCondition
  | PositionCondition;

/** Changes bytes before they are looked at. */
export interface Transform {
  /** Transforms of the same key give the same bytes. */
  readonly key: string;
  /** @returns the changed bytes; `undefined` where nothing is left to look at */
  apply(bytes: Buffer): Buffer | undefined;
}

/** Conditions on one buffer. */
export interface BufferConditions {
  readonly buffer: string;
  readonly transforms: Transform[];
  readonly conditions: Condition[];
  /** `absent`: the buffer must not be there; `or_else`: if it is there, the conditions must hold. */
  absent: 'must' | 'or_else' | undefined;
  /** The side of the transaction whose buffer is meant, where a rule looks at both. */
  readonly side?: 'to-server' | 'to-client';
}
