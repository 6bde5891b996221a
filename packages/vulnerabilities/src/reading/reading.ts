/** What a reader gives: all of a document, or what is wrong with it and where. Nothing is read by half. */
export type Reading<T> =
  | { readonly isRead: true; readonly value: T }
  | { readonly isRead: false; readonly problems: readonly Problem[] };

/** One thing that is wrong in a document. */
export interface Problem {
  /** JSON Pointer (RFC 6901), empty for the whole document; of tables and text, `line 12`. */
  readonly where: string;
  /** What is wrong there, as a sentence without full stop. */
  readonly what: string;
}

/** Problems that one document tells at most: the first ones help, the thousandth does not. */
export const MOST_PROBLEMS = 100;

export function read<T>(value: T): Reading<T> {
  return { isRead: true, value };
}

export function refuse(where: string, what: string): { readonly isRead: false; readonly problems: readonly Problem[] } {
  return { isRead: false, problems: [{ where, what }] };
}

/** @returns problems as one line for people: `/document/title: is missing; …` */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ where, what }) => (where === '' ? what : `${where}: ${what}`)).join('; ');
}
