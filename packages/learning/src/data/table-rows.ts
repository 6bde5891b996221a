import type { Table, Truth } from './table.ts';

/** A table with what is known of its rows. */
export interface LabelledTable {
  readonly table: Table;
  readonly truth: Truth;
}

/** The rows of these indexes, copied, in their order. */
export function pickLabelled({ table, truth }: LabelledTable, indexes: readonly number[]): LabelledTable {
  const pick = <T>(values: readonly T[]) => indexes.map((index) => values[index] as T);
  return {
    table: {
      rows: indexes.length,
      features: table.features,
      columns: table.columns.map((column) =>
        column instanceof Float64Array ? Float64Array.from(indexes, (index) => column[index] ?? 0) : pick(column),
      ),
    },
    truth: {
      isAttack: Uint8Array.from(indexes, (index) => truth.isAttack[index] ?? 0),
      types: pick(truth.types),
      categories: pick(truth.categories),
    },
  };
}

/** Rows of tables with the same features, one table after the other. */
export function joinLabelled(first: LabelledTable, second: LabelledTable): LabelledTable {
  return {
    table: {
      rows: first.table.rows + second.table.rows,
      features: first.table.features,
      columns: first.table.columns.map((column, at) => joinColumns(column, second.table.columns[at] ?? [])),
    },
    truth: {
      isAttack: Uint8Array.from([...first.truth.isAttack, ...second.truth.isAttack]),
      types: [...first.truth.types, ...second.truth.types],
      categories: [...first.truth.categories, ...second.truth.categories],
    },
  };
}

function joinColumns(
  first: Float64Array | readonly string[],
  second: Float64Array | readonly string[],
): Float64Array | readonly string[] {
  if (first instanceof Float64Array) {
    const joined = new Float64Array(first.length + second.length);
    joined.set(first);
    for (const [at, value] of second.entries()) joined[first.length + at] = Number(value);
    return joined;
  }
  return [...first, ...Array.from(second, String)];
}
