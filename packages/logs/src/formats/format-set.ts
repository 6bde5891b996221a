import { isIP } from 'node:net';
import type { LogFields } from '../log-value.ts';
import { readSyslog, type SyslogLine } from '../syslog/syslog.ts';
import { readLogTime } from '../time/log-time.ts';
import { addressKey } from './address-key.ts';
import { CompiledFormat, type FormatMatch, LineInHand } from './compiled-format.ts';
import { type LogFormat, MAPPED_COLUMNS, type MappedColumn } from './log-format.ts';
import type { LogColumns, LogReading, LogRecord } from './log-record.ts';

/** Longest text of a column; the line itself is kept whole. */
const MAXIMUM_COLUMN = 4000;
/** Names of the severities of syslog as OCSF has them (RFC 5424 §6.2.1, table 2). */
const SYSLOG_SEVERITIES = [
  'critical',
  'critical',
  'critical',
  'high',
  'medium',
  'low',
  'informational',
  'informational',
];
const SEVERITIES = new Set(['informational', 'low', 'medium', 'high', 'critical']);
const NUMBERS = new Set<MappedColumn>(['src_port', 'dst_port', 'http_status', 'bytes_out', 'bytes_in']);
const ADDRESSES = new Set<MappedColumn>(['src_ip', 'dst_ip']);
/** A line that came years before or after it says was dated by a clock that is wrong. */
const LONGEST_FUTURE_MS = 2 * 86_400_000;

export interface FormatSetOptions {
  /** Minutes east of UTC of times without a zone; the machine's own zone when absent. */
  readonly zoneMinutes?: number;
}

/** All formats together: tells of each line which it is of, and reads it. */
export class FormatSet {
  readonly #byId = new Map<string, CompiledFormat>();
  readonly #byProgram = new Map<string, CompiledFormat[]>();
  readonly #others: readonly CompiledFormat[];
  readonly #zoneMinutes: number | undefined;

  /** @throws GrokError for a pattern that is none */
  constructor(formats: readonly LogFormat[], { zoneMinutes }: FormatSetOptions = {}) {
    const compiled = formats
      .map((format) => new CompiledFormat(format))
      .sort((a, b) => a.format.order - b.format.order || a.format.id.localeCompare(b.format.id));
    const others: CompiledFormat[] = [];
    for (const each of compiled) {
      this.#byId.set(each.format.id, each);
      const programs = each.format.when.program;
      if (programs === undefined) others.push(each);
      for (const program of programs ?? []) {
        const known = this.#byProgram.get(program.toLowerCase());
        if (known === undefined) this.#byProgram.set(program.toLowerCase(), [each]);
        else known.push(each);
      }
    }
    this.#others = others;
    this.#zoneMinutes = zoneMinutes;
  }

