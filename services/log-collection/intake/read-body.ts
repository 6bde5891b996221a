import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isOtlpLogs, type LogRecord, readOtlpLogs } from '@sphinx/logs';
import { SphinxError } from '@sphinx/platform';
import { z } from 'zod';

const MAXIMUM_BYTES = 16_000_000;
const MAXIMUM_UNPACKED_BYTES = 100_000_000;

/**
 * @returns the bytes of a request, unpacked
 * @throws SphinxError SPX_TOO_LARGE, SPX_INVALID_INPUT
 */
export async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of request.body ?? []) {
    received += chunk.length;
    if (received > MAXIMUM_BYTES) {
      throw new SphinxError('SPX_TOO_LARGE', `Send at most ${MAXIMUM_BYTES / 1_000_000} MB in one request.`);
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new SphinxError('SPX_INVALID_INPUT', 'Send the body as it is, or with gzip.');
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MAXIMUM_UNPACKED_BYTES });
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The body is not packed with gzip, or is too large unpacked.', {
      cause,
    });
  }
}

type Origin = Pick<LogRecord, 'arrivedMs' | 'source' | 'senderIp' | 'format'>;

/** @returns a record for every line; a JSON list gives one for every item of it */
export function linesOf(text: string, origin: Origin): LogRecord[] {
  if (/^\s*\[\s*\{/.test(text)) {
    const items = parse(text);
    if (Array.isArray(items)) return items.map((item) => ({ ...origin, raw: JSON.stringify(item) }));
  }
  const whole = text.includes('\n') && /^\s*\{/.test(text) ? parse(text) : undefined;
  if (whole !== undefined) return [{ ...origin, raw: JSON.stringify(whole) }];
  const records: LogRecord[] = [];
  for (const line of text.split('\n')) {
    const raw = line.replace(/\r$/, '');
    if (raw.trim() !== '') records.push({ ...origin, raw });
  }
  return records;
}

const ForwardedLine = z.object({
  source: z.string().max(1000),
  sender: z.union([z.literal(''), z.ipv4(), z.ipv6()]),
  raw: z.string(),
});

/** @returns a record for every line of `sphinx forward`, with the source and the sender that it had there; one that is none stays as it is */
export function forwardedLinesOf(text: string, origin: Origin): LogRecord[] {
  const records: LogRecord[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { data } = ForwardedLine.safeParse(parse(line));
    if (data === undefined) records.push({ ...origin, raw: line });
    else records.push({ ...origin, source: `${origin.source}/${data.source}`, senderIp: data.sender, raw: data.raw });
  }
  return records;
}

/** @throws SphinxError SPX_INVALID_INPUT for what is no request of OTLP in JSON */
export function otlpRecordsOf(text: string, origin: Origin): LogRecord[] {
  const value = parse(text);
  if (!isOtlpLogs(value)) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Send logs of OpenTelemetry in JSON (OTLP/HTTP, http/json).');
  }
  return readOtlpLogs(value).map(({ fields, timeMs }) => ({
    ...origin,
    raw: JSON.stringify(fields),
    fields,
    timeMs,
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
