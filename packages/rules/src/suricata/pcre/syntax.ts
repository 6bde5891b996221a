/** A regular expression of PCRE as a tree; options such as caselessness are already applied (pcre2pattern(3)). */
export type PcreNode =
  /** One byte that is a member: 1 in a table of 256. */
  | { readonly kind: 'set'; readonly members: Uint8Array }
  | { readonly kind: 'sequence'; readonly items: readonly PcreNode[] }
  | { readonly kind: 'alternatives'; readonly items: readonly PcreNode[] }
  | { readonly kind: 'capture'; readonly group: number; readonly inner: PcreNode }
  | { readonly kind: 'atomic'; readonly inner: PcreNode }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegated: boolean; readonly inner: PcreNode }
  | {
      readonly kind: 'repeat';
      readonly inner: PcreNode;
      readonly minimum: number;
      /** Infinity where there is no limit. */
      readonly maximum: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly kind: 'reference'; readonly group: number; readonly isCaseless: boolean }
  | { readonly kind: 'condition'; readonly group: number; readonly yes: PcreNode; readonly no: PcreNode }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

export type Assertion = 'start' | 'line-start' | 'end' | 'end-or-newline' | 'line-end' | 'word' | 'not-word';

export interface PcreFlags {
  readonly isCaseless: boolean;
  readonly isMultiline: boolean;
  readonly isDotAll: boolean;
  readonly isExtended: boolean;
  readonly isUngreedy: boolean;
  readonly isDollarEndOnly: boolean;
}

/** @returns what stands directly in a node */
export function childrenOf(node: PcreNode): readonly PcreNode[] {
  switch (node.kind) {
    case 'sequence':
    case 'alternatives':
      return node.items;
    case 'capture':
    case 'atomic':
    case 'look':
    case 'repeat':
      return [node.inner];
    case 'condition':
      return [node.yes, node.no];
    default:
      return [];
  }
}

/** @returns whether a node, or anything in it, satisfies the test */
export function containsNode(node: PcreNode, test: (node: PcreNode) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => containsNode(child, test));
}

/** @returns table of the bytes in these ranges, both ends included */
export function byteSet(...ranges: readonly (readonly [number, number])[]): Uint8Array {
  const members = new Uint8Array(256);
  for (const [first, last] of ranges) members.fill(1, first, last + 1);
  return members;
}

/** @returns the set with the other case of its ASCII letters; PCRE without UTF folds no others */
export function foldCase(members: Uint8Array): Uint8Array {
  const folded = members.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 0x20;
    if (members[upper] === 1 || members[lower] === 1) folded[upper] = folded[lower] = 1;
  }
  return folded;
}

export function complement(members: Uint8Array): Uint8Array {
  return members.map((member) => 1 - member);
}

const SPACE = byteSet([0x09, 0x0d], [0x20, 0x20]);
const WORD = byteSet([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const DIGIT = byteSet([0x30, 0x39]);
const HORIZONTAL = byteSet([0x09, 0x09], [0x20, 0x20], [0xa0, 0xa0]);
const VERTICAL = byteSet([0x0a, 0x0d], [0x85, 0x85]);

/** Sets that a backslash and a letter mean. */
export const ESCAPED_SETS: Readonly<Record<string, Uint8Array>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
  h: HORIZONTAL,
  H: complement(HORIZONTAL),
  v: VERTICAL,
  V: complement(VERTICAL),
  N: complement(byteSet([0x0a, 0x0a])),
};

export const POSIX_CLASSES: Readonly<Record<string, Uint8Array>> = {
  alpha: byteSet([0x41, 0x5a], [0x61, 0x7a]),
  digit: DIGIT,
  alnum: byteSet([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]),
  upper: byteSet([0x41, 0x5a]),
  lower: byteSet([0x61, 0x7a]),
  space: SPACE,
  blank: byteSet([0x09, 0x09], [0x20, 0x20]),
  punct: byteSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  print: byteSet([0x20, 0x7e]),
  graph: byteSet([0x21, 0x7e]),
  cntrl: byteSet([0x00, 0x1f], [0x7f, 0x7f]),
  xdigit: byteSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
  word: WORD,
  ascii: byteSet([0x00, 0x7f]),
};

export function isWordByte(code: number): boolean {
  return WORD[code] === 1;
}
