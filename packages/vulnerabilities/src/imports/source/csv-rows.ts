/** A row of a table of comma-separated values, with the line that it begins in, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const MOST_CELLS = 1000;

/**
 * Rows of RFC 4180, also with semicolons or tabs between the cells, as spreadsheets of many countries write them. Empty rows are
 * left out.
 *
 * @param separator what is between cells; the one that the first row with several of them has, where it is left out
 */
export function* readCsv(text: string, separator: string = separatorOf(text)): Generator<CsvRow> {
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let begin = 1;
  let isQuoted = false;
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (sign === '\n') line += 1;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      cell = '';
      isQuoted = true;
    } else if (sign === separator) {
      if (cells.length < MOST_CELLS) cells.push(cell.trim());
      cell = '';
    } else if (sign === '\n' || (sign === '\r' && text[at + 1] !== '\n')) {
      if (cells.length > 0 || cell.trim() !== '') yield { line: begin, cells: [...cells, cell.trim()] };
      cells = [];
      cell = '';
      begin = line;
    } else cell += sign;
  }
  if (cells.length > 0 || cell.trim() !== '') yield { line: begin, cells: [...cells, cell.trim()] };
}

/** Of the first lines, the sign that stands outside quotes most often. */
function separatorOf(text: string): string {
  const head = text.slice(0, 8192).replaceAll(/"[^"]*"/g, '');
  const count = (sign: string) => head.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
