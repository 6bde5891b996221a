import type { PlacedText } from './placed-text.ts';

/** Texts as a tree of characters; state 0 is its root, and no state's child. */
export interface Trie {
  readonly count: number;
  /** State → character that leads to it. */
  readonly code: Uint16Array;
  readonly depth: Uint16Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** State → first of its outputs; one more at the end. */
  readonly outputStart: Int32Array;
  readonly atoms: Int32Array;
}

/** @param texts none empty */
export function buildTrie(texts: readonly PlacedText[]): Trie {
  const sorted = [...texts].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const most = sorted.reduce((sum, { text }) => sum + text.length, 1);
  const code = new Uint16Array(most);
  const depth = new Uint16Array(most);
  const firstChild = new Int32Array(most);
  const nextSibling = new Int32Array(most);
  const ends = new Int32Array(sorted.length);
  /** States of the text before, by depth. */
  const path = [0];
  let before = '';
  let count = 1;
  sorted.forEach(({ text }, index) => {
    let shared = 0;
    while (shared < before.length && shared < text.length && before[shared] === text[shared]) shared++;
    for (let at = shared; at < text.length; at++) {
      const parent = path[at] ?? 0;
      const state = count++;
      code[state] = text.charCodeAt(at);
      depth[state] = at + 1;
      // In sorted order, the latest child of a parent is the one that the path held.
      const sibling = at === shared && before.length > shared ? (path[at + 1] ?? 0) : 0;
      if (sibling !== 0) nextSibling[sibling] = state;
      else firstChild[parent] = state;
      path[at + 1] = state;
    }
    path.length = text.length + 1;
    ends[index] = path[text.length] ?? 0;
    before = text;
  });
  return { count, code, depth, firstChild, nextSibling, ...collectOutputs(sorted, ends, count) };
}

function collectOutputs(sorted: readonly PlacedText[], ends: Int32Array, count: number) {
  const outputStart = new Int32Array(count + 1);
  for (const end of ends) outputStart[end + 1] = (outputStart[end + 1] ?? 0) + 1;
  for (let state = 0; state < count; state++) {
    outputStart[state + 1] = (outputStart[state + 1] ?? 0) + (outputStart[state] ?? 0);
  }
  const next = outputStart.slice();
  const atoms = new Int32Array(sorted.length);
  sorted.forEach(({ atom }, index) => {
    const end = ends[index] ?? 0;
    const at = next[end] ?? 0;
    next[end] = at + 1;
    atoms[at] = atom;
  });
  return { outputStart, atoms };
}
