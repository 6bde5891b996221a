import type { Course, FoundIncident, Sphinx } from './sphinx.ts';

/** What SPHINX did of a course. */
export interface Deeds {
  readonly done: readonly string[];
  /** Whether something that keeps the attacker off was done. */
  readonly isContained: boolean;
  /** Whether what was damaged was brought back. */
  readonly isRestored?: boolean;
  /** Takes back what is in force. */
  readonly undo?: () => Promise<void>;
}

/** Has SPHINX carry out a course that was chosen. */
export async function carryOut(_sphinx: Sphinx, _incident: FoundIncident, _course: Course): Promise<Deeds> {
  return { done: [], isContained: false };
}
