import { CASES_ARRIVED_MS, checkCases } from '../formats/check-cases.ts';
import { FormatSet } from '../formats/format-set.ts';
import { LogFormat, type LogKind, MAPPED_COLUMNS, type MappedColumn } from '../formats/log-format.ts';
import { readSyslog } from '../syslog/syslog.ts';
import { findStructure, type Sample, type Structure } from './find-structure.ts';
import { columnOf, guessKind, isPatientName, timeFields, translations } from './name-columns.ts';
import type { PieceKind } from './pieces.ts';
import { type PreviewedLine, previewLines } from './preview-lines.ts';
import { commonWords, type ProposedPattern, proposePatterns } from './write-patterns.ts';

/** What a person wants otherwise than it was proposed. */
export interface FieldChange {
  /** Name as it was proposed. */
  readonly name: string;
  readonly rename?: string | undefined;
  /** Column; an empty text for none. */
  readonly column?: MappedColumn | '' | undefined;
  readonly isDropped?: boolean | undefined;
  readonly isPatient?: boolean | undefined;
}

export interface ProposedField {
  /** As it was proposed. */
  readonly name: string;
  /** As it is in the format; empty where it is left out. */
  readonly fieldName: string;
  readonly kind: PieceKind;
  readonly column: MappedColumn | '';
  readonly isPatient: boolean;
  readonly examples: readonly string[];
}

export interface FormatProposal {
  /** As a file of `knowledge/log-formats` has it, with what is not said left out. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly format: LogFormat;
  /** Header of syslog that all lines have. */
  readonly header: 'rfc5424' | 'rfc3164' | 'none';
  readonly fields: readonly ProposedField[];
  /** Whether fields may be renamed and left out: not those that the log names itself. */
  readonly canRename: boolean;
  readonly lines: readonly PreviewedLine[];
  /** Formats whose own lines this one would take. */
  readonly takesFrom: readonly string[];
}

export interface ProposalOptions {
  readonly id: string;
  readonly title: string;
  /** Guessed when absent. */
  readonly kind?: LogKind | undefined;
  readonly changes?: readonly FieldChange[] | undefined;
  /** All formats in force. */
  readonly formats: readonly LogFormat[];
}

/** Lines that are looked at; a sample is no log. */
export const MAXIMUM_SAMPLE_LINES = 200;
const LONGEST_LINE = 20_000;
const MAXIMUM_CASES = 40;
const EXAMPLES = 3;
/** Behind what is known for certain and JSON and pairs of any program, before any other line of syslog. */
const USUAL_ORDER = 960;
const LONGEST_EXPECTED = 300;

/**
 * Proposes a format for lines that nothing reads yet: structure, variables, names, columns, and the lines as its cases.
 *
 * @param text sample lines of one log, one below the other
 * @returns undefined where there is no line. Never throws; lines that it would not read are told as such.
 */
export function proposeFormat(text: string, options: ProposalOptions): FormatProposal | undefined {
  const samples = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, MAXIMUM_SAMPLE_LINES)
    .map((line) => line.slice(0, LONGEST_LINE))
    .map((line): Sample => ({ line, header: readSyslog(line, { arrivedMs: CASES_ARRIVED_MS, zoneMinutes: 0 }) }));
  if (samples.length === 0) return undefined;
  const others = options.formats.filter(({ id }) => id !== options.id);
  const order = orderBefore(samples, others);
  const draft = draftOf(samples, options, findStructure(samples));
  const complete = (found: Draft) => completed(found, samples, order, others, options);
  return complete(draft) ?? complete(draftOf(samples, options, undefined)) ?? complete({ ...draft, ...ANYTHING });
}

interface Draft {
  readonly body: Readonly<Record<string, unknown>>;
  readonly fields: readonly ProposedField[];
  readonly canRename: boolean;
}

const ANYTHING: Draft = {
  body: { read: 'lines', lines: [{ pattern: '%{REST:message}' }] },
  fields: [],
  canRename: true,
};

function draftOf(samples: readonly Sample[], options: ProposalOptions, structure: Structure | undefined): Draft {
  const changes = new Map((options.changes ?? []).map((change) => [change.name, change]));
  if (structure !== undefined) return draftOfStructure(structure, changes);
  const names = new Map(
    [...changes.values()].map(({ name, rename, isDropped }) => [name, isDropped === true ? '' : (rename ?? name)]),
  );
  const patterns = proposePatterns(
    samples.map(({ header }) => header.message),
    names,
  );
  const contains = commonWords(patterns);
  return {
    body: {
      when: contains.length > 0 && contains.length <= 20 ? { contains } : {},
      read: 'lines',
      lines: patterns.map(({ pattern }) => ({ pattern })),
    },
    fields: fieldsOfPatterns(patterns, changes),
    canRename: true,
  };
}

