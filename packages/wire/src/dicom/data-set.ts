import { cleanText, latin1 } from '../bytes/text.ts';
import { openDataSet, UNDEFINED_LENGTH } from './elements.ts';
import type { DeviceAttributes, PerformedStep, PrinterStatus } from './types.ts';

/** Device attributes stand in groups 0008 and 0018, so the head of a data set holds them. */
export const DATA_SET_HEAD_BYTES = 32 * 1024;
const MAXIMUM_VALUE_BYTES = 256;

/** UDI Sequence: its items hold the identifier of the device. */
const DEVICE_IDENTIFIER_SEQUENCE = 0x0018100a;
const DEVICE_IDENTIFIER = 0x00181009;

const DEVICE_ATTRIBUTES = wanted<keyof DeviceAttributes>([
  [0x00080060, 'modality'],
  [0x00080070, 'manufacturer'],
  [0x00080080, 'institution'],
  [0x00081010, 'stationName'],
  [0x00081040, 'department'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [DEVICE_IDENTIFIER, 'udi'],
  [0x00181020, 'softwareVersions'],
]);

const STEP_ATTRIBUTES = wanted<StepAttribute>([
  [0x00080060, 'modality'],
  [0x00400241, 'stationAeTitle'],
  [0x00400242, 'stationName'],
  [0x00400252, 'status'],
]);
type StepAttribute = 'modality' | 'stationAeTitle' | 'stationName' | 'status';

const PRINTER_ATTRIBUTES = wanted<keyof DeviceAttributes | 'status' | 'cause'>([
  [0x00080070, 'manufacturer'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181020, 'softwareVersions'],
  [0x21100010, 'status'],
  [0x21100020, 'cause'],
  [0x21100030, 'stationName'],
]);

const QUERY_LEVEL = wanted<'level'>([[0x00080052, 'level']]);
const QUERY_LEVELS = new Set(['PATIENT', 'STUDY', 'SERIES', 'IMAGE']);

/** Elements to take from a data set. */
interface Wanted<Name extends string> {
  readonly names: ReadonlyMap<number, Name>;
  /** Elements come in the order of their tags (PS3.5 §7.1): behind this one there is nothing left to take. */
  readonly lastTag: number;
}

/** What the head of a data set tells. */
export interface Head<Facts> {
  readonly facts: Facts;
  /** Nothing that follows can add to it. */
  readonly isComplete: boolean;
}

/**
 * Takes the device attributes from the head of a data set (PS3.3 C.7.5.1, PS3.5 §7).
 *
 * @param head first bytes of the data set, `DATA_SET_HEAD_BYTES` at most; may end anywhere
 */
export function readDeviceAttributes(head: Uint8Array, transferSyntax: string): Head<DeviceAttributes> {
  return readAttributes(head, transferSyntax, DEVICE_ATTRIBUTES);
}

/** Device and state of a performed procedure step (PS3.4 F.7.2). */
export function readPerformedStep(head: Uint8Array, transferSyntax: string): Pick<PerformedStep, StepAttribute> {
  const { facts } = readAttributes(head, transferSyntax, STEP_ATTRIBUTES);
  return { modality: '', stationAeTitle: '', stationName: '', status: '', ...facts };
}

/** State of a printer, and what it is (PS3.4 H.4.6). */
export function readPrinter(
  head: Uint8Array,
  transferSyntax: string,
): Pick<PrinterStatus, 'status' | 'cause' | 'device'> {
  const { facts } = readAttributes(head, transferSyntax, PRINTER_ATTRIBUTES);
  const { status = '', cause = '', ...device } = facts;
  return { status: definedTerm(status), cause: definedTerm(cause), device };
}

/** PS3.5 §6.2: a code string has sixteen capitals, digits, spaces and underscores at most. */
function definedTerm(value: string): string {
  return /^[A-Z0-9_ ]{1,16}$/.test(value) ? value : '';
}

/** @returns the level of a query (PS3.4 C.4.1.1.3), empty when it has none that the standard knows */
export function readQueryLevel(head: Uint8Array, transferSyntax: string): string {
  const { level = '' } = readAttributes(head, transferSyntax, QUERY_LEVEL).facts;
  return QUERY_LEVELS.has(level) ? level : '';
}

/**
 * Values of the wanted elements on the top level of a data set. Nothing else is looked at: values of other elements, all of
 * a patient's among them, are passed over by their length.
 */
function readAttributes<Name extends string>(
  head: Uint8Array,
  transferSyntax: string,
  { names, lastTag }: Wanted<Name>,
): Head<Partial<Record<Name, string>>> {
  const cursor = openDataSet(head, transferSyntax);
  const facts: Partial<Record<Name, string>> = {};
  while (cursor.next()) {
    const { tag, length, offset } = cursor;
    if (tag > lastTag && !cursor.isItem) return { facts, isComplete: true };
    // The identifier of the device stands inside items: their headers are passed, what they hold is read like the rest.
    if (cursor.isItem || (tag === DEVICE_IDENTIFIER_SEQUENCE && names.has(DEVICE_IDENTIFIER))) continue;
    cursor.skip();
    const name = length === UNDEFINED_LENGTH ? undefined : names.get(tag);
    if (name === undefined || cursor.isBroken) continue;
    const value = cleanText(latin1(cursor.bytes, offset, offset + Math.min(length, MAXIMUM_VALUE_BYTES)));
    if (value !== '') facts[name] = value;
  }
  return { facts, isComplete: false };
}

function wanted<Name extends string>(elements: readonly (readonly [tag: number, name: Name])[]): Wanted<Name> {
  return { names: new Map(elements), lastTag: Math.max(...elements.map(([tag]) => tag)) };
}
