import type { SecurityFormAnswer } from '@sphinx/schema';

type Answer = SecurityFormAnswer['answer'];

const WORDS: readonly (readonly [RegExp, Answer])[] = [
  [/^(?:yes|y|ja|oui|sí|si)\b(?!.*\bno\b)/i, 'yes'],
  [/^(?:not applicable|not relevant|n\/?\s?a\.?|na)$/i, 'not-applicable'],
  [/^(?:see|refer to) notes?\b|^see #?\d+$|^note\s*#?\d*$/i, 'see-note'],
  [/^(?:no|n|nein|non)\b(?!t)/i, 'no'],
];

/** Longer texts are texts, whatever word they begin with. */
const LONGEST_CHOICE = 24;

/** @returns what an answer of a form means */
export function answerOf(text: string): Answer {
  const plain = text.trim();
  if (plain === '' || plain === '-' || plain === '—') return 'none';
  if (plain.length > LONGEST_CHOICE) return 'text';
  return WORDS.find(([pattern]) => pattern.test(plain))?.[1] ?? 'text';
}
