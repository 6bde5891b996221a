import { readLogTime, type TimeReading } from '../time/log-time.ts';

/*
 * The header of a line of syslog: RFC 5424, or the older and looser form that RFC 3164 describes. What is no header is the message:
 * nothing is ever lost here.
 */

export interface SyslogLine {
  readonly version: 'rfc5424' | 'rfc3164' | 'none';
  /** Number of the facility (RFC 5424 §6.2.1); undefined without a priority. */
  readonly facility: number | undefined;
  /** 0 emergency to 7 debug. */
  readonly severity: number | undefined;
  /** Milliseconds since 1970; NaN where the line tells none. */
  readonly timeMs: number;
  readonly host: string;
  readonly program: string;
  readonly processId: string;
  readonly messageId: string;
  /** Parameters of structured data by `id.name`. */
  readonly structuredData: Readonly<Record<string, string>>;
  readonly message: string;
}

const NOTHING: Readonly<Record<string, string>> = {};
const PRIORITY = /^<(\d{1,3})>/;
const HEADER_5424 = /^1 (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) /;
const TIME_3164 =
  /^(?:\*|\d{1,10}: )?([A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?: [A-Z]{3,4})?)(?::? )/;
const TIME_ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?) /;
const HOST = /^([A-Za-z0-9_][\w.:-]{0,254}) /;
const TAG = /^([A-Za-z0-9_/][\w./@-]{0,63}?)(?:\[([\w.-]{1,32})\])?:(?: |$)/;
/** Programs write their level behind the time, where a header of syslog has the host. */
const LEVEL = /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL)$/;
const LONGEST_PRIORITY = 191;
const MAXIMUM_PARAMETERS = 256;

/**
 * @param line one message without its framing
 * @param reading for times without a year or a zone
 */
export function readSyslog(line: string, reading: TimeReading): SyslogLine {
  const priority = PRIORITY.exec(line);
  const number = priority === null ? undefined : Number(priority[1]);
  const hasPriority = number !== undefined && number <= LONGEST_PRIORITY;
  const rest = hasPriority && priority !== null ? line.slice(priority[0].length) : line;
  const levels = {
    facility: hasPriority && number !== undefined ? number >> 3 : undefined,
    severity: hasPriority && number !== undefined ? number & 7 : undefined,
  };
  const header = HEADER_5424.exec(rest);
  if (header !== null) return { version: 'rfc5424', ...levels, ...readModern(rest, header, reading) };
  return { ...levels, ...readOld(rest, hasPriority, reading) };
}

function readModern(rest: string, header: RegExpExecArray, reading: TimeReading) {
  const [whole, time, host = '', program = '', processId = '', messageId = ''] = header;
  const { parameters, end } = readStructuredData(rest, whole.length);
  const message = rest.slice(end).replace(/^ ?\ufeff?/, '');
  return {
    timeMs: time === '-' ? Number.NaN : readLogTime(time, reading),
    host: nil(host),
    program: nil(program),
    processId: nil(processId),
    messageId: nil(messageId),
    structuredData: parameters,
    message,
  };
}

/** RFC 5424 §6.3; what does not fit it belongs to the message. */
function readStructuredData(text: string, start: number) {
  if (text[start] === '-') return { parameters: NOTHING, end: start + 1 };
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  let at = start;
  let count = 0;
  while (text[at] === '[') {
    const id = /^\[([^\s=\]"]{1,64})/.exec(text.slice(at, at + 66))?.[1];
    if (id === undefined) break;
    let place = at + 1 + id.length;
    for (;;) {
      const parameter = /^ ([^\s=\]"]{1,64})="/.exec(text.slice(place, place + 68));
      if (parameter === null) break;
      const value = readQuoted(text, place + parameter[0].length);
      if (value === undefined) break;
      if (count++ < MAXIMUM_PARAMETERS) parameters[`${id}.${parameter[1]}`] = value.text;
      place = value.end;
    }
    if (text[place] !== ']') break;
    at = place + 1;
  }
  return { parameters, end: at };
}

function readQuoted(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let value = '';
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return { text: value, end: at + 1 };
    const next = text[at + 1] ?? '';
    if (character === '\\' && (next === '"' || next === '\\' || next === ']')) {
      value += next;
      at++;
    } else value += character;
  }
  return undefined;
}

function nil(value: string): string {
  return value === '-' ? '' : value;
}

function readOld(rest: string, hasPriority: boolean, reading: TimeReading) {
  const time = TIME_ISO.exec(rest) ?? TIME_3164.exec(rest);
  // Without either nothing says that a word at the start is a host.
  if (time === null && !hasPriority) return { ...NO_HEADER, message: rest };
  let text = time === null ? rest : rest.slice(time[0].length);
  const timeMs = time === null ? Number.NaN : readLogTime(time[1]?.replace(/ [A-Z]{3,4}$/, ''), reading);
  let host = '';
  const tagFirst = TAG.exec(text);
  const named = time === null || tagFirst !== null ? null : HOST.exec(text);
  if (named !== null) {
    host = named[1] ?? '';
    text = text.slice(named[0].length);
  }
  const tag = tagFirst ?? TAG.exec(text);
  // Many logs of programs begin with such a time; a host and a program behind it make it a header.
  if (!hasPriority && (named === null || LEVEL.test(host) || (tag === null && TIME_ISO.test(rest)))) {
    return { ...NO_HEADER, message: rest };
  }
  const program = tag?.[1] ?? '';
  const message = tag === null ? text : text.slice(tag[0].length);
  return {
    version: 'rfc3164' as const,
    timeMs,
    host,
    program,
    processId: tag?.[2] ?? '',
    messageId: '',
    structuredData: NOTHING,
    message,
  };
}

const NO_HEADER = {
  version: 'none' as const,
  timeMs: Number.NaN,
  host: '',
  program: '',
  processId: '',
  messageId: '',
  structuredData: NOTHING,
};
