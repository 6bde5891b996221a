import { readDelimited } from './delimited.ts';
import type { Feature, TableReading, Truth } from './table.ts';

/** How a kind of data lies in a file. */
export interface TableForm {
  /** For messages, for example `NSL-KDD`. */
  readonly title: string;
  readonly features: readonly Feature[];
  /** Names of all columns in the order that files without a head have; absent where a head is required. */
  readonly order?: readonly string[];
  /** Column that tells whether a row is an attack, as the head calls it. */
  readonly label: string;
  /** @returns undefined where the value is no label */
  readonly truthOf: (cell: (column: string) => string | undefined) => RowTruth | undefined;
}

export interface RowTruth {
  readonly isAttack: boolean;
  readonly type: string;
  readonly category: string;
}

/**
 * Reads comma-separated rows, with or without a head. Never throws: what is wrong is said with its line and with what to
 * do about it. Text where a category is expected is taken as it is; it may be one that no model knows.
 *
 * @param form what the columns are
 */
export function readTable(text: string, form: TableForm): TableReading {
  const { lines, numbers } = readDelimited(text);
  const first = lines[0];
  if (first === undefined) return refuse(`The file has no rows. ${form.title} has one row for each flow.`);
  const hasHead = first.some((field) => form.features.some(({ name }) => isSameName(name, field)));
  const names = hasHead ? first : form.order?.slice(0, first.length);
  if (names === undefined) {
    return refuse(
      `The first line has no column names. ${form.title} begins with a line of names such as ${sample(form)}.`,
    );
  }
  const places = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  const missing = form.features.filter(({ name }) => !places.has(name.toLowerCase())).map(({ name }) => name);
  if (missing.length > 0) return refuse(missingColumns(form, missing, first.length, hasHead));
  const rows = hasHead ? lines.slice(1) : lines;
  const rowNumbers = hasHead ? numbers.slice(1) : numbers;
  if (rows.length === 0) return refuse('The file has column names and no rows.');
  const columns = form.features.map(({ kind }) =>
    kind === 'number' ? new Float64Array(rows.length) : ([] as string[]),
  );
  for (const [row, fields] of rows.entries()) {
    if (fields.length !== names.length) {
      return refuse(
        `Line ${rowNumbers[row]} has ${fields.length} columns instead of ${names.length}. Is a line cut off or a comma in a value?`,
      );
    }
    for (const [index, { name, kind }] of form.features.entries()) {
      const field = fields[places.get(name.toLowerCase()) ?? -1] ?? '';
      const column = columns[index];
      if (kind === 'category') (column as string[]).push(field);
      else {
        const value = numberOf(field);
        if (Number.isNaN(value)) {
          return refuse(`Line ${rowNumbers[row]}, column ${name}: “${field.slice(0, 40)}” is no number.`);
        }
        (column as Float64Array)[row] = value;
      }
    }
  }
  const truth = truthOfRows(form, rows, places, rowNumbers);
  if (typeof truth === 'string') return refuse(truth);
  return { isRead: true, table: { rows: rows.length, features: form.features, columns }, truth };
}

function truthOfRows(
  form: TableForm,
  rows: readonly (readonly string[])[],
  places: ReadonlyMap<string, number>,
  numbers: readonly number[],
): Truth | string | undefined {
  if (!places.has(form.label.toLowerCase())) return undefined;
  const isAttack = new Uint8Array(rows.length);
  const types: string[] = [];
  const categories: string[] = [];
  for (const [row, fields] of rows.entries()) {
    const truth = form.truthOf((column) => fields[places.get(column.toLowerCase()) ?? -1]);
    if (truth === undefined) {
      const value = fields[places.get(form.label.toLowerCase()) ?? -1] ?? '';
      return `Line ${numbers[row]}: “${value.slice(0, 40)}” in column ${form.label} is no label of ${form.title}.`;
    }
    isAttack[row] = truth.isAttack ? 1 : 0;
    types.push(truth.type);
    categories.push(truth.category);
  }
  return { isAttack, types, categories };
}

function numberOf(field: string): number {
  if (field === '' || field === '-') return 0;
  // Ports of argus may be hexadecimal: Number reads 0x as it stands.
  const value = Number(field);
  return Number.isFinite(value) ? value : Number.NaN;
}

function missingColumns(form: TableForm, missing: readonly string[], columns: number, hasHead: boolean): string {
  if (!hasHead && form.order !== undefined) {
    return `A row has ${columns} columns; ${form.title} has ${form.features.length}, with label ${form.features.length + 1} or more, in the order that the data set was published in. Is this the right --kind?`;
  }
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return `Columns of ${form.title} are missing: ${missing.slice(0, 5).join(', ')}${more}. Is this the right --kind, and does the first line name the columns?`;
}

function sample({ features }: TableForm): string {
  return features
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refuse(problem: string): TableReading {
  return { isRead: false, problem };
}
