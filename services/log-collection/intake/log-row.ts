import type { LogReading, LogRecord } from '@sphinx/logs';
import { TELEMETRY, type TelemetryRow } from '@sphinx/schema';
import { z } from 'zod';

export type LogRow = TelemetryRow<'log_activity'>;

/**
 * @param id under which the event is kept
 * @returns the event as it is stored
 */
export function toRow(record: LogRecord, { timeMs, columns, fields }: LogReading, id: string): LogRow {
  return {
    time: Math.trunc(timeMs),
    logged_time: Math.trunc(record.arrivedMs),
    log_id: id,
    source_id: record.source,
    is_sample: false,
    ...columns,
    fields: JSON.stringify(fields),
    raw: record.raw,
  };
}

const EMPTY = Object.fromEntries(
  Object.entries(TELEMETRY.log_activity.shape).map(([name, type]) => [name, emptyOf(type)]),
);

function emptyOf(type: z.ZodType): string | number | boolean | null {
  if (type instanceof z.ZodNullable) return null;
  if (type instanceof z.ZodString) return '';
  return type instanceof z.ZodBoolean ? false : 0;
}

/**
 * @param id under which the event is kept
 * @returns the event as it came, where nothing could be made of it
 */
export function unreadRow(record: LogRecord, id: string): LogRow {
  const arrived = Math.trunc(record.arrivedMs);
  const { raw, source, senderIp } = record;
  return {
    ...(EMPTY as LogRow),
    time: arrived,
    logged_time: arrived,
    log_id: id,
    source_id: source,
    kind: 'unparsed',
    severity: 'informational',
    device_ip: senderIp,
    message: raw.slice(0, LONGEST_MESSAGE),
    fields: '{}',
    raw,
  };
}

/** As the columns of events that were read. */
const LONGEST_MESSAGE = 4000;
