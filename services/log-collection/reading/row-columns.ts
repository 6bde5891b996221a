import type { LogRow } from '../intake/log-row.ts';

/*
 * Rows cross threads by column: an object is copied with the name of each property, a list of values is not. The line itself stays
 * where it came in, and a column that says the same throughout is told once.
 */

type Cell = LogRow[keyof LogRow];

interface PackedColumn {
  readonly name: string;
  /** One per row; undefined where all are `all`. */
  readonly each: readonly Cell[] | undefined;
  readonly all: Cell;
}

/** Rows without their lines. */
export interface PackedRows {
  readonly count: number;
  readonly columns: readonly PackedColumn[];
}

export function packRows(rows: readonly LogRow[]): PackedRows {
  const [first] = rows;
  if (first === undefined) return { count: 0, columns: [] };
  const columns: PackedColumn[] = [];
  for (const name of Object.keys(first) as (keyof LogRow)[]) {
    if (name === 'raw') continue;
    const all = first[name];
    const isSame = rows.every((row) => row[name] === all);
    columns.push({ name, all, each: isSame ? undefined : rows.map((row) => row[name]) });
  }
  return { count: rows.length, columns };
}

/**
 * @param lines of the rows, in the same order
 * @throws Error where there are more or fewer of them
 */
export function unpackRows({ count, columns }: PackedRows, lines: readonly string[]): readonly LogRow[] {
  if (lines.length !== count) throw new Error(`There are ${count} rows for ${lines.length} lines.`);
  return lines.map((raw, index) => {
    const row: Record<string, Cell | undefined> = {};
    for (const { name, each, all } of columns) row[name] = each === undefined ? all : each[index];
    row.raw = raw;
    return row as LogRow;
  });
}
