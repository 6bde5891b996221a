import { childrenOf, containsNode, type PcreNode } from './syntax.ts';

/** V8's engine of linear time copies what is repeated; beyond this many copies it refuses an expression. */
const MAXIMUM_COPIES = 16;

/** @returns whether JavaScript's regular expressions mean the same: no references, nothing atomic, no conditions */
export function isSameInJavaScript(node: PcreNode): boolean {
  return !containsNode(node, (each) => {
    switch (each.kind) {
      case 'reference':
      case 'condition':
      case 'atomic':
        return true;
      case 'repeat':
        return each.mode === 'possessive';
      case 'look':
        return each.isBehind && containsNode(each.inner, ({ kind }) => kind === 'capture' || kind === 'look');
      default:
        return false;
    }
  });
}

/** @returns whether V8's engine of linear time takes it: no look-around, also where an assertion becomes one; few copies */
export function isLinear(node: PcreNode, copies = 1): boolean {
  if (node.kind === 'look') return false;
  if (node.kind === 'assertion') return !ASSERTIONS[node.assertion].startsWith('(?');
  if (node.kind !== 'repeat') return childrenOf(node).every((child) => isLinear(child, copies));
  const times = copies * (node.maximum === Infinity ? node.minimum + 1 : node.maximum);
  return times <= MAXIMUM_COPIES && isLinear(node.inner, Math.max(1, times));
}

/** @returns whether an unbounded repetition is inside another one: backtracking may then take exponential time */
export function mayExplode(node: PcreNode, isRepeated = false): boolean {
  const isUnbounded = node.kind === 'repeat' && node.maximum > MAXIMUM_COPIES;
  if (isUnbounded && isRepeated) return true;
  return childrenOf(node).some((child) => mayExplode(child, isRepeated || isUnbounded));
}

/** @returns source of a JavaScript expression over Latin-1 text; groups keep their numbers */
export function toJavaScript(node: PcreNode): string {
  switch (node.kind) {
    case 'set':
      return setSource(node.members);
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'alternatives' ? `(?:${toJavaScript(item)})` : toJavaScript(item)))
        .join('');
    case 'alternatives':
      return node.items.map(toJavaScript).join('|');
    case 'capture':
      return `(${toJavaScript(node.inner)})`;
    case 'look':
      return `(?${node.isBehind ? '<' : ''}${node.isNegated ? '!' : '='}${toJavaScript(node.inner)})`;
    case 'repeat':
      return repeatSource(node);
    case 'assertion':
      return ASSERTIONS[node.assertion];
    default:
      throw new Error(`${node.kind} has no counterpart in JavaScript`);
  }
}

const ASSERTIONS = {
  start: '^',
  'line-start': '(?<=\\n|^)',
  end: '$',
  'end-or-newline': '(?=\\n?$)',
  'line-end': '(?=\\n|$)',
  word: '\\b',
  'not-word': '\\B',
} as const;

function repeatSource({ inner, minimum, maximum, mode }: Extract<PcreNode, { kind: 'repeat' }>): string {
  const isAtom = inner.kind === 'set' || inner.kind === 'capture';
  const source = isAtom ? toJavaScript(inner) : `(?:${toJavaScript(inner)})`;
  return `${source}${quantifier(minimum, maximum)}${mode === 'lazy' ? '?' : ''}`;
}

function quantifier(minimum: number, maximum: number): string {
  if (maximum === Infinity) return minimum === 0 ? '*' : minimum === 1 ? '+' : `{${minimum},}`;
  if (minimum === 0 && maximum === 1) return '?';
  return minimum === maximum ? `{${minimum}}` : `{${minimum},${maximum}}`;
}

function setSource(members: Uint8Array): string {
  const ranges: [number, number][] = [];
  for (let code = 0; code < 256; code++) {
    if (members[code] !== 1) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  const [first] = ranges;
  if (first === undefined) return '[]';
  if (ranges.length === 1 && first[0] === first[1]) return byteSource(first[0]);
  if (ranges.length === 1 && first[0] === 0 && first[1] === 255) return '[^]';
  return `[${ranges.map(([low, high]) => (low === high ? byteSource(low) : `${byteSource(low)}-${byteSource(high)}`)).join('')}]`;
}

function byteSource(code: number): string {
  const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isPlain ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, '0')}`;
}
