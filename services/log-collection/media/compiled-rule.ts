import {
  compileGrok,
  flattenJson,
  type GrokPattern,
  type LogFields,
  type LogReading,
  type LogValue,
} from '@sphinx/logs';
import type { MediaRule } from './media-rule.ts';

/** Longer JSON inside a field is not read. */
const LONGEST_JSON = 100_000;

interface Condition {
  readonly name: string;
  readonly fits: (text: string) => boolean;
}

/** An event of a log while it is looked at. */
export class EventInHand {
  readonly #reading: LogReading;
  readonly #more: LogFields;
  readonly #prefix: string | undefined;

  constructor(reading: LogReading, prefix?: string, more: LogFields = {}) {
    this.#reading = reading;
    this.#prefix = prefix;
    this.#more = more;
  }

  /** @returns the event with further fields beside its own */
  with(fields: LogFields, prefix = this.#prefix): EventInHand {
    return new EventInHand(this.#reading, prefix, { ...this.#more, ...fields });
  }

  /** @returns a field of the log, or the column of that name */
  value(name: string): LogValue | undefined {
    const { fields, columns } = this.#reading;
    const wrapped = this.#prefix === undefined ? undefined : fields[this.#prefix + name];
    const own = this.#more[name] ?? fields[name] ?? wrapped;
    if (own !== undefined && own !== null) return own;
    return columns[name as keyof LogReading['columns']];
  }

  /** @returns the first value of the first name that has one; empty where none has */
  text(names: readonly string[] | undefined): string {
    for (const name of names ?? []) {
      const value = this.value(name);
      const first = typeof value === 'object' && value !== null ? value[0] : value;
      const text = first === undefined || first === null ? '' : String(first).trim();
      if (text !== '' && text !== '-') return text;
    }
    return '';
  }
}

/** A rule of `knowledge/removable-media`, ready to look at events. */
export class CompiledMediaRule {
  readonly rule: MediaRule;
  readonly #when: readonly Condition[];
  readonly #not: readonly Condition[];
  readonly #read: readonly { readonly name: string; readonly patterns: readonly GrokPattern[] }[];

  /** @throws GrokError for a pattern that is none */
  constructor(rule: MediaRule) {
    this.rule = rule;
    this.#when = Object.entries(rule.when).map(toCondition);
    this.#not = Object.entries(rule.not).map(toCondition);
    this.#read = Object.entries(rule.read).map(([name, patterns]) => ({
      name,
      patterns: patterns.map((pattern) => compileGrok(pattern)),
    }));
  }

  /** @returns the event with all fields that the rule reads; undefined where it is none of this rule */
  look(event: EventInHand): EventInHand | undefined {
    const { json, bits, prefix } = this.rule;
    let full = prefix === undefined ? event : event.with({}, prefix);
    for (const name of json) full = full.with(jsonFields(name, full.value(name)));
    for (const { name, patterns } of this.#read) {
      const text = full.text([name]);
      const found = firstMatch(patterns, text);
      if (found === undefined) return undefined;
      full = full.with(found);
    }
    if (!this.#when.every(({ name, fits }) => anyFits(full.value(name), fits))) return undefined;
    if (this.#not.some(({ name, fits }) => anyFits(full.value(name), fits))) return undefined;
    const areSet = Object.entries(bits).every(([name, mask]) => (Number(full.text([name])) & mask) !== 0);
    return areSet ? full : undefined;
  }
}

function firstMatch(patterns: readonly GrokPattern[], text: string): Record<string, string> | undefined {
  for (const pattern of patterns) {
    const found = pattern.match(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function jsonFields(name: string, value: LogValue | undefined): LogFields {
  if (typeof value !== 'string' || value.length > LONGEST_JSON || !/^\s*[{[]/.test(value)) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? flattenJson({ [name]: parsed }) : {};
  } catch {
    return {};
  }
}

function anyFits(value: LogValue | undefined, fits: Condition['fits']): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'object') return value.some((each) => fits(String(each).toLowerCase()));
  return fits(String(value).toLowerCase());
}

function toCondition([name, values]: [string, readonly (string | number)[]]): Condition {
  const tests = values.map((value) => toTest(String(value).toLowerCase()));
  return { name, fits: (text) => tests.some((test) => test(text)) };
}

function toTest(value: string): (text: string) => boolean {
  if (value === '*') return (text) => text !== '';
  const part = value.replace(/^\*|\*$/g, '');
  if (value.startsWith('*') && value.endsWith('*')) return (text) => text.includes(part);
  if (value.startsWith('*')) return (text) => text.endsWith(part);
  return value.endsWith('*') ? (text) => text.startsWith(part) : (text) => text === part;
}
