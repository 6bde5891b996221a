import { z } from 'zod';
import type { SigmaLogsource } from '../language/rule.ts';
import { lowerCasePattern, parseTextPattern, type TextPattern } from '../language/text-pattern.ts';

/*
 * Which events are of which of Sigma's log sources, and how Sigma's fields are called in them: what Sigma's processing pipelines
 * do to a rule (change its log source, add conditions, map fields, fill placeholders), here once for the events of a log.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);
const logsource = z.strictObject({
  product: z.string().optional(),
  category: z.string().optional(),
  service: z.string().optional(),
});

/** A file of `knowledge/sigma-pipelines`. */
export const pipelineSchema = z.strictObject({
  title: z.string().min(1),
  /** Where the names come from. */
  references: z.array(z.string()).optional(),
  sources: z
    .array(
      z.strictObject({
        /** Sigma's log sources that the events are of. */
        logsource: oneOrMore(logsource),
        /** The log that whoever collected the event says it is from. */
        from: oneOrMore(logsource).optional(),
        /** Values of the event; text with `*` and `?`. All must fit. */
        when: z.record(z.string(), oneOrMore(scalar)).optional(),
        /** Sigma's field → the event's. */
        fields: z.record(z.string(), oneOrMore(z.string())).optional(),
        /** Sigma's field → the event's value → Sigma's; `%%1234` also inside of longer values. The event's own value counts too. */
        values: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      }),
    )
    .optional(),
  /** What `%name%` stands for in values with the modifier `expand`. */
  placeholders: z.record(z.string(), z.array(scalar)).optional(),
});

/** Events of one log, and what they are to Sigma. */
export interface PipelineSource {
  readonly logsources: readonly SigmaLogsource[];
  readonly from: readonly SigmaLogsource[];
  readonly when: readonly { readonly field: string; readonly patterns: readonly TextPattern[] }[];
  /** The event's field → Sigma's. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Sigma's field → the event's value in lower case → Sigma's. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** A number of Windows' message table in a value, which whoever renders an event replaces by its text. */
const MESSAGE_CODE = /%%\d{1,6}/g;

/**
 * @param value in lower case
 * @returns what Sigma calls the value, or the value with its codes of messages replaced; undefined where neither is known
 */
export function translateValue(values: ReadonlyMap<string, string>, value: string): string | undefined {
  const whole = values.get(value);
  if (whole !== undefined || !value.includes('%%')) return whole;
  const translated = value.replace(MESSAGE_CODE, (code) => values.get(code) ?? code);
  return translated === value ? undefined : translated;
}

export interface SigmaPipeline {
  readonly title: string;
  readonly sources: readonly PipelineSource[];
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param content of a pipeline, parsed from YAML
 * @throws an error of zod that tells what does not fit
 */
export function readPipeline(content: unknown): SigmaPipeline {
  const { title, sources = [], placeholders = {} } = pipelineSchema.parse(content);
  return {
    title,
    sources: sources.map((source) => ({
      logsources: listOf(source.logsource).map(plainLogsource),
      from: source.from === undefined ? [] : listOf(source.from).map(plainLogsource),
      when: Object.entries(source.when ?? {}).map(([field, values]) => ({
        field,
        patterns: listOf(values).map((value) => lowerCasePattern(parseTextPattern(String(value)))),
      })),
      fields: invert(source.fields ?? {}),
      values: new Map(
        Object.entries(source.values ?? {}).map(([field, values]) => [
          field,
          new Map(Object.entries(values).map(([value, meaning]) => [value.toLowerCase(), meaning])),
        ]),
      ),
    })),
    placeholders: new Map(Object.entries(placeholders).map(([name, values]) => [name, values.map(String)])),
  };
}

/** @returns placeholders of all pipelines; a later pipeline's values take the place of an earlier one's */
export function placeholdersOf(pipelines: readonly SigmaPipeline[]): ReadonlyMap<string, readonly string[]> {
  return new Map(pipelines.flatMap(({ placeholders }) => [...placeholders]));
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function plainLogsource(source: z.infer<typeof logsource>): SigmaLogsource {
  return Object.fromEntries(Object.entries(source).map(([part, name]) => [part, name?.toLowerCase()]));
}

function invert(fields: Readonly<Record<string, string | readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  const inverted = new Map<string, string[]>();
  for (const [sigma, events] of Object.entries(fields)) {
    for (const event of listOf(events)) inverted.set(event, [...(inverted.get(event) ?? []), sigma]);
  }
  return inverted;
}