function fieldsOfPatterns(
  patterns: readonly ProposedPattern[],
  changes: ReadonlyMap<string, FieldChange>,
): ProposedField[] {
  const found = new Map<string, { kind: PieceKind; values: string[] }>();
  for (const { name, slot } of patterns.flatMap(({ fields }) => fields)) {
    const known = found.get(name);
    if (known === undefined) found.set(name, { kind: slot.kind, values: [...slot.values] });
    else known.values.push(...slot.values);
  }
  return [...found].map(([name, { kind, values }]) => toField(name, kind, values, changes.get(name), true));
}

function draftOfStructure(structure: Structure, changes: ReadonlyMap<string, FieldChange>): Draft {
  const { read, settings, isNamedHere } = structure;
  const fields = structure.fields
    .filter(({ name }) => name !== '')
    .map(({ name, kind, values }) => toField(name, kind, values, changes.get(name), isNamedHere));
  const nameOf = new Map(fields.map(({ name, fieldName }) => [name, fieldName]));
  const conditions = Object.entries(structure.conditions).flatMap(([name, value]) => {
    const field = nameOf.get(name) ?? name;
    return field === '' ? [] : [[field, value] as const];
  });
  const names = settings.names?.map((name) => nameOf.get(name) ?? name);
  return {
    body: {
      when: conditions.length === 0 ? {} : { fields: Object.fromEntries(conditions) },
      read,
      ...settings,
      ...(names === undefined ? {} : { names }),
    },
    fields,
    canRename: isNamedHere,
  };
}

function toField(
  name: string,
  kind: PieceKind,
  values: readonly string[],
  change: FieldChange | undefined,
  canRename: boolean,
): ProposedField {
  const renamed = canRename && change?.rename !== undefined && change.rename !== '' ? change.rename : name;
  const fieldName = change?.isDropped === true ? '' : renamed;
  const texts = [...new Set(values.filter((value) => value !== ''))];
  return {
    name,
    fieldName,
    kind,
    column: fieldName === '' ? '' : (change?.column ?? columnOf(fieldName, texts) ?? ''),
    isPatient: change?.isPatient ?? isPatientName(renamed),
    examples: texts.slice(0, EXAMPLES).map((value) => value.slice(0, 100)),
  };
}

/** Before those that read the lines now: a format of the site says more of them. */
function orderBefore(samples: readonly Sample[], formats: readonly LogFormat[]): number {
  const orders = previewLines(new FormatSet(formats), samples).flatMap(({ format }) => {
    const reader = formats.find(({ id }) => id === format);
    return reader === undefined ? [] : [reader.order - 1];
  });
  return Math.max(0, Math.min(USUAL_ORDER, ...orders));
}

function completed(
  draft: Draft,
  samples: readonly Sample[],
  order: number,
  others: readonly LogFormat[],
  options: ProposalOptions,
): FormatProposal | undefined {
  const without = { ...definitionOf(draft, samples, order, options), cases: [{ line: '-', expect: {} }] };
  const parsed = LogFormat.safeParse(without);
  if (!parsed.success) return undefined;
  const before = previewLines(new FormatSet(others), samples);
  const lines = previewLines(new FormatSet([...others, parsed.data]), samples).map((line, index) => ({
    ...line,
    isRead: line.format === options.id,
    knownFormat: before[index]?.format ?? '',
  }));
  const cases = casesOf(parsed.data, lines, others, draft.fields);
  if (cases.length === 0) return undefined;
  const headers = new Set(samples.map(({ header }) => header.version));
  const [header = 'none'] = headers;
  return {
    definition: { ...without, cases },
    format: { ...parsed.data, cases: [...cases] },
    header: headers.size === 1 ? header : 'none',
    fields: draft.fields,
    canRename: draft.canRename,
    lines,
    takesFrom: takenFrom(parsed.data, others, new Set(before.map(({ format }) => format))),
  };
}

