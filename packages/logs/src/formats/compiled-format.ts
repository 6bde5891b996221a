import { readAuditMessages } from '../audit-message/audit-message.ts';
import { compileGrok, type GrokPattern } from '../grok/grok.ts';
import type { LogFields, LogValue } from '../log-value.ts';
import { namedValues, splitDelimited } from '../text/delimited.ts';
import { readCef, readLeef } from '../text/event-formats.ts';
import { flattenJson } from '../text/flatten.ts';
import { readKeyValues } from '../text/key-value.ts';
import { readWindowsJson } from '../windows/json.ts';
import { windowsFields } from '../windows/windows-event.ts';
import { readWindowsXml } from '../windows/xml.ts';
import type { LogFormat, MappedColumn } from './log-format.ts';

/** A line while it is looked at: what several formats ask of it is found once. */
export class LineInHand {
  readonly line: string;
  readonly message: string;
  readonly source: string;
  /** Of the header of syslog. */
  readonly program: string;
  #json: object | null | undefined;
  #fields: LogFields | undefined;
  #cef: LogFields | null | undefined;
  #leef: LogFields | null | undefined;
  #windows: LogFields | null | undefined;

  constructor(line: string, message: string, source: string, program = '') {
    this.line = line;
    this.message = message;
    this.source = source;
    this.program = program;
  }

