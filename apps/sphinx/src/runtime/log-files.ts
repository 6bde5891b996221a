import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ByteSource, EvtxSummary } from '@sphinx/logs';
import type { SigmaEvent } from '@sphinx/rules';

/** One event of a file, as rules look at it. */
export interface FileEvent {
  readonly event: SigmaEvent;
  /** Milliseconds since 1970; NaN where the event tells no time. */
  readonly timeMs: number;
  /** Number of the record in an event log, or of the event in the file from 1. */
  readonly number: number;
}

/** What became of a file. */
export interface FileReading {
  readonly events: number;
  /** What could not be read, in words; empty where all was. */
  readonly problems: readonly string[];
}

/** Unpacked size beyond which a packed file is refused. */
const MAXIMUM_UNPACKED_BYTES = 1 << 30;
const START_BYTES = 4096;
/** Bytes of a file that are looked at before others may work. */
const LINES_BETWEEN_BREATHS = 2000;
const MAXIMUM_PROBLEMS = 20;

/**
 * Reads the events of a log file: EVTX, Windows events in XML, audit messages of DICOM and ATNA, or JSON (one, a list, or one on each
 * line), also gzipped; told by content.
 *
 * @param take is given every event in order
 * @param onProgress part of the file that has been read, 0 to 1
 */
export async function readLogFile(
  path: string,
  take: (event: FileEvent) => void,
  onProgress: (fraction: number) => void,
): Promise<FileReading> {
  const start = await readStart(path);
  const { isEvtx } = await import('@sphinx/logs');
  if (isEvtx(start)) return readEvtxFile(fileSource(path), take, onProgress);
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  if (!isPacked && isLines(start)) return readJsonLines(path, take, onProgress);
  const bytes = isPacked
    ? await promisify(gunzip)(await readFile(path), { maxOutputLength: MAXIMUM_UNPACKED_BYTES })
    : await readFile(path);
  if (isEvtx(bytes)) return readEvtxFile(memorySource(bytes), take, onProgress);
  const text = decode(bytes);
  const { holdsAuditMessages } = await import('@sphinx/logs');
  if (holdsAuditMessages(text)) return readAudit(text, take);
  return /^\s*</.test(text.slice(0, START_BYTES)) ? readXml(text, take) : readJson(text, take);
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Windows' tools write XML in UTF-16. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** Whether the first line is JSON by itself, so that the file need not be held whole. */
function isLines(start: Uint8Array): boolean {
  const [first = '', second] = decode(start).split('\n');
  if (second === undefined || !first.trim().startsWith('{')) return false;
  return parse(first) !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface OpenSource extends ByteSource {
  close(): void;
}

function fileSource(path: string): OpenSource {
  const file = openSync(path, 'r');
  return {
    size: statSync(path).size,
    read(offset, length) {
      const buffer = Buffer.allocUnsafeSlow(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
    },
    close: () => closeSync(file),
  };
}

function memorySource(bytes: Uint8Array): OpenSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length), close() {} };
}

async function readEvtxFile(
  source: OpenSource,
  take: (event: FileEvent) => void,
  onProgress: (fraction: number) => void,
): Promise<FileReading> {
  const { readEvtx, windowsFields } = await import('@sphinx/logs');
  let read = 0;
  const watched: ByteSource = {
    size: source.size,
    read(offset, length) {
      read = offset;
      return source.read(offset, length);
    },
  };
  try {
    const records = readEvtx(watched);
    let step = records.next();
    for (let count = 1; step.done !== true; step = records.next(), count++) {
      const { event, writtenMs, id } = step.value;
      const told = timeOf(event.System.TimeCreated_SystemTime);
      take({ event: windowsFields(event), timeMs: Number.isFinite(told) ? told : writtenMs, number: id });
      if (count % LINES_BETWEEN_BREATHS === 0) {
        onProgress(read / source.size);
        await breathe();
      }
    }
    return { events: step.value.records, problems: describeDamage(step.value) };
  } finally {
    source.close();
  }
}

