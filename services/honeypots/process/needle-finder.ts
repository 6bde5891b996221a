import type { Needle } from './messages.ts';

/** Looks for planted values in text. There are hundreds at most, and what is looked through is what strangers send. */
export class NeedleFinder {
  #needles: readonly Needle[] = [];
  /** Length of the longest, in characters. */
  longest = 0;

  get isEmpty(): boolean {
    return this.#needles.length === 0;
  }

  set(needles: readonly Needle[]): void {
    this.#needles = needles;
    this.longest = Math.max(0, ...needles.map(({ text }) => text.length));
  }

  /** @param text in lower case @returns ids of the tokens that are in it */
  find(text: string): readonly string[] {
    return this.#needles.filter((needle) => text.includes(needle.text)).map(({ token }) => token);
  }
}
