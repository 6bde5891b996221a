import { addField, type LogFields, type LogScalar, type LogValue } from '../log-value.ts';
import type { WindowsEvent } from './windows-event.ts';

/*
 * Events of Windows as programs that forward them write them in JSON: the XML's own tree (evtx_dump, Vector, Wazuh), Winlogbeat
 * of all versions, NXLog, Fluent Bit and others that put all fields side by side.
 */

type JsonObject = { readonly [name: string]: unknown };

const MAXIMUM_DEPTH = 16;

/** Names under which forwarders write a field of `System`, the most usual first. */
const SYSTEM_NAMES: Readonly<Record<string, readonly string[]>> = {
  EventID: ['EventID', 'event_id', 'eventID', 'EventId', 'eventId'],
  Channel: ['Channel', 'channel', 'log_name', 'LogName', 'EventLog'],
  Provider_Name: ['Provider_Name', 'ProviderName', 'provider_name', 'SourceName', 'source_name', 'providerName'],
  Provider_Guid: ['Provider_Guid', 'ProviderGuid', 'provider_guid', 'providerGuid'],
  Computer: ['Computer', 'computer_name', 'ComputerName', 'computer', 'Hostname', 'MachineName'],
  Level: ['Level', 'level', 'SeverityValue'],
  Version: ['Version', 'version'],
  Task: ['Task', 'task'],
  Opcode: ['Opcode', 'OpcodeValue', 'opcode'],
  Keywords: ['Keywords', 'keywords'],
  EventRecordID: ['EventRecordID', 'RecordNumber', 'record_id', 'record_number', 'RecordId', 'eventRecordID'],
  TimeCreated_SystemTime: ['TimeCreated', 'EventTime', 'systemTime', 'SystemTime', '@timestamp', 'time_created'],
  Execution_ProcessID: ['Execution_ProcessID', 'ExecutionProcessID', 'process_id', 'processID'],
  Execution_ThreadID: ['Execution_ThreadID', 'ExecutionThreadID', 'ThreadID', 'thread_id', 'threadID'],
  Security_UserID: ['Security_UserID', 'UserID', 'UserId'],
  Correlation_ActivityID: ['Correlation_ActivityID', 'ActivityID', 'activity_id'],
};

/** What is not data of the event, where all fields stand side by side. */
const FORWARDERS_OWN = new Set([
  ...Object.values(SYSTEM_NAMES).flat(),
  ...[
    'EventReceivedTime',
    'SourceModuleName',
    'SourceModuleType',
    'EventType',
    'Severity',
    'OpcodeName',
    'host',
    'port',
  ],
  ...['tags', '@version', 'agent', 'ecs', 'Message', 'message', 'beat', 'input', 'event', 'log', 'RenderingInfo'],
]);

/** @returns the event that a parsed line of JSON tells, or undefined where it is none of Windows */
export function readWindowsJson(value: unknown): WindowsEvent | undefined {
  if (!isObject(value)) return undefined;
  const tree = isObject(value.Event) ? value.Event : value;
  if (isObject(tree.System) || isObject(tree.system)) return readTree(tree);
  if (isObject(value.winlog)) return readWinlogbeat(value, value.winlog);
  if (isObject(value.event_data) && value.log_name !== undefined) return readWinlogbeat(value, value);
  return readFlat(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The XML's tree; attributes as `#attributes`, `@Name`, or side by side. */
function readTree(tree: JsonObject): WindowsEvent | undefined {
  const source = (isObject(tree.System) ? tree.System : tree.system) as JsonObject;
  const System: Record<string, LogValue> = {};
  for (const [name, value] of Object.entries(source)) addSystemField(System, name, value);
  renameSystem(System);
  if (System.EventID === undefined) return undefined;
  const data = tree.EventData ?? tree.eventData ?? tree.eventdata;
  const user = tree.UserData ?? tree.userData;
  const rendering = tree.RenderingInfo;
  return {
    System,
    ...(isObject(data) ? { EventData: readEventData(data) } : {}),
    ...(isObject(user) ? { UserData: collectLeaves(user) } : {}),
    ...(isObject(rendering) ? { RenderingInfo: collectLeaves(rendering) } : {}),
  };
}

function addSystemField(System: Record<string, LogValue>, element: string, value: unknown): void {
  const name = element.endsWith('_attributes') ? element.slice(0, -'_attributes'.length) : element;
  if (!isObject(value)) {
    if (value !== null || element === name) addField(System, element, scalarOf(value));
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === '#text' || key === '_' || key === 'value') addField(System, name, scalarOf(inner));
    else if (key === '#attributes' && isObject(inner)) addSystemField(System, name, inner);
    else addField(System, `${name}_${key.replace(/^@/, '')}`, scalarOf(inner));
  }
}

/** Lower-case trees (Wazuh) get the names of the XML. */
function renameSystem(System: Record<string, LogValue>): void {
  for (const [name, others] of Object.entries(SYSTEM_NAMES)) {
    const other = System[name] === undefined ? others.find((each) => System[each] !== undefined) : undefined;
    const value = other === undefined ? undefined : System[other];
    if (other === undefined || value === undefined) continue;
    System[name] = numberOf(value);
    delete System[other];
  }
  for (const name of ['EventID', 'Level', 'Version']) {
    const value = System[name];
    if (value !== undefined) System[name] = numberOf(value);
  }
}

/** `EventData` of a tree: by name, or as `Data` with a name each. */
function readEventData(data: JsonObject): LogFields {
  const fields: Record<string, LogValue> = {};
  for (const [name, value] of Object.entries(data)) {
    if (name === '#attributes') continue;
    if (name === 'Data') addUnnamed(fields, value);
    else if (isObject(value)) addField(fields, name, scalarOf(value['#text'] ?? JSON.stringify(value)));
    else addField(fields, name, scalarOf(value));
  }
  return fields;
}

function addUnnamed(fields: Record<string, LogValue>, value: unknown): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (!isObject(item)) addField(fields, 'Data', scalarOf(item));
    else {
      const attributes = isObject(item['#attributes']) ? item['#attributes'] : item;
      const name = attributes.Name ?? attributes['@Name'];
      const text = item['#text'] ?? item._ ?? item.content ?? '';
      addField(fields, typeof name === 'string' ? name : 'Data', scalarOf(text));
    }
  }
}

