import { addField, type LogValue } from '../log-value.ts';

/*
 * OpenTelemetry logs in OTLP's JSON encoding (opentelemetry-proto, logs/v1 and the JSON Protobuf encoding of its specification): every
 * record with the attributes of its resource and scope.
 */

export interface OtlpRecord {
  /** Attributes by name; `body`, `severityText`, `severityNumber`, `traceId`, `spanId`, `scope.name` beside them. */
  readonly fields: Readonly<Record<string, LogValue>>;
  readonly body: string;
  /** Milliseconds since 1970; NaN where it tells none. */
  readonly timeMs: number;
}

const MAXIMUM_DEPTH = 16;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

type Json = Readonly<Record<string, unknown>>;

/** @returns whether a value has the shape of a request of OTLP's log service */
export function isOtlpLogs(value: unknown): boolean {
  return isObject(value) && Array.isArray(value.resourceLogs);
}

/** @param value parsed JSON of an `ExportLogsServiceRequest`; what does not fit is passed over */
export function readOtlpLogs(value: unknown): readonly OtlpRecord[] {
  const records: OtlpRecord[] = [];
  for (const resourceLogs of listIn(value, 'resourceLogs')) {
    const resource = attributesOf(isObject(resourceLogs.resource) ? resourceLogs.resource : {});
    for (const scopeLogs of listIn(resourceLogs, 'scopeLogs')) {
      const scope = isObject(scopeLogs.scope) && typeof scopeLogs.scope.name === 'string' ? scopeLogs.scope.name : '';
      for (const record of listIn(scopeLogs, 'logRecords')) records.push(readRecord(record, resource, scope));
    }
  }
  return records;
}

function readRecord(record: Json, resource: readonly (readonly [string, LogValue])[], scope: string): OtlpRecord {
  const fields: Record<string, LogValue> = {};
  for (const [name, value] of resource) addField(fields, name, value);
  if (scope !== '') addField(fields, 'scope.name', scope);
  for (const [name, value] of attributesOf(record)) addField(fields, name, value);
  for (const name of ['severityText', 'severityNumber', 'traceId', 'spanId', 'eventName']) {
    const value = record[name];
    if (typeof value === 'string' ? value !== '' : typeof value === 'number') addField(fields, name, value as LogValue);
  }
  const body = textOf(record.body);
  const observed = millisecondsOf(record.timeUnixNano);
  return {
    fields: { ...fields, body },
    body,
    timeMs: Number.isFinite(observed) ? observed : millisecondsOf(record.observedTimeUnixNano),
  };
}

function attributesOf(holder: Json): (readonly [string, LogValue])[] {
  return listIn(holder, 'attributes').flatMap((attribute) =>
    typeof attribute.key === 'string' ? [[attribute.key, anyValueOf(attribute.value, 0)] as const] : [],
  );
}

/** `AnyValue`: one of several members; 64-bit integers are text in JSON. */
function anyValueOf(value: unknown, depth: number): LogValue {
  if (!isObject(value)) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (typeof value.intValue === 'string' || typeof value.intValue === 'number') return Number(value.intValue);
  if (typeof value.doubleValue === 'number') return value.doubleValue;
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  if (depth >= MAXIMUM_DEPTH) return null;
  if (isObject(value.arrayValue)) {
    return listIn(value.arrayValue, 'values').map((item) => plain(anyValueOf(item, depth + 1)));
  }
  return JSON.stringify(treeOf(value, depth));
}

function treeOf(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth >= MAXIMUM_DEPTH) return null;
  if (!isObject(value.kvlistValue)) return anyValueOf(value, depth + 1);
  return Object.fromEntries(
    listIn(value.kvlistValue, 'values').flatMap((entry) =>
      typeof entry.key === 'string' ? [[entry.key, treeOf(entry.value, depth + 1)]] : [],
    ),
  );
}

function textOf(body: unknown): string {
  const value = anyValueOf(body, 0);
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

function plain(value: LogValue) {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function millisecondsOf(nanoseconds: unknown): number {
  if (typeof nanoseconds !== 'string' && typeof nanoseconds !== 'number') return Number.NaN;
  if (!/^\d{1,20}$/.test(String(nanoseconds)) || String(nanoseconds) === '0') return Number.NaN;
  return Number(BigInt(nanoseconds) / NANOSECONDS_PER_MILLISECOND);
}

function listIn(holder: unknown, name: string): readonly Json[] {
  const list = isObject(holder) ? holder[name] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
