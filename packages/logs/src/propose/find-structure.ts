import { CompiledFormat, LineInHand } from '../formats/compiled-format.ts';
import { LogFormat } from '../formats/log-format.ts';
import type { LogFields } from '../log-value.ts';
import type { SyslogLine } from '../syslog/syslog.ts';
import { splitDelimited } from '../text/delimited.ts';
import { nameSlots } from './name-slots.ts';
import { cutLine, type PieceKind } from './pieces.ts';
import type { Slot } from './templates.ts';

/** One field of lines that have a structure of their own. */
export interface FoundField {
  readonly name: string;
  readonly kind: PieceKind;
  readonly values: readonly string[];
}

/** How lines are built, as far as a format says it. */
export interface Structure {
  readonly read: LogFormat['read'];
  readonly settings: Partial<Pick<LogFormat, 'separator' | 'names' | 'head' | 'count'>>;
  readonly fields: readonly FoundField[];
  /** Conditions that tell such lines from others. */
  readonly conditions: Readonly<Record<string, string>>;
  /** Whether fields may have other names: those that the log tells itself stay. */
  readonly isNamedHere: boolean;
}

/** A sample line with what stood before it taken off. */
export interface Sample {
  readonly line: string;
  readonly header: SyslogLine;
}

/** Lines of a structure among the samples, in hundredths: a log may have a few of another kind. */
const LEAST_PERCENT = 70;
const MAXIMUM_FIELDS = 200;
const SELF_DESCRIBING = ['audit-message', 'windows', 'cef', 'leef', 'json'] as const;
/** Fields that say what wrote a line. */
const ORIGIN =
  /^(?:device_?vendor|device_?product|vendor|product|channel|provider_?name|sourcename|app|application|service|program|module|type|log_?type|source|system|logger)$/i;
const PLAIN_NAME = /^[\p{L}\p{N}_.@:/ -]{1,100}$/u;

/** @returns the structure that most of the lines have; undefined where they have none */
export function findStructure(samples: readonly Sample[]): Structure | undefined {
  for (const read of SELF_DESCRIBING) {
    const found = readAll(samples, { read });
    if (found !== undefined) return toStructure(read, {}, found);
  }
  return findKeyValues(samples) ?? findDelimited(samples);
}

function readAll(samples: readonly Sample[], settings: object): readonly LogFields[] | undefined {
  const trial = LogFormat.parse({ id: 'trial', title: 'trial', kind: 'application', cases: [CASE], ...settings });
  const compiled = new CompiledFormat(trial);
  const read = samples.flatMap(({ line, header }) => {
    const match = compiled.read(new LineInHand(line, header.message, 'sample', header.program));
    return match === undefined ? [] : [match.fields];
  });
  return isMost(read.length, samples.length) ? read : undefined;
}

const CASE = { line: 'x', expect: {} };

function isMost(part: number, all: number): boolean {
  return part > 0 && part * 100 >= all * LEAST_PERCENT;
}

function toStructure(
  read: Structure['read'],
  settings: Structure['settings'],
  lines: readonly LogFields[],
  isNamedHere = false,
): Structure {
  const values = new Map<string, string[]>();
  for (const line of lines) {
    for (const [name, value] of Object.entries(line)) {
      const text = String(typeof value === 'object' && value !== null ? (value[0] ?? '') : (value ?? ''));
      const known = values.get(name);
      if (known !== undefined) known.push(text);
      else if (values.size < MAXIMUM_FIELDS) values.set(name, [text]);
    }
  }
  const fields = [...values].map(([name, texts]) => ({ name, kind: kindOf(texts), values: texts }));
  return { read, settings, fields, isNamedHere, conditions: conditionsOf(fields, lines.length) };
}

/** @returns what all values are, by how they are written */
function kindOf(values: readonly string[]): PieceKind {
  const kinds = new Set(
    values.map((value) => {
      const [only, ...more] = cutLine(value.trim());
      return only === undefined || more.length > 0 ? 'mixed' : only.kind;
    }),
  );
  const [kind = 'mixed'] = kinds;
  return kinds.size === 1 ? kind : 'mixed';
}

/** What wrote the lines, where they say it; else the fields that all of them have. */
function conditionsOf(fields: readonly FoundField[], lines: number): Record<string, string> {
  const common = fields.filter(({ name, values }) => values.length >= lines && PLAIN_NAME.test(name));
  const origins = common.filter(({ name, values }) => {
    const [first = ''] = values;
    const isText = first !== '' && first.length <= 100 && !first.includes('*');
    return ORIGIN.test(name) && isText && values.every((value) => value === first);
  });
  const chosen = origins.slice(0, 3).map(({ name, values }) => [name, values[0] ?? '*'] as const);
  const others = common.filter(({ name, values }) => !ORIGIN.test(name) && values.every((value) => value !== ''));
  const rest = others.slice(0, Math.max(0, 5 - chosen.length)).map(({ name }) => [name, '*'] as const);
  return Object.fromEntries([...chosen, ...rest]);
}

const PAIR = /^\s*[\p{L}\p{N}_.@:/-]{1,80}=/u;
/** Of the signs of a line, so many belong to pairs, in hundredths. */
const PAIRS_PERCENT = 75;
const LEAST_PAIRS = 3;

