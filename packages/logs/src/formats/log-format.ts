import { z } from 'zod';

/*
 * A format of logs as data (`knowledge/log-formats/*.yaml`): which lines it is of, how they are read, and what their fields are in the
 * columns of `log_activity`.
 */

/** What a log is about; retention goes by it. */
export const LOG_KINDS = [
  'authentication',
  'audit',
  'network',
  'web',
  'database',
  'malware',
  'process',
  'clinical',
  'system',
  'application',
  'unparsed',
] as const;
export const LogKind = z.enum(LOG_KINDS).meta({ id: 'LogKind' });
export type LogKind = z.infer<typeof LogKind>;

/** Columns that a format may fill; the others follow from how the line came. */
export const MAPPED_COLUMNS = [
  ...['activity', 'severity', 'status', 'device_host', 'product', 'service', 'actor_user', 'target_user'],
  ...['src_ip', 'src_port', 'src_host', 'dst_ip', 'dst_port', 'dst_host', 'transport', 'app_name', 'rule_name'],
  ...['url', 'http_method', 'http_status', 'user_agent', 'file_name', 'process_name', 'command_line', 'object'],
  ...['event_code', 'bytes_out', 'bytes_in', 'message'],
] as const;
export type MappedColumn = (typeof MAPPED_COLUMNS)[number];
export const MappedColumn = z.enum(MAPPED_COLUMNS as unknown as [MappedColumn, ...MappedColumn[]]);

const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item, z.array(item).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.infer<Item>[]);

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Texts = oneOrMore(z.string().min(1).max(500));

const When = z
  .strictObject({
    /** Name of the program in the header of syslog. */
    program: Texts.optional(),
    /** The text holds one of these. */
    contains: Texts.optional(),
    /** The text begins with one of these. */
    starts: Texts.optional(),
    /** Fields after reading: `*` is any value, else one of several, `*` at either end of a text is anything. */
    fields: z.record(z.string(), oneOrMore(Scalar)).optional(),
  })
  .meta({ description: 'All that is named must hold' });

const Line = z.strictObject({
  pattern: z.string().min(1).max(10_000),
  /** Columns of lines of this pattern. */
  set: z.partialRecord(MappedColumn, Scalar).optional(),
  class: z.int().optional(),
  kind: LogKind.optional(),
});

const Case = z.strictObject({
  line: z.string().min(1).max(60_000),
  /** Lines before it, of formats whose head names the columns. */
  after: z.array(z.string().max(60_000)).optional(),
  expect: z.record(z.string(), Scalar),
});

export const LogFormat = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
    title: z.string().min(1).max(200),
    kind: LogKind,
    product: z.string().max(100).default(''),
    references: z.array(z.string().min(1).max(1000)).default([]),
    /** What Sigma calls a log of this format. */
    logsource: z.strictObject({ product: z.string(), category: z.string(), service: z.string() }).partial().default({}),
    /** OCSF `class_uid`; 0 is the base event. */
    class: z.int().min(0).default(0),
    /** Formats are tried from the lowest on. */
    order: z.int().min(0).max(1000).default(100),
    when: When.default({}),
    /** What is read: the message behind the header of syslog, or the whole line. */
    of: z.enum(['message', 'line']).default('message'),
    read: z.enum(['lines', 'key-value', 'json', 'cef', 'leef', 'delimited', 'windows', 'audit-message', 'text']),
    /** Of `key-value`. */
    assign: z.string().min(1).max(3).optional(),
    /** Of `key-value` and `delimited`. */
    separator: z.string().min(1).max(3).optional(),
    /** Of `key-value`: what opens a value that holds pairs itself, such as `msg='`. */
    inner: z.string().min(1).max(40).optional(),
    /** Of `delimited`: names in order. */
    names: z.array(z.string().max(100)).max(500).optional(),
    /** Of `delimited`: the line that begins so names the columns of those that follow from the same source. */
    head: z.string().max(100).optional(),
    /** Of `delimited`: how many values a line has; any number when absent. */
    count: z.int().min(2).max(500).optional(),
    patterns: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
    lines: z.array(Line).max(200).default([]),
    columns: z.partialRecord(MappedColumn, Texts).default({}),
    /** Column → the log's own value in lower case → what it is here. `*` stands for every other. */
    values: z.partialRecord(MappedColumn, z.record(z.string(), z.string())).default({}),
    set: z.partialRecord(MappedColumn, Scalar).default({}),
    /** Fields that tell the time, the most exact first. */
    time: Texts.optional(),
    /** Fields that may name a patient: shown masked. A `*` at the end stands for any ending. */
    patient: z.array(z.string().max(200)).default([]),
    cases: z.array(Case).min(1).max(200),
  })
  .superRefine((format, context) => {
    const report = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path });
    if (format.read === 'lines' && format.lines.length === 0) report('There are no patterns.', 'lines');
    if (format.read === 'delimited' && format.names === undefined && format.head === undefined) {
      report('Name the columns (names) or the line that names them (head).', 'names');
    }
  })
  .meta({ id: 'LogFormat' });
export type LogFormat = z.infer<typeof LogFormat>;