function readWinlogbeat(line: JsonObject, winlog: JsonObject): WindowsEvent | undefined {
  const flat: Record<string, unknown> = { '@timestamp': line['@timestamp'], ...winlog };
  const process = isObject(winlog.process) ? winlog.process : {};
  flat.Execution_ProcessID = process.pid ?? winlog.process_id;
  flat.Execution_ThreadID = isObject(process.thread) ? process.thread.id : winlog.thread_id;
  flat.Security_UserID = isObject(winlog.user) ? winlog.user.identifier : undefined;
  const System = systemOf(flat);
  if (System.EventID === undefined) return undefined;
  const data = isObject(winlog.event_data) ? collectLeaves(winlog.event_data) : {};
  const user = isObject(winlog.user_data) ? collectLeaves(winlog.user_data) : {};
  return { System, EventData: withParameters(data), UserData: user, ...rendering(line.message) };
}

/** Data without names are `param1`, `param2` … in Winlogbeat. */
function withParameters(data: LogFields): LogFields {
  const unnamed = Object.keys(data).filter((name) => /^param\d+$/.test(name));
  if (unnamed.length === 0 || unnamed.length !== Object.keys(data).length) return data;
  return { ...data, Data: unnamed.map((name) => data[name] as LogScalar) };
}

function readFlat(line: JsonObject): WindowsEvent | undefined {
  const System = systemOf(line);
  if (System.EventID === undefined || (System.Channel === undefined && System.Provider_Name === undefined))
    return undefined;
  const data: Record<string, LogValue> = {};
  for (const [name, value] of Object.entries(line)) {
    if (FORWARDERS_OWN.has(name)) continue;
    if (name === 'EventData' && isObject(value)) Object.assign(data, readEventData(value));
    else if (name === 'StringInserts') addUnnamed(data, value);
    else addLeaf(data, name, value, 1);
  }
  // Process and thread of the log, unless the event itself has a field of that name.
  return { System, EventData: data, ...rendering(line.Message ?? line.message) };
}

function systemOf(line: JsonObject): LogFields {
  const System: Record<string, LogValue> = {};
  for (const [name, others] of Object.entries(SYSTEM_NAMES)) {
    const other = others.find((each) => line[each] !== undefined && line[each] !== null);
    if (other !== undefined) System[name] = numberOf(scalarOf(line[other]));
  }
  return System;
}

function rendering(message: unknown): { RenderingInfo?: LogFields } {
  return typeof message === 'string' ? { RenderingInfo: { Message: message } } : {};
}

function collectLeaves(object: JsonObject): LogFields {
  const fields: Record<string, LogValue> = {};
  for (const [name, value] of Object.entries(object)) addLeaf(fields, name, value, 1);
  return fields;
}

function addLeaf(fields: Record<string, LogValue>, name: string, value: unknown, depth: number): void {
  if (Array.isArray(value)) {
    for (const item of value) addLeaf(fields, name, item, depth + 1);
    return;
  }
  if (!isObject(value) || depth > MAXIMUM_DEPTH) {
    addField(fields, name, scalarOf(value));
    return;
  }
  for (const [inner, item] of Object.entries(value)) {
    if (inner === '#text') addField(fields, name, scalarOf(item));
    else if (inner !== '#attributes') addLeaf(fields, inner, item, depth + 1);
  }
}

function scalarOf(value: unknown): LogValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((item) => !isObject(item) && !Array.isArray(item)))
    return value as LogScalar[];
  return JSON.stringify(value);
}

function numberOf(value: LogValue): LogValue {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}