function findKeyValues(samples: readonly Sample[]): Structure | undefined {
  const isPairs = (separator: string) =>
    samples.filter(({ header }) => {
      const parts = header.message.split(separator).filter((part) => part.trim() !== '');
      return parts.length >= LEAST_PAIRS && parts.every((part) => PAIR.test(part));
    }).length;
  for (const separator of [';', '|', '\t', ',']) {
    if (!isMost(isPairs(separator), samples.length)) continue;
    const found = readAll(samples, { read: 'key-value', separator });
    if (found !== undefined) return toStructure('key-value', { separator }, found);
  }
  const found = readAll(samples, { read: 'key-value' }) ?? [];
  const whole = found.filter((fields, index) => isMadeOfPairs(fields, samples[index]?.header.message ?? ''));
  return found.length === samples.length && isMost(whole.length, samples.length)
    ? toStructure('key-value', {}, whole)
    : undefined;
}

function isMadeOfPairs(fields: LogFields, text: string): boolean {
  const pairs = Object.entries(fields);
  const covered = pairs.reduce((sum, [name, value]) => sum + name.length + 1 + String(value).length, 0);
  return pairs.length >= LEAST_PAIRS && covered * 100 >= text.replace(/[\s"',]/g, '').length * PAIRS_PERCENT;
}

/** Separators with how many values a line needs, so that prose with commas is none. */
const SEPARATORS = [
  ['\t', 3],
  ['|', 3],
  [';', 4],
  [',', 4],
] as const;

function findDelimited(samples: readonly Sample[]): Structure | undefined {
  const texts = samples.map(({ header }) => header.message);
  for (const [separator, least] of SEPARATORS) {
    const rows = texts.map((text) => splitDelimited(text, separator));
    const count = mostFrequent(rows.map(({ length }) => length));
    const alike = rows.filter(({ length }) => length === count);
    // One line alone says little about what separates.
    const needed = rows.length === 1 ? least + 2 : least;
    if (count < needed || !isMost(alike.length, rows.length) || alike.some(isProse)) continue;
    return ofRows(alike, texts[0] ?? '', separator, count);
  }
  return undefined;
}

function isOfThisCentury({ kind, values }: FoundField): boolean {
  return kind === 'time' && values.every((value) => value.startsWith('20'));
}

function mostFrequent(numbers: readonly number[]): number {
  const times = new Map<number, number>();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

function isProse(values: readonly string[]): boolean {
  const wordy = values.filter((value) => value.trim().split(/\s+/).length > 3).length;
  return wordy * 2 > values.length;
}

function ofRows(rows: readonly string[][], first: string, separator: string, count: number): Structure {
  const [names = []] = rows;
  const settings = { ...(separator === ',' ? {} : { separator }), count };
  if (rows.length > 1 && isHead(names, rows.slice(1))) {
    const plain = names.map((name) => name.trim().replace(/^#\s*/, ''));
    const fields = fieldsOf(plain, rows.slice(1));
    const head = first.startsWith('#') ? '#' : headOf(names, separator);
    const named = { ...settings, names: plain, head };
    return { read: 'delimited', settings: named, fields, conditions: {}, isNamedHere: false };
  }
  const columns = nameColumns(rows, separator);
  const fields = fieldsOf(columns, rows);
  const filled = fields.filter(({ values }) => values.every((value) => value !== '' && value !== '-'));
  const last = filled.at(-1);
  return {
    read: 'delimited',
    settings: { ...settings, names: columns },
    fields,
    conditions: {
      ...Object.fromEntries(filled.filter(isOfThisCentury).map(({ name }) => [name, '20*'])),
      ...(last === undefined || isOfThisCentury(last) ? {} : { [last.name]: '*' }),
    },
    isNamedHere: true,
  };
}

/** Names of columns are words, all different, above values that are written otherwise. */
function isHead(names: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const plain = names.map((name) => name.trim());
  const areNames = plain.every((name) => /^#?\s?\p{L}[\p{L}\p{N}_ .()/-]{0,60}$/u.test(name));
  if (!areNames || new Set(plain).size < plain.length) return false;
  return rows.every((row) => row.some((value, index) => /\d/.test(value) && !/\d/.test(plain[index] ?? '')));
}

/** The beginning of a line that names the columns, long enough to know it by. */
function headOf(names: readonly string[], separator: string): string {
  let head = '';
  for (const name of names) {
    if (head.length + name.length + separator.length > 90) break;
    head += name + separator;
  }
  return head.slice(0, head.length - separator.length);
}

function fieldsOf(names: readonly string[], rows: readonly (readonly string[])[]): FoundField[] {
  return names.map((name, index) => {
    const values = rows.map((row) => row[index]?.trim() ?? '');
    return { name, kind: kindOf(values.filter((value) => value !== '' && value !== '-')), values };
  });
}

function nameColumns(rows: readonly (readonly string[])[], separator: string): string[] {
  const [first = []] = rows;
  const mark: Slot = { kind: 'mark', type: '', text: separator, isVariable: false, values: [] };
  const slots = first.flatMap((text, index): Slot[] => {
    const values = rows.map((row) => row[index]?.trim() ?? '');
    const kind = kindOf(values);
    const type = kind === 'time' ? (cutLine(values[0] ?? '')[0]?.type ?? '') : '';
    return [{ kind, type, text: text.trim(), isVariable: true, values }, mark];
  });
  const names = nameSlots(slots).filter((name) => name !== undefined);
  return names.map((name, index) =>
    /^(?:word|number|quoted|value)(?:_\d+)?$/.test(name) ? `column_${index + 1}` : name,
  );
}
