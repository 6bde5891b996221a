/** Lines of a file of comma-separated values, with quotes as in RFC 4180. Empty lines and remarks are left out. */
export interface DelimitedLines {
  readonly lines: readonly (readonly string[])[];
  /** Line number of each in the file, from 1. */
  readonly numbers: readonly number[];
}

/** Most columns of a line that are read: more is no table of ours. */
const MAXIMUM_COLUMNS = 4096;

/** Never throws: what is not in the form is read as it stands. */
export function readDelimited(text: string): DelimitedLines {
  const lines: string[][] = [];
  const numbers: number[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    const trimmed = line.trim();
    // `@` begins the head of an ARFF file, `%` and `#` a remark.
    if (trimmed === '' || /^[@%#]/.test(trimmed)) continue;
    lines.push(fieldsOf(trimmed));
    numbers.push(number);
  }
  return { lines, numbers };
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',', MAXIMUM_COLUMNS).map((field) => field.trim());
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < line.length && fields.length < MAXIMUM_COLUMNS; at++) {
    const character = line.charAt(at);
    if (character === '"' && isQuoted && line.charAt(at + 1) === '"') {
      field += '"';
      at++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  fields.push(field.trim());
  return fields;
}
