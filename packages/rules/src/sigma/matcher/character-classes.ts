import type { Trie } from './trie.ts';

/**
 * Numbers the characters that texts use, so that a row of next states is no longer than they need.
 *
 * @returns class by character, 0 for one that no text uses; those beyond the end have none. `width` is one more than there are classes
 */
export function assignClasses({ count, code }: Pick<Trie, 'count' | 'code'>): {
  readonly classes: Uint16Array;
  readonly width: number;
} {
  let last = 0;
  for (let state = 1; state < count; state++) last = Math.max(last, code[state] as number);
  const classes = new Uint16Array(last + 1);
  let width = 1;
  for (let state = 1; state < count; state++) {
    const character = code[state] as number;
    if (classes[character] === 0) classes[character] = width++;
  }
  return { classes, width };
}
