import { addField, type LogFields, type LogValue } from '../log-value.ts';
import { readXmlElements } from '../read-xml.ts';
import { contentOf, type XmlElement } from '../xml-element.ts';

/*
 * Audit messages of DICOM (PS3.15 A.5, which IHE ATNA takes over) and of RFC 3881 before it. Fields bear the names of the schema;
 * coded values are their codes. Whoever asked for what happened comes first among the participants.
 */

export interface AuditMessageReading {
  readonly events: readonly LogFields[];
  /** Why the rest was not read, each reason once; empty where all was. */
  readonly problems: readonly string[];
}

const START = '<AuditMessage';
const END = '</AuditMessage>';

/** Coded values: element → name of the attribute with the code in RFC 3881; DICOM calls it `csd-code` everywhere. */
const CODED = new Set([
  'EventID',
  'EventTypeCode',
  'RoleIDCode',
  'ParticipantObjectIDTypeCode',
  'MediaType',
  'PurposeOfUse',
]);

/** Who or what it is about by name, and whole queries: nothing that a rule needs. */
const LEFT_OUT = new Set([
  'ParticipantObjectName',
  'ParticipantObjectQuery',
  'ParticipantObjectDetail',
  'ParticipantObjectDescription',
]);

/** @returns whether text holds audit messages, with or without the header of syslog */
export function holdsAuditMessages(text: string): boolean {
  return text.includes(START);
}

/** @param text audit messages one after another; what stands between them, such as headers of syslog, is passed over */
export function readAuditMessages(text: string): AuditMessageReading {
  const events: LogFields[] = [];
  const problems = new Set<string>();
  for (let at = text.indexOf(START); at >= 0; at = text.indexOf(START, at + 1)) {
    const end = text.indexOf(END, at);
    if (end < 0) {
      problems.add('an audit message is cut off');
      break;
    }
    const reading = readXmlElements(text.slice(at, end + END.length), 'AuditMessage');
    for (const problem of reading.problems) problems.add(problem);
    for (const element of reading.elements) events.push(toFields(element));
    at = end;
  }
  return { events, problems: [...problems] };
}

function toFields(message: XmlElement): LogFields {
  const fields: Record<string, LogValue> = {};
  const isRequestor = (element: XmlElement) => attributeOf(element, 'UserIsRequestor') === 'true';
  const first = message.children.filter((child) => child.name === 'ActiveParticipant' && isRequestor(child));
  for (const child of [...first, ...message.children.filter((each) => !first.includes(each))])
    collect(child, fields, 0);
  return fields;
}

function collect(element: XmlElement, fields: Record<string, LogValue>, depth: number): void {
  if (LEFT_OUT.has(element.name) || depth > 8) return;
  if (CODED.has(element.name)) {
    const code = attributeOf(element, 'csd-code') ?? attributeOf(element, 'code');
    if (code !== undefined) addField(fields, element.name, code);
    return;
  }
  const isSourceType = element.name === 'AuditSourceTypeCode';
  for (const [name, value] of element.attributes) {
    if (isSourceType && (name === 'csd-code' || name === 'code')) addField(fields, element.name, value);
    else if (!isSourceType && !name.startsWith('xmlns')) addField(fields, name, value);
  }
  const content = contentOf(element);
  if (element.children.length === 0 && content !== undefined) addField(fields, element.name, content);
  for (const child of element.children) collect(child, fields, depth + 1);
}

function attributeOf({ attributes }: XmlElement, name: string): string | undefined {
  const value = attributes.find(([each]) => each === name)?.[1];
  return value === undefined || value === null ? undefined : String(value);
}
