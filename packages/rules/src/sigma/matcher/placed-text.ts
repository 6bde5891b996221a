/** Where in a value a text must stand. */
export const ANYWHERE = 0;
export const AT_START = 1;
export const AT_END = 2;
export type Place = typeof ANYWHERE | typeof AT_START | typeof AT_END;

/** A text that is looked for, and what its finding marks. */
export interface PlacedText {
  readonly text: string;
  readonly atom: number;
  readonly place: Place;
}

/** Takes what was found. */
export interface AtomMarks {
  mark(atom: number): void;
}

/** Finds all texts of a set in a value. */
export interface TextSearch {
  /** Bytes of its tables. */
  readonly bytes: number;
  /** Marks the atom of every text that stands in the value at its place. */
  scan(value: string, marks: AtomMarks): void;
}
