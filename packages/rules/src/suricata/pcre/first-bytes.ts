import { byteSet, type PcreNode } from './syntax.ts';

interface Beginning {
  /** 1 for each byte that a match may begin with. */
  readonly members: Uint8Array;
  /** Nothing may be matched, so that what follows begins the match. */
  readonly mayBeEmpty: boolean;
}

const NOTHING: Beginning = { members: byteSet(), mayBeEmpty: true };
const ANYTHING: Beginning = { members: byteSet([0, 255]), mayBeEmpty: true };

/** @returns table of the bytes that a match can begin with; `undefined` where it may be empty */
export function firstBytes(node: PcreNode): Uint8Array | undefined {
  const { members, mayBeEmpty } = beginningOf(node);
  return mayBeEmpty ? undefined : members;
}

/** @returns whether a match can begin at the start of the text only */
export function startsAtStart(node: PcreNode): boolean {
  const first = node.kind === 'sequence' ? node.items[0] : node;
  return first?.kind === 'assertion' && first.assertion === 'start';
}

function beginningOf(node: PcreNode): Beginning {
  switch (node.kind) {
    case 'set':
      return { members: node.members, mayBeEmpty: false };
    case 'sequence':
      return node.items.reduce<Beginning>(
        (before, item) => (before.mayBeEmpty ? join(before, beginningOf(item)) : before),
        NOTHING,
      );
    case 'alternatives':
      return node.items.map(beginningOf).reduce((one, other) => either(one, other));
    case 'capture':
    case 'atomic':
      return beginningOf(node.inner);
    case 'repeat': {
      const inner = beginningOf(node.inner);
      return { members: inner.members, mayBeEmpty: inner.mayBeEmpty || node.minimum === 0 };
    }
    case 'condition':
      return either(beginningOf(node.yes), beginningOf(node.no));
    case 'reference':
      return ANYTHING;
    // They take no bytes.
    case 'look':
    case 'assertion':
      return NOTHING;
  }
}

function join(before: Beginning, next: Beginning): Beginning {
  return { members: union(before.members, next.members), mayBeEmpty: next.mayBeEmpty };
}

function either(one: Beginning, other: Beginning): Beginning {
  return { members: union(one.members, other.members), mayBeEmpty: one.mayBeEmpty || other.mayBeEmpty };
}

function union(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((member, byte) => member | (other[byte] ?? 0));
}
