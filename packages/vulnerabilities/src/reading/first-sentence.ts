/** @returns the first sentence of a description, which stands for a title where a source gives none */
export function firstSentence(text: string): string {
  const [line = ''] = text.split(/(?<=[.!?])\s|\n/);
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
