import { addField, type LogFields, type LogValue } from '../log-value.ts';
import { contentOf, type XmlElement } from '../xml-element.ts';

/**
 * An event of Windows, from an EVTX file, XML or JSON. Fields are named as Sigma names them ("Field Usage" of its rules
 * specification): attributes of `System` with the element's name before them (`Provider_Name`, `Execution_ProcessID`), data by
 * the name that the event gives; data without a name are `Data`.
 */
export interface WindowsEvent {
  readonly System: LogFields;
  readonly EventData?: LogFields;
  /** Leaves of the event's own XML by their names, however deep. */
  readonly UserData?: LogFields;
  /** What the sending machine made of it: message, names of level, task and keywords. */
  readonly RenderingInfo?: LogFields;
}

/** Deeper XML is not followed. */
const MAXIMUM_DEPTH = 32;

/** @returns undefined where the element is no event */
export function toWindowsEvent(root: XmlElement): WindowsEvent | undefined {
  const system = root.children.find(({ name }) => name === 'System');
  if (root.name !== 'Event' || system === undefined) return undefined;
  const event: { -readonly [K in keyof WindowsEvent]: WindowsEvent[K] } = { System: readSystem(system) };
  for (const child of root.children) {
    switch (child.name) {
      case 'EventData':
      case 'ProcessingErrorData':
      case 'DebugData':
      case 'BinaryEventData':
        event.EventData = { ...event.EventData, ...readEventData(child) };
        break;
      case 'UserData':
        event.UserData = readLeaves(child);
        break;
      case 'RenderingInfo':
        event.RenderingInfo = readLeaves(child);
        break;
      default:
    }
  }
  return event;
}

/** @returns all fields of an event in one map, as rules look at them; the event's own data win over `System` */
export function windowsFields(event: WindowsEvent): LogFields {
  const message = event.RenderingInfo?.Message;
  return {
    ...event.System,
    ...(message === undefined ? {} : { Message: message }),
    ...event.UserData,
    ...event.EventData,
  };
}

function readSystem(system: XmlElement): LogFields {
  const fields: Record<string, LogValue> = {};
  for (const child of system.children) {
    const content = contentOf(child);
    if (content !== undefined || child.attributes.length === 0) addField(fields, child.name, content ?? null);
    for (const [name, value] of child.attributes) addField(fields, `${child.name}_${name}`, value);
  }
  return fields;
}

function readEventData(data: XmlElement): LogFields {
  const fields: Record<string, LogValue> = {};
  for (const child of data.children) {
    const name = child.attributes.find(([attribute]) => attribute === 'Name')?.[1];
    if (child.children.length > 0) collectLeaves(child, fields, 1);
    else addField(fields, name === undefined || name === null ? child.name : String(name), contentOf(child) ?? null);
  }
  if (data.children.length === 0 && data.values.length > 0) addField(fields, 'Data', contentOf(data) ?? null);
  return fields;
}

function readLeaves(element: XmlElement): LogFields {
  const fields: Record<string, LogValue> = {};
  for (const child of element.children) collectLeaves(child, fields, 1);
  return fields;
}

function collectLeaves(element: XmlElement, fields: Record<string, LogValue>, depth: number): void {
  const named = element.name === 'Data' ? element.attributes.find(([name]) => name === 'Name')?.[1] : undefined;
  const name = named === undefined || named === null ? element.name : String(named);
  for (const [attribute, value] of element.attributes) {
    if (named === undefined && !attribute.startsWith('xmlns')) addField(fields, `${name}_${attribute}`, value);
  }
  const content = contentOf(element);
  if (element.children.length === 0 || (content !== undefined && String(content).trim() !== '')) {
    addField(fields, name, content ?? null);
  }
  if (depth >= MAXIMUM_DEPTH) return;
  for (const child of element.children) collectLeaves(child, fields, depth + 1);
}
