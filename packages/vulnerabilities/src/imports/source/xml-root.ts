/** What may stand before the root element: declaration and instructions, comments, and a document type (XML 1.0 §2.8). */
const BEFORE_ROOT: readonly (readonly [begin: string, end: string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
];

/** @returns name of the root element of a text that begins a document; undefined where it is no XML, or the root is not in it */
export function rootOf(text: string): string | undefined {
  let rest = text.replace(/^\ufeff/, '').trimStart();
  while (rest.startsWith('<')) {
    const before = BEFORE_ROOT.find(([begin]) => rest.startsWith(begin));
    if (before === undefined) return /^<([A-Za-z_][\w.:-]*)/.exec(rest)?.[1];
    const [begin, end] = before;
    // A document type may hold declarations of its own in brackets.
    const brackets = begin === '<!DOCTYPE' ? /^[^>[]*\[/.exec(rest)?.[0].length : undefined;
    const from = brackets === undefined ? begin.length : rest.indexOf(']', brackets);
    const at = from === -1 ? -1 : rest.indexOf(end, from);
    if (at === -1) return undefined;
    rest = rest.slice(at + end.length).trimStart();
  }
  return undefined;
}
