import { CASES_ARRIVED_MS } from '../formats/check-cases.ts';
import type { FormatSet } from '../formats/format-set.ts';
import { MAPPED_COLUMNS, type MappedColumn } from '../formats/log-format.ts';
import type { Sample } from './find-structure.ts';

/** A value of a line, and where it stands. */
export interface PreviewedValue {
  readonly name: string;
  readonly value: string;
  /** Places of its first sign and behind its last one; −1 where the line writes it otherwise. */
  readonly start: number;
  readonly end: number;
}

/** What a sample line gives. */
export interface PreviewedLine {
  readonly line: string;
  /** Id of the format that reads it; empty for none. */
  readonly format: string;
  /** Whether the proposed format reads it. */
  readonly isRead: boolean;
  /** Format that reads it without the proposed one; empty for none. */
  readonly knownFormat: string;
  readonly values: readonly PreviewedValue[];
  readonly columns: Readonly<Partial<Record<MappedColumn, string | number>>>;
  /** Milliseconds since 1970; null where the line does not tell. */
  readonly timeMs: number | null;
}

const MAXIMUM_VALUES = 200;
const LONGEST_VALUE = 1000;

/** @returns what the formats make of the lines, read one behind the other */
export function previewLines(set: FormatSet, samples: readonly Sample[]): readonly PreviewedLine[] {
  return samples.map(({ line }) => {
    const reading = set.read({ raw: line, arrivedMs: CASES_ARRIVED_MS, source: 'sample', senderIp: '' });
    const { columns, fields, timeMs } = reading;
    const cells: Partial<Record<MappedColumn, string | number>> = {};
    for (const column of MAPPED_COLUMNS) {
      const value = columns[column];
      if (value !== null && value !== '') cells[column] = value;
    }
    return {
      line,
      format: columns.format,
      isRead: false,
      knownFormat: '',
      values: placesOf(line, fields),
      columns: cells,
      timeMs: timeMs === CASES_ARRIVED_MS ? null : timeMs,
    };
  });
}

/** Values stand in a line in the order in which they were read, mostly. */
function placesOf(line: string, fields: Readonly<Record<string, unknown>>): PreviewedValue[] {
  const values: PreviewedValue[] = [];
  let at = 0;
  for (const [name, found] of Object.entries(fields).slice(0, MAXIMUM_VALUES)) {
    const value = String(Array.isArray(found) ? (found[0] ?? '') : (found ?? ''));
    const behind = value === '' ? -1 : line.indexOf(value, at);
    const start = behind >= 0 ? behind : value === '' ? -1 : line.indexOf(value);
    if (behind >= 0) at = behind + value.length;
    values.push({ name, value: value.slice(0, LONGEST_VALUE), start, end: start < 0 ? -1 : start + value.length });
  }
  return values;
}