  /** @returns the JSON object that the message is, or that stands in it behind other text */
  get json(): object | undefined {
    // Null: looked for, and not there.
    if (this.#json === undefined) this.#json = parseObject(this.message) ?? null;
    return this.#json ?? undefined;
  }

  get jsonFields(): LogFields | undefined {
    const { json } = this;
    if (json === undefined) return undefined;
    this.#fields ??= flattenJson(json);
    return this.#fields;
  }

  get cef(): LogFields | undefined {
    // Null: looked for, and not there.
    if (this.#cef === undefined) this.#cef = readCef(this.line) ?? null;
    return this.#cef ?? undefined;
  }

  get leef(): LogFields | undefined {
    // Null: looked for, and not there.
    if (this.#leef === undefined) this.#leef = readLeef(this.line) ?? null;
    return this.#leef ?? undefined;
  }

  get windows(): LogFields | undefined {
    // Null: looked for, and not there.
    if (this.#windows === undefined) this.#windows = this.#readWindows() ?? null;
    return this.#windows ?? undefined;
  }

  #readWindows(): LogFields | undefined {
    const { json } = this;
    if (json !== undefined) {
      const event = readWindowsJson(json);
      return event === undefined ? undefined : windowsFields(event);
    }
    const start = this.line.indexOf('<Event');
    const [event] = start < 0 ? [] : readWindowsXml(this.line.slice(start)).events;
    return event === undefined ? undefined : windowsFields(event);
  }
}

function parseObject(text: string): object | undefined {
  const start = text.indexOf('{');
  if (start < 0 || !text.trimEnd().endsWith('}')) return undefined;
  // Some programs write a word such as `@cee:` before it.
  if (start > 60) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a format makes of a line. */
export interface FormatMatch {
  readonly fields: LogFields;
  readonly line: CompiledLine | undefined;
}

export interface CompiledLine {
  readonly pattern: GrokPattern;
  readonly set: Partial<Record<MappedColumn, string | number | boolean>>;
  readonly class: number | undefined;
  readonly kind: string | undefined;
}

/** Sources whose heads are remembered; one more drops the oldest. */
const MAXIMUM_HEADS = 1000;

/** A format, ready to read lines. */
export class CompiledFormat {
  readonly format: LogFormat;
  readonly #lines: readonly CompiledLine[];
  readonly #conditions: readonly { readonly field: string; readonly fits: (value: LogValue) => boolean }[];
  /** Names of columns by source. */
  readonly #heads = new Map<string, readonly string[]>();

  /** @throws GrokError for a pattern that is none */
  constructor(format: LogFormat) {
    const named = new Map(Object.entries(format.patterns));
    this.format = format;
    this.#lines = format.lines.map(({ pattern, set = {}, class: own, kind }) => ({
      pattern: compileGrok(pattern, named),
      set,
      class: own,
      kind,
    }));
    this.#conditions = Object.entries(format.when.fields ?? {}).map(([field, values]) => ({
      field,
      fits: fitsOneOf(values.map(String)),
    }));
  }

  /** @returns undefined where the line is not of this format */
  read(hand: LineInHand): FormatMatch | undefined {
    const { when, of } = this.format;
    const text = of === 'line' ? hand.line : hand.message;
    if (when.starts?.some((start) => text.startsWith(start)) === false) return undefined;
    if (when.contains?.some((part) => text.includes(part)) === false) return undefined;
    const match = this.#fields(hand, text);
    if (match === undefined) return undefined;
    for (const { field, fits } of this.#conditions) {
      const value = match.fields[field] ?? (field === 'program' && hand.program !== '' ? hand.program : undefined);
      if (value === undefined || !fits(value)) return undefined;
    }
    return match;
  }

  /** @returns whether the fields that came ready are of this format */
  fitsFields(fields: LogFields): boolean {
    if (this.#conditions.length === 0) return false;
    return this.#conditions.every(({ field, fits }) => fields[field] !== undefined && fits(fields[field] ?? null));
  }

  #fields(hand: LineInHand, text: string): FormatMatch | undefined {
    const { read, assign, separator, inner } = this.format;
    switch (read) {
      case 'lines':
        return this.#matchLines(text);
      case 'json':
        return ofFields(hand.jsonFields);
      case 'cef':
        return ofFields(hand.cef);
      case 'leef':
        return ofFields(hand.leef);
      case 'windows':
        return ofFields(hand.windows);
      case 'key-value': {
        const fields = readKeyValues(inner === undefined ? text : unwrapped(text, inner), {
          ...(assign === undefined ? {} : { assign }),
          ...(separator === undefined ? {} : { separator }),
        });
        return Object.keys(fields).length === 0 ? undefined : ofFields(fields);
      }
      case 'delimited':
        return this.#readDelimited(hand.source, text);
      case 'audit-message': {
        const [event] = text.includes('<AuditMessage') ? readAuditMessages(text).events : [];
        return ofFields(event);
      }
      case 'text':
        return ofFields({});
    }
  }

  #matchLines(text: string): FormatMatch | undefined {
    for (const line of this.#lines) {
      const fields = line.pattern.match(text);
      if (fields !== undefined) return { fields, line };
    }
    return undefined;
  }

  #readDelimited(source: string, text: string): FormatMatch | undefined {
    const { separator = ',', head, count } = this.format;
    if (head !== undefined && text.startsWith(head)) {
      // A directive is no name of a column, the beginning of a head of names is.
      const names = head.startsWith('#') ? text.slice(head.length) : text;
      const columns = splitDelimited(names.trim(), separator);
      if (this.#heads.size >= MAXIMUM_HEADS) {
        const [oldest] = this.#heads.keys();
        if (oldest !== undefined) this.#heads.delete(oldest);
      }
      this.#heads.set(
        source,
        columns.map((name) => name.trim()),
      );
      return ofFields({ head: text });
    }
    const columns = (head === undefined ? undefined : this.#heads.get(source)) ?? this.format.names;
    if (columns === undefined) return undefined;
    const values = splitDelimited(text, separator);
    if (values.length < 2 || (count !== undefined && values.length !== count)) return undefined;
    return ofFields(namedValues(columns, values));
  }
}

/** Pairs within a value are pairs of the line. */
function unwrapped(text: string, inner: string): string {
  const place = text.lastIndexOf(inner);
  if (place < 0) return text;
  return `${text.slice(0, place)}${text
    .slice(place + inner.length)
    .trimEnd()
    .replace(/['"]$/, '')}`;
}

function ofFields(fields: LogFields | undefined): FormatMatch | undefined {
  return fields === undefined ? undefined : { fields, line: undefined };
}

function fitsOneOf(values: readonly string[]): (value: LogValue) => boolean {
  const lower = values.map((value) => value.toLowerCase());
  const fits = (text: string) =>
    lower.some((value) => {
      if (value === '*') return true;
      const isOpenStart = value.startsWith('*');
      const isOpenEnd = value.endsWith('*');
      const part = value.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
      if (isOpenStart && isOpenEnd) return text.includes(part);
      if (isOpenStart) return text.endsWith(part);
      return isOpenEnd ? text.startsWith(part) : text === value;
    });
  return (value) =>
    typeof value === 'object' && value !== null
      ? value.some((each) => fits(String(each).toLowerCase()))
      : fits(String(value).toLowerCase());
}
