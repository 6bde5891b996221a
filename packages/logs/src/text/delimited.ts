/*
 * Values with a separator between them: CSV (RFC 4180) and the extended log format of the W3C.
 */

const MAXIMUM_VALUES = 500;

/** @returns the values of one line; a value in double quotes may hold the separator, and quotes twice */
export function splitDelimited(line: string, separator: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (values.length < MAXIMUM_VALUES) {
    if (line[at] === '"') {
      const { text, end } = quotedValue(line, at + 1);
      const next = line.indexOf(separator, end);
      values.push(text);
      if (next < 0) break;
      at = next + separator.length;
    } else {
      const end = line.indexOf(separator, at);
      values.push(line.slice(at, end < 0 ? undefined : end));
      if (end < 0) break;
      at = end + separator.length;
    }
  }
  return values;
}

function quotedValue(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  let at = start;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return { text: text + line.slice(at), end: line.length };
    text += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}

/** @returns values by name; `-` is none, as the W3C writes it */
export function namedValues(names: readonly string[], values: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  names.forEach((name, index) => {
    const value = values[index]?.trim() ?? '';
    if (name !== '' && value !== '' && value !== '-') fields[name] = value;
  });
  return fields;
}
