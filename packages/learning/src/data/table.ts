import { createMatrix, type Matrix } from './matrix.ts';

/** What a column tells. */
export interface Feature {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** In words, as a reason would say it, for example `bytes sent by the client`. */
  readonly meaning: string;
}

/** Rows as they were read: numbers, and categories as text. */
export interface Table {
  readonly rows: number;
  readonly features: readonly Feature[];
  /** For each feature its values. */
  readonly columns: readonly (Float64Array | readonly string[])[];
}

/** What is known of the rows of a table. */
export interface Truth {
  /** 1 for an attack. */
  readonly isAttack: Uint8Array;
  /** Name of the attack as the file has it, or `normal`. */
  readonly types: readonly string[];
  /** Its kind, for example `dos`, or `normal`. */
  readonly categories: readonly string[];
}

/** A table that was read, or what is wrong with it and what to do. */
export type TableReading =
  | { readonly isRead: true; readonly table: Table; readonly truth: Truth | undefined }
  | { readonly isRead: false; readonly problem: string };

/** For each feature the categories that a model knows; empty for numbers. */
export type Vocabulary = readonly (readonly string[])[];

/** Categories of each column, in alphabetical order. */
export function vocabularyOf({ features, columns }: Table): Vocabulary {
  return features.map(({ kind }, index) =>
    kind === 'number' ? [] : Array.from(new Set(columns[index] as readonly string[])).sort(),
  );
}

/** Rows of numbers: a category becomes its place in the vocabulary, −1 where it is not in it. */
export function encodeTable({ rows, features, columns }: Table, vocabulary: Vocabulary): Matrix {
  const matrix = createMatrix(rows, features.length);
  for (const [column, values] of columns.entries()) {
    const placeOf = new Map((vocabulary[column] ?? []).map((name, place) => [name, place]));
    for (let row = 0; row < rows; row++) {
      const value = values[row];
      matrix.data[row * features.length + column] =
        typeof value === 'string' ? (placeOf.get(value) ?? -1) : (value ?? 0);
    }
  }
  return matrix;
}
