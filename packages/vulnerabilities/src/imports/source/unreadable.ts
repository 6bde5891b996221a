import type { Problem } from '../../reading/reading.ts';

/** A file that cannot be read on. Thrown inside the readers only: `readImport` makes a reading of it. */
export class Unreadable extends Error {
  readonly problems: readonly Problem[];

  /** @param what sentence without full stop */
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = 'Unreadable';
    this.problems = [{ where, what }];
  }
}
