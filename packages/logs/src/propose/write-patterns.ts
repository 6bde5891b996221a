import { compileGrok } from '../grok/grok.ts';
import { nameSlots } from './name-slots.ts';
import { commonHead, findTemplates, type Slot, type Template } from './templates.ts';

/** A pattern for lines, and what its fields are. */
export interface ProposedPattern {
  readonly pattern: string;
  readonly fields: readonly { readonly name: string; readonly slot: Slot }[];
  /** Words that every line of it holds, long enough to tell it from others. */
  readonly words: readonly string[];
}

/** A format has at most 200. */
const MAXIMUM_PATTERNS = 60;
/** Shorter words do not tell a line from others. */
const SHORTEST_WORD = 4;
const LONGEST_WORD = 100;
const LONGEST_PATTERN = 9000;

/**
 * @param lines messages of one log
 * @param fieldNames what fields are called instead; empty for one that is left out
 * @returns patterns, those that say most first; the last takes what the lines begin with and all that is left
 */
export function proposePatterns(
  lines: readonly string[],
  fieldNames: ReadonlyMap<string, string>,
): readonly ProposedPattern[] {
  const head = commonHead(lines);
  const templates = findTemplates(lines).filter((template) => saysMore(template, head));
  const patterns = [...templates]
    .sort((a, b) => textLength(b) - textLength(a))
    .slice(0, MAXIMUM_PATTERNS)
    .flatMap(({ slots }) => writePattern([...head, ...slots.slice(head.length)], fieldNames));
  const isNeeded = templates.length !== 1 || (templates[0]?.lines.length ?? 0) < lines.length;
  if (!isNeeded) return patterns;
  if (head.length > 0) patterns.push(...writePattern([...head, REST], fieldNames));
  return patterns;
}

const REST: Slot = { kind: 'rest', type: 'REST', text: '', isVariable: true, values: [] };

/** A statement of its own is worth a pattern where it says something behind what all lines begin with. */
function saysMore({ slots, lines }: Template, head: readonly Slot[]): boolean {
  if (head.length === 0) return true;
  const behind = slots.slice(head.length).filter(({ isVariable }) => isVariable);
  if (behind.length === 0) return slots.length === head.length;
  return lines.length > 1 || behind.some(({ kind }) => kind !== 'word' && kind !== 'mixed');
}

function textLength({ slots }: Template): number {
  return slots.reduce((sum, { isVariable, text }) => sum + (isVariable ? 0 : text.length), 0);
}

function writePattern(found: readonly Slot[], fieldNames: ReadonlyMap<string, string>): ProposedPattern[] {
  const slots = joinOpen(found);
  const names = nameSlots(slots);
  const fields: { name: string; slot: Slot }[] = [];
  let pattern = '';
  slots.forEach((slot, place) => {
    if (!slot.isVariable) {
      pattern += slot.kind === 'blank' ? ' ' : slot.text.replace(/[\\()|%]/g, '\\$&');
      return;
    }
    const proposed = names[place] ?? 'value';
    const name = fieldNames.get(proposed) ?? proposed;
    fields.push({ name: proposed, slot });
    pattern += name === '' ? `%{${typeOf(slot, place, slots)}}` : `%{${typeOf(slot, place, slots)}:${name}}`;
  });
  if (pattern === '' || pattern.length > LONGEST_PATTERN) return [];
  try {
    compileGrok(pattern);
  } catch {
    // What the pattern language has no words for is told as a line that is not read.
    return [];
  }
  return [{ pattern, fields, words: wordsOf(slots) }];
}

/** Text that reaches up to what follows needs text behind it: two values without any between are one. */
function joinOpen(slots: readonly Slot[]): readonly Slot[] {
  const joined: Slot[] = [];
  for (const slot of slots) {
    const last = joined.at(-1);
    if (last?.isVariable !== true || !slot.isVariable || (last.type !== 'NOTSPACE' && last.type !== 'TEXT'))
      joined.push(slot);
    else {
      const values = last.values.map((value, index) => value + (slot.values[index] ?? ''));
      joined[joined.length - 1] = { ...last, kind: 'mixed', text: last.text + slot.text, values };
    }
  }
  return joined;
}

function typeOf(slot: Slot, place: number, slots: readonly Slot[]): string {
  if (slot.type !== 'NOTSPACE') return slot.type;
  const next = slots.slice(place + 1);
  const end = next.findIndex(({ isVariable }) => isVariable);
  const text = end < 0 ? next : next.slice(0, end);
  const behind = text.map(({ kind, text: own }) => (kind === 'blank' ? ' ' : own)).join('');
  // What follows is looked for as it is written: where it has more blanks than one, the value ends by itself.
  if (text.slice(1).some(({ kind, values }) => kind === 'blank' && values.some((value) => value !== ' '))) {
    if (slot.values.every((value) => /^[\p{L}\p{N}_-]+$/u.test(value))) return 'WORD';
    if (slot.values.every((value) => /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(value))) return 'HOST';
  }
  if (slot.values.some((value) => /\s/.test(value))) return behind === '' ? 'REST' : 'TEXT';
  // A name with a full stop in it, and one behind it.
  return behind !== '' && slot.values.some((value) => value.includes(behind)) ? 'LASTTEXT' : 'NOTSPACE';
}

function wordsOf(slots: readonly Slot[]): string[] {
  const texts = slots.filter(({ isVariable, kind }) => !isVariable && (kind === 'word' || kind === 'mixed'));
  return texts.map(({ text }) => text).filter(({ length }) => length >= SHORTEST_WORD && length <= LONGEST_WORD);
}

/** @returns the fewest words of which every line holds one; empty where some line holds none */
export function commonWords(patterns: readonly ProposedPattern[]): readonly string[] {
  const chosen: string[] = [];
  let left = patterns.map(({ words }) => new Set(words));
  while (left.length > 0) {
    const times = new Map<string, number>();
    for (const word of left.flatMap((words) => [...words])) times.set(word, (times.get(word) ?? 0) + 1);
    const [best] = [...times].sort((a, b) => b[1] - a[1] || b[0].length - a[0].length);
    if (best === undefined) return [];
    chosen.push(best[0]);
    left = left.filter((words) => !words.has(best[0]));
  }
  return chosen;
}