function definitionOf({ body, fields }: Draft, samples: readonly Sample[], order: number, options: ProposalOptions) {
  const kept = fields.filter(({ fieldName }) => fieldName !== '');
  const columns: Partial<Record<MappedColumn, string[]>> = {};
  for (const column of MAPPED_COLUMNS) {
    const names = [...new Set(kept.filter((field) => field.column === column).map(({ fieldName }) => fieldName))];
    if (names.length > 0) columns[column] = names;
  }
  const filled = new Set(Object.keys(columns));
  const times = timeFields([...new Set(kept.map(({ fieldName }) => fieldName))], (name) =>
    kept.some((field) => field.fieldName === name && field.kind === 'time' && !/^(?:clock|date)$/.test(name)),
  );
  const patient = kept.filter(({ isPatient }) => isPatient).map(({ fieldName }) => fieldName);
  const values = translations(filled, body.read === 'cef' || body.read === 'leef');
  const { when = {}, ...rest } = body as { when?: object };
  const programs = [...new Set(samples.map(({ header }) => header.program))];
  const isOneProgram = programs.length === 1 && programs[0] !== '';
  const conditions = isOneProgram ? { program: programs, ...when } : when;
  const text = samples.map(({ line }) => line).join('\n');
  return {
    id: options.id,
    title: options.title,
    kind: options.kind ?? guessKind(filled, text),
    order,
    ...(Object.keys(conditions).length === 0 ? {} : { when: conditions }),
    ...rest,
    ...(filled.size === 0 ? {} : { columns }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(times.length === 0 ? {} : { time: times }),
    ...(patient.length === 0 ? {} : { patient: [...new Set(patient)] }),
  };
}

type Case = LogFormat['cases'][number];

/** The lines as cases, with what they give; what may name a patient is written over in them. */
function casesOf(
  format: LogFormat,
  lines: readonly PreviewedLine[],
  others: readonly LogFormat[],
  fields: readonly ProposedField[],
): readonly Case[] {
  const head = format.read === 'delimited' && format.head !== undefined ? lines[0]?.line : undefined;
  const patient = new Set(fields.filter(({ isPatient }) => isPatient).map(({ fieldName }) => fieldName));
  const read = lines.filter(({ isRead, line }) => isRead && line !== head);
  const after = head === undefined ? {} : { after: [head] };
  const set = new FormatSet([...others, format], { zoneMinutes: 0 });
  const cases: Case[] = [];
  for (const { line, values } of read.slice(0, MAXIMUM_CASES)) {
    const hidden = values.filter(({ name }) => patient.has(name)).map(({ value }) => value);
    const written = hidden.reduce(writtenOver, line);
    const expect = expectedOf(format, written, head, set);
    if (expect !== undefined) cases.push({ line: written, ...after, expect });
  }
  const failing = new Set(checkCases({ ...format, cases }, others).map(({ line }) => line));
  return cases.filter(({ line }) => !failing.has(line));
}

/** The same shape without what it says: letters become x, digits 0. */
function writtenOver(line: string, value: string): string {
  if (value.trim() === '') return line;
  return line.replaceAll(value, () => value.replace(/\p{L}/gu, 'x').replace(/\p{N}/gu, '0'));
}

function expectedOf(
  format: LogFormat,
  line: string,
  head: string | undefined,
  set: FormatSet,
): Case['expect'] | undefined {
  const read = (raw: string) => set.read({ raw, arrivedMs: CASES_ARRIVED_MS, source: 'case', senderIp: '' });
  if (head !== undefined) read(head);
  const { columns, fields, timeMs } = read(line);
  if (columns.format !== format.id) return undefined;
  const expect: Record<string, string | number> = {};
  for (const [column, names] of Object.entries(format.columns) as [MappedColumn, string[]][]) {
    if (!names.some((name) => fields[name] !== undefined)) continue;
    const value = columns[column];
    if (value !== null && value !== '' && String(value).length <= LONGEST_EXPECTED) expect[column] = value;
  }
  if (format.time !== undefined && timeMs !== CASES_ARRIVED_MS) expect.time = timeMs;
  return expect;
}

/** Plays the cases of the others with the new format among them. */
function takenFrom(format: LogFormat, others: readonly LogFormat[], expected: ReadonlySet<string>): string[] {
  const set = new FormatSet([...others, format], { zoneMinutes: 0 });
  const read = (raw: string, source: string) =>
    set.read({ raw, arrivedMs: CASES_ARRIVED_MS, source, senderIp: '' }).columns.format;
  const taken = others.filter(({ id, cases }) => {
    if (expected.has(id)) return false;
    return cases.some(({ line, after = [] }) => {
      for (const before of after) read(before, id);
      return read(line, id) === format.id;
    });
  });
  return taken.map(({ id }) => id);
}
