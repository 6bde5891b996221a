import type { LogFormat } from '@sphinx/logs';
import type { LogRow } from '../intake/log-row.ts';

/** Stands where a value is that may name a patient. */
export const MASK = '•••';
/** Shorter values are not looked for in the text of a line: they would be everywhere. */
const SHORTEST_VALUE = 3;

/** What names a patient in the text of any line: a label with its value, and segments of HL7 that are about a person. */
const LABELLED =
  /((?:patient|pat)(?:[_-]?(?:id|name|number|birthdate|nr))?|mrn|pid|ssn|birthdate|geburtsdatum|insurance[_-]?(?:id|number))(["']?\s*(?:=|:|%3D)\s*["']?|\/)([^\s&"'<>,;|{}[\]()]{1,200})/giu;
const HL7_SEGMENT = /\b(PID|NK1|GT1|IN1|MRG)\|[^\r\n]*?(?=(?:\\r|\r|\n|<CR>|$|\b[A-Z][A-Z0-9]{2}\|))/g;

const TEXT_COLUMNS = ['message', 'url', 'command_line', 'object', 'file_name', 'target_user'] as const;

/**
 * @param format that the row is of, where it is known
 * @returns the row as it is shown: values that may name a patient are masked in its columns, fields and line
 */
export function maskRow(row: LogRow, format: LogFormat | undefined): LogRow {
  const values = new Set<string>();
  const fields = maskFields(row.fields, format?.patient ?? [], values);
  const hide = (text: string) => maskText(text, values);
  const masked: Record<string, unknown> = { ...row, fields, raw: hide(row.raw) };
  for (const column of TEXT_COLUMNS) masked[column] = hide(row[column]);
  return masked as LogRow;
}

/**
 * @param what it is about, for example `removable medium, written: table`
 * @returns the row without the name of the file that it is about, which may name a patient
 */
export function maskFileName(shown: LogRow, what: string): LogRow {
  return { ...shown, file_name: MASK, object: shown.object === shown.file_name ? MASK : shown.object, message: what };
}

/** @param values that name a patient for certain */
export function maskText(text: string, values: ReadonlySet<string> = new Set()): string {
  let hidden = text;
  for (const value of values) hidden = hidden.replaceAll(value, MASK);
  return hidden.replace(LABELLED, `$1$2${MASK}`).replace(HL7_SEGMENT, `$1|${MASK}`);
}

function maskFields(text: string, patterns: readonly string[], values: Set<string>): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return '{}';
  }
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!patterns.some((pattern) => fitsName(pattern, name))) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      const written = String(item ?? '');
      if (written.length < SHORTEST_VALUE) continue;
      values.add(written);
      // As it stands in a line of JSON.
      values.add(JSON.stringify(written).slice(1, -1));
    }
  }
  for (const [name, value] of Object.entries(fields)) {
    const isPatient = patterns.some((pattern) => fitsName(pattern, name)) || LABEL_ONLY.test(name);
    shown[name] = isPatient ? MASK : maskValue(value, values);
  }
  return JSON.stringify(shown);
}

const LABEL_ONLY = /(?:^|[._-])(?:patient(?:[_-]?(?:id|name|number))?|mrn|ssn)$/i;

function maskValue(value: unknown, values: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return maskText(value, values);
  return Array.isArray(value) ? value.map((item) => maskValue(item, values)) : value;
}

function fitsName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