  get formats(): readonly LogFormat[] {
    return [...this.#byId.values()].map(({ format }) => format);
  }

  formatOf(id: string): LogFormat | undefined {
    return this.#byId.get(id)?.format;
  }

  /** Reads a line. Never throws; what no format fits is kept as it came, with `is_parsed` false. */
  read(record: LogRecord): LogReading {
    const reading = { arrivedMs: record.arrivedMs, zoneMinutes: this.#zoneMinutes };
    const header = readSyslog(record.raw, reading);
    const hand = new LineInHand(record.raw, header.message, record.source, header.program);
    const found = this.#find(record, hand, header.program);
    const fields = { ...headerFields(header), ...found?.match.fields };
    const columns = createColumns(found, fields, header, record);
    const told = timeOf(found?.compiled.format, fields, reading);
    const times = [told, record.timeMs ?? Number.NaN, header.timeMs];
    const timeMs = times.find(
      (time) => Number.isFinite(time) && time > 0 && time < record.arrivedMs + LONGEST_FUTURE_MS,
    );
    return {
      timeMs: timeMs ?? record.arrivedMs,
      columns,
      fields,
      logsource: found?.compiled.format.logsource ?? {},
    };
  }

  #find(record: LogRecord, hand: LineInHand, program: string): Found | undefined {
    if (record.fields !== undefined) return this.#findByFields(record.fields, hand, record);
    const named = record.format === undefined ? undefined : this.#byId.get(record.format);
    const first = named === undefined ? undefined : matchOf(named, hand);
    return first ?? this.#findByLine(hand, program);
  }

  #findByLine(hand: LineInHand, program: string): Found | undefined {
    const ofProgram = program === '' ? undefined : this.#byProgram.get(program.toLowerCase());
    for (const compiled of ofProgram ?? []) {
      const match = matchOf(compiled, hand);
      if (match !== undefined) return match;
    }
    for (const compiled of this.#others) {
      const match = matchOf(compiled, hand);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  #findByFields(fields: LogFields, hand: LineInHand, { arrivedMs }: LogRecord): Found | undefined {
    // A line that something else has carried, such as one of a file that an agent of OpenTelemetry reads.
    if (typeof fields.body === 'string') {
      const header = readSyslog(fields.body, { arrivedMs, zoneMinutes: this.#zoneMinutes });
      const carried = new LineInHand(fields.body, header.message, hand.source, header.program);
      const found = this.#findByLine(carried, header.program);
      if (found !== undefined && found.compiled.format.read !== 'text') {
        const all = { ...fields, ...headerFields(header), ...found.match.fields };
        return { compiled: found.compiled, match: { ...found.match, fields: all } };
      }
    }
    const compiled = this.#others.find((each) => each.fitsFields(fields)) ?? this.#byId.get('opentelemetry');
    return compiled === undefined ? undefined : { compiled, match: { fields, line: undefined } };
  }
}

interface Found {
  readonly compiled: CompiledFormat;
  readonly match: FormatMatch;
}

function matchOf(compiled: CompiledFormat, hand: LineInHand): Found | undefined {
  const match = compiled.read(hand);
  return match === undefined ? undefined : { compiled, match };
}

function headerFields(header: SyslogLine): LogFields {
  if (header.version === 'none') return {};
  const { host, program, processId, messageId, structuredData } = header;
  return {
    ...(host === '' ? {} : { hostname: host }),
    ...(program === '' ? {} : { program }),
    ...(processId === '' ? {} : { pid: processId }),
    ...(messageId === '' ? {} : { msgid: messageId }),
    ...structuredData,
  };
}

function timeOf(
  format: LogFormat | undefined,
  fields: LogFields,
  reading: { arrivedMs: number; zoneMinutes: number | undefined },
): number {
  for (const name of format?.time ?? []) {
    // Several fields together, such as a date and a time.
    const value = name.includes('+')
      ? name
          .split('+')
          .map((part) => textOf(fields[part]))
          .join(' ')
      : fields[name];
    const time = readLogTime(typeof value === 'object' && value !== null ? value[0] : value, reading);
    if (Number.isFinite(time)) return time;
  }
  return Number.NaN;
}

type Cells = Partial<Record<MappedColumn, string>>;

function createColumns(found: Found | undefined, fields: LogFields, header: SyslogLine, record: LogRecord): LogColumns {
  const format = found?.compiled.format;
  const cells = found === undefined ? {} : cellsOf(found, fields);
  const text = (column: MappedColumn) => (cells[column] ?? '').slice(0, MAXIMUM_COLUMN);
  const number = (column: MappedColumn) => numberOf(cells[column]);
  const severity = text('severity').toLowerCase();
  const srcIp = text('src_ip');
  const dstIp = text('dst_ip');
  return {
    format: format?.id ?? '',
    kind: found?.match.line?.kind ?? format?.kind ?? 'unparsed',
    is_parsed: format !== undefined,
    class_uid: found?.match.line?.class ?? format?.class ?? 0,
    activity: text('activity'),
    severity: SEVERITIES.has(severity) ? severity : (SYSLOG_SEVERITIES[header.severity ?? 7] ?? 'informational'),
    status: text('status'),
    device_host: text('device_host') || header.host,
    device_ip: record.senderIp,
    product: text('product') || (format?.product ?? ''),
    service: text('service') || header.program,
    actor_user: text('actor_user'),
    target_user: text('target_user'),
    src_ip: srcIp,
    src_ip_key: addressKey(srcIp),
    src_port: number('src_port'),
    src_host: text('src_host'),
    dst_ip: dstIp,
    dst_ip_key: addressKey(dstIp),
    dst_port: number('dst_port'),
    dst_host: text('dst_host'),
    transport: text('transport').toLowerCase(),
    app_name: text('app_name').toLowerCase(),
    rule_name: text('rule_name'),
    url: text('url'),
    http_method: text('http_method'),
    http_status: number('http_status'),
    user_agent: text('user_agent'),
    file_name: text('file_name'),
    process_name: text('process_name'),
    command_line: text('command_line'),
    object: text('object'),
    event_code: text('event_code'),
    bytes_out: number('bytes_out'),
    bytes_in: number('bytes_in'),
    message: text('message') || header.message.slice(0, MAXIMUM_COLUMN),
  };
}

function cellsOf({ compiled, match }: Found, fields: LogFields): Cells {
  const { columns, values, set } = compiled.format;
  const cells: Cells = {};
  for (const column of MAPPED_COLUMNS) {
    const names = columns[column];
    const read = names === undefined ? '' : firstOf(fields, names, column);
    const translations = values[column];
    const translated =
      translations === undefined || read === ''
        ? read
        : (translations[read.toLowerCase()] ?? translations['*'] ?? read);
    const constant = match.line?.set[column] ?? set[column];
    // What a pattern sets stands; what the whole format sets is for lines that do not tell.
    const own = match.line?.set[column];
    const value = own !== undefined ? String(own) : translated !== '' ? translated : String(constant ?? '');
    if (value !== '') cells[column] = value;
  }
  return cells;
}

function firstOf(fields: LogFields, names: readonly string[], column: MappedColumn): string {
  for (const name of names) {
    const value = textOf(fields[name]);
    if (value === '' || value === '-') continue;
    if (NUMBERS.has(column) && numberOf(value) === null) continue;
    const address = ADDRESSES.has(column) ? addressOf(value) : value;
    if (address !== '') return address;
  }
  return '';
}

/** @returns the address in a value, without brackets, port or interface; empty where there is none */
function addressOf(value: string): string {
  const plain = value.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 0) return plain;
  const bracketed = /^\[([0-9A-Fa-f:.]+)\]/.exec(plain)?.[1];
  if (bracketed !== undefined && isIP(bracketed) !== 0) return bracketed;
  const first = /^(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])/.exec(plain)?.[1];
  return first !== undefined && isIP(first) !== 0 ? first : '';
}

function textOf(value: LogFields[string] | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return value.length === 0 ? '' : String(value[0] ?? '');
  return String(value);
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const number = Number(text);
  return Number.isSafeInteger(Math.trunc(number)) && Number.isFinite(number) ? Math.trunc(number) : null;
}
