const CR = 13;

/** First line and header fields of a message; names in lower case, the first of equal names wins. */
export interface MessageHead {
  readonly startLine: string;
  readonly fields: ReadonlyMap<string, string>;
  /** Header fields as they stand. */
  readonly fieldText: string;
}

/** Fields whose values add up where they are repeated. */
const LISTS: ReadonlySet<string> = new Set(['transfer-encoding', 'content-encoding']);

/** @returns a head as browsers understand it. @param raw its lines, without the blank one that ends it */
export function parseHead(raw: string): MessageHead {
  const text = UNUSUAL.test(raw) ? normalizeHead(raw) : raw;
  const end = lineEnd(text, 0);
  const startLine = text.slice(0, text.charCodeAt(end - 1) === CR ? end - 1 : end);
  const fields = new Map<string, string>();
  for (let start = end + 1; start < text.length; ) {
    const stop = lineEnd(text, start);
    const colon = text.indexOf(':', start);
    if (colon > start && colon < stop) {
      const name = text.slice(start, colon).trim().toLowerCase();
      const known = fields.get(name);
      if (known === undefined) fields.set(name, text.slice(colon + 1, stop).trim());
      else if (LISTS.has(name)) fields.set(name, `${known}, ${text.slice(colon + 1, stop).trim()}`);
    }
    start = stop + 1;
  }
  return { startLine, fields, fieldText: text.slice(end + 1) };
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** NULs, lines that end in CR alone, and fields that go on in the next line. */
const UNUSUAL = /\0|\r(?!\n)|\n[ \t]/;

/** The same head as a browser understands it: a line that begins with a blank goes on, unless it is a field by itself. */
function normalizeHead(text: string): string {
  let head = '';
  let hasColon = false;
  for (const line of text.trimEnd().split(/\r*\n|\r/)) {
    const isField = line.includes(':');
    const goesOn: boolean = head !== '' && /^[ \t\0]/.test(line) && !(isField && hasColon);
    head += goesOn ? ` ${line.trim()}` : head === '' ? line : `\n${line.trim()}`;
    hasColon = isField || (goesOn && hasColon);
  }
  return `${head.replaceAll('\0', '')}\n`;
}
