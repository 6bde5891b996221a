import { z } from 'zod';

/** File of knowledge/health-terms: words of one language that stand in medical texts and rarely elsewhere. */
export const HealthTermFile = z.strictObject({
  /** ISO 639-1. */
  language: z.string().regex(/^[a-z]{2}$/),
  source: z.strictObject({ title: z.string(), url: z.url() }),
  /** Lower case; `*` at the end stands for any ending. */
  terms: z.array(z.string().regex(/^[\p{L}][\p{L}-]+\*?$/u)).min(20),
});
export type HealthTermFile = z.infer<typeof HealthTermFile>;

const WORD = /\p{L}[\p{L}-]{3,39}/gu;
/** Shortest begin that a term with `*` has. */
const SHORTEST_BEGIN = 5;
const LONGEST_BEGIN = 16;

/** Counts words of medicine. */
export class HealthTerms {
  readonly #whole = new Map<string, string>();
  readonly #begins = new Map<string, string>();

  constructor(files: readonly HealthTermFile[]) {
    for (const { language, terms } of files) {
      for (const term of terms) {
        if (term.endsWith('*')) this.#begins.set(term.slice(0, -1), language);
        else this.#whole.set(term, language);
      }
    }
  }

  /** @returns how many different terms occur, in the language with the most of them */
  differentIn(text: string): number {
    const found = new Map<string, Set<string>>();
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      const [term, language] = this.#termOf(word) ?? [];
      if (term === undefined || language === undefined) continue;
      const terms = found.get(language) ?? new Set();
      found.set(language, terms.add(term));
    }
    return Math.max(0, ...[...found.values()].map(({ size }) => size));
  }

  #termOf(word: string): readonly [string, string] | undefined {
    const language = this.#whole.get(word);
    if (language !== undefined) return [word, language];
    for (let length = SHORTEST_BEGIN; length <= Math.min(word.length, LONGEST_BEGIN); length++) {
      const begin = word.slice(0, length);
      const other = this.#begins.get(begin);
      if (other !== undefined) return [begin, other];
    }
    return undefined;
  }
}
