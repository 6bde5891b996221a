/** One column of a table on the terminal. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/**
 * Lays rows out under aligned titles. The last column is never padded, so that lines can be copied.
 *
 * @param maximumWidth widest cell, in characters; longer ones are cut with an ellipsis
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], maximumWidth = 48): string {
  const cells = rows.map((row) => columns.map((column) => shorten(printable(column.value(row)), maximumWidth)));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const render = (line: readonly string[]) =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        if (columns[index]?.align === 'right') return cell.padStart(width);
        return index === line.length - 1 ? cell : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [columns.map(({ title }) => title), ...cells].map(render).join('\n');
}

/** Values come from the wire: control characters must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}

function shorten(text: string, maximumWidth: number): string {
  return text.length <= maximumWidth ? text : `${text.slice(0, maximumWidth - 1)}…`;
}