function describeDamage(summary: EvtxSummary): readonly string[] {
  const { damagedRecords, lostChunks, isHeaderDamaged, reasons } = summary;
  const problems: string[] = [];
  if (isHeaderDamaged) problems.push('the header of the file is damaged');
  if (lostChunks > 0) problems.push(`${lostChunks} stretches of 64 KB are lost`);
  if (damagedRecords > 0) problems.push(`${damagedRecords} records are damaged (${reasons.join(', ')})`);
  return problems;
}

async function readJsonLines(
  path: string,
  take: (event: FileEvent) => void,
  onProgress: (fraction: number) => void,
): Promise<FileReading> {
  const toEvent = await eventReader();
  const { size } = statSync(path);
  const file = await open(path);
  let number = 0;
  let bytes = 0;
  let bad = 0;
  try {
    for await (const line of file.readLines()) {
      bytes += line.length + 1;
      if (line.trim() === '') continue;
      number++;
      const event = toEvent(parse(line), number);
      if (event === undefined) bad++;
      else take(event);
      if (number % LINES_BETWEEN_BREATHS === 0) onProgress(Math.min(1, bytes / size));
    }
  } finally {
    await file.close();
  }
  return { events: number - bad, problems: bad === 0 ? [] : [`${bad} lines are no JSON objects`] };
}

async function readJson(text: string, take: (event: FileEvent) => void): Promise<FileReading> {
  const toEvent = await eventReader();
  const whole = parse(text);
  // Lines of JSON, or objects over several lines one after another.
  const values =
    whole === undefined ? text.split(/\r?\n(?=\{)/).map(parse) : Array.isArray(whole) ? (whole as unknown[]) : [whole];
  let bad = 0;
  values.forEach((value, index) => {
    const event = toEvent(value, index + 1);
    if (event === undefined) bad++;
    else take(event);
  });
  const problems =
    bad === 0
      ? []
      : [bad === values.length ? 'it holds no events in a known form' : `${bad} parts are no JSON objects`];
  return { events: values.length - bad, problems };
}

async function readAudit(text: string, take: (event: FileEvent) => void): Promise<FileReading> {
  const { readAuditMessages } = await import('@sphinx/logs');
  const { events, problems } = readAuditMessages(text);
  events.forEach((event, index) => {
    take({ event, timeMs: timeOf(event.EventDateTime), number: index + 1 });
  });
  return { events: events.length, problems };
}

async function readXml(text: string, take: (event: FileEvent) => void): Promise<FileReading> {
  const { readWindowsXml, windowsFields } = await import('@sphinx/logs');
  const { events, problems } = readWindowsXml(text);
  events.forEach((event, index) => {
    take({ event: windowsFields(event), timeMs: timeOf(event.System.TimeCreated_SystemTime), number: index + 1 });
  });
  const nothing = events.length === 0 ? ['it holds no event of Windows'] : [];
  return { events: events.length, problems: [...nothing, ...problems].slice(0, MAXIMUM_PROBLEMS) };
}

async function eventReader(): Promise<(value: unknown, number: number) => FileEvent | undefined> {
  const { readWindowsJson, windowsFields } = await import('@sphinx/logs');
  return (value, number) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const windows = readWindowsJson(value);
    if (windows !== undefined) {
      return { event: windowsFields(windows), timeMs: timeOf(windows.System.TimeCreated_SystemTime), number };
    }
    const event = value as SigmaEvent;
    return {
      event,
      timeMs: TIME_FIELDS.map((name) => timeOf(event[name])).find(Number.isFinite) ?? Number.NaN,
      number,
    };
  };
}

/** Fields in which logs tell the time, the most exact first. */
const TIME_FIELDS = [
  ...['@timestamp', 'timestamp', 'time', 'eventTime', 'recorded', 'published', 'CreationTime', 'ts', 'date'],
];
const SMALLEST_MILLISECONDS = 100_000_000_000;

function timeOf(value: unknown): number {
  if (typeof value === 'number') return value < SMALLEST_MILLISECONDS ? value * 1000 : value;
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
