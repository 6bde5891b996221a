import { FormatSet } from './format-set.ts';
import type { LogFormat } from './log-format.ts';

/** What a case of a format says, and what came out. */
export interface CaseFailure {
  readonly line: string;
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

/** Arrival of lines of cases: a year that lines without one can be of. */
export const CASES_ARRIVED_MS = Date.UTC(2026, 11, 1);

/**
 * Plays the cases of a format against all formats, so that none of them takes another's lines.
 *
 * @param formats the format and those beside it
 * @returns what is not as it should be; empty where all is
 */
export function checkCases(format: LogFormat, formats: readonly LogFormat[]): readonly CaseFailure[] {
  const others = formats.filter(({ id }) => id !== format.id);
  const failures: CaseFailure[] = [];
  for (const { line, after = [], expect } of format.cases) {
    const set = new FormatSet([...others, format], { zoneMinutes: 0 });
    const read = (raw: string) => set.read({ raw, arrivedMs: CASES_ARRIVED_MS, source: 'case', senderIp: '' });
    for (const before of after) read(before);
    const { columns, timeMs } = read(line);
    const found: Readonly<Record<string, unknown>> = { ...columns, time: timeMs };
    for (const [column, expected] of Object.entries({ format: format.id, ...expect })) {
      if (String(found[column] ?? '') !== String(expected)) {
        failures.push({ line, column, expected: String(expected), found: String(found[column] ?? '') });
      }
    }
  }
  return failures;
}
