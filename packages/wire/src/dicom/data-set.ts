import { cleanText, latin1 } from '../bytes/text.ts';
import { ITEM_GROUP, openDataSet, readElementHeader, skipUndefined, UNDEFINED_LENGTH } from './elements.ts';
import type { DeviceAttributes, PerformedStep, PrinterStatus } from './types.ts';

/** Device attributes stand in groups 0008 and 0018, so the head of a data set holds them. */
export const DATA_SET_HEAD_BYTES = 32 * 1024;
const MAXIMUM_VALUE_BYTES = 256;

/** UDI Sequence: its items hold the identifier of the device. */
const DEVICE_IDENTIFIER_SEQUENCE = 0x0018100a;

const DEVICE_ATTRIBUTES: ReadonlyMap<number, keyof DeviceAttributes> = new Map([
  [0x00080060, 'modality'],
  [0x00080070, 'manufacturer'],
  [0x00080080, 'institution'],
  [0x00081010, 'stationName'],
  [0x00081040, 'department'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181009, 'udi'],
  [0x00181020, 'softwareVersions'],
]);

const STEP_ATTRIBUTES: ReadonlyMap<number, StepAttribute> = new Map([
  [0x00080060, 'modality'],
  [0x00400241, 'stationAeTitle'],
  [0x00400242, 'stationName'],
  [0x00400252, 'status'],
]);
type StepAttribute = 'modality' | 'stationAeTitle' | 'stationName' | 'status';

const PRINTER_ATTRIBUTES: ReadonlyMap<number, keyof DeviceAttributes | 'status' | 'cause'> = new Map([
  [0x00080070, 'manufacturer'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181020, 'softwareVersions'],
  [0x21100010, 'status'],
  [0x21100020, 'cause'],
  [0x21100030, 'stationName'],
]);

const QUERY_LEVEL: ReadonlyMap<number, 'level'> = new Map([[0x00080052, 'level']]);
const QUERY_LEVELS = new Set(['PATIENT', 'STUDY', 'SERIES', 'IMAGE']);

/**
 * Takes the device attributes from the head of a data set (PS3.3 C.7.5.1, PS3.5 §7).
 *
 * @param head first bytes of the data set, `DATA_SET_HEAD_BYTES` at most; may end anywhere
 */
export function readDeviceAttributes(head: Uint8Array, transferSyntax: string): DeviceAttributes {
  return readAttributes(head, transferSyntax, DEVICE_ATTRIBUTES);
}

/** Device and state of a performed procedure step (PS3.4 F.7.2). */
export function readPerformedStep(head: Uint8Array, transferSyntax: string): Pick<PerformedStep, StepAttribute> {
  const read = readAttributes(head, transferSyntax, STEP_ATTRIBUTES);
  return { modality: '', stationAeTitle: '', stationName: '', status: '', ...read };
}

/** State of a printer, and what it is (PS3.4 H.4.6). */
export function readPrinter(
  head: Uint8Array,
  transferSyntax: string,
): Pick<PrinterStatus, 'status' | 'cause' | 'device'> {
  const { status = '', cause = '', ...device } = readAttributes(head, transferSyntax, PRINTER_ATTRIBUTES);
  return { status: definedTerm(status), cause: definedTerm(cause), device };
}

/** PS3.5 §6.2: a code string has sixteen capitals, digits, spaces and underscores at most. */
function definedTerm(value: string): string {
  return /^[A-Z0-9_ ]{1,16}$/.test(value) ? value : '';
}

/** @returns the level of a query (PS3.4 C.4.1.1.3), empty when it has none that the standard knows */
export function readQueryLevel(head: Uint8Array, transferSyntax: string): string {
  const { level = '' } = readAttributes(head, transferSyntax, QUERY_LEVEL);
  return QUERY_LEVELS.has(level) ? level : '';
}

/**
 * Values of the wanted elements on the top level of a data set. Nothing else is looked at: values of other elements, all of
 * a patient's among them, are passed over by their length.
 */
function readAttributes<Name extends string>(
  head: Uint8Array,
  transferSyntax: string,
  wanted: ReadonlyMap<number, Name>,
): Partial<Record<Name, string>> {
  const { cursor, encoding } = openDataSet(head, transferSyntax);
  const lastTag = Math.max(...wanted.keys());
  const attributes: Partial<Record<Name, string>> = {};
  while (cursor.remaining >= 8 && !cursor.isBroken) {
    const { group, element, length, isUnknown } = readElementHeader(cursor, encoding);
    const tag = group * 0x10000 + element;
    if (cursor.isBroken || (tag > lastTag && group !== ITEM_GROUP)) break;
    // The identifier of the device stands inside items: their headers are passed, what they hold is read like the rest.
    if (group === ITEM_GROUP || (tag === DEVICE_IDENTIFIER_SEQUENCE && wanted.has(0x00181009))) continue;
    if (length === UNDEFINED_LENGTH) {
      skipUndefined(cursor, encoding, isUnknown);
      continue;
    }
    const name = wanted.get(tag);
    const start = cursor.offset;
    cursor.skip(length);
    if (name === undefined || cursor.isBroken) continue;
    const value = cleanText(latin1(cursor.bytes, start, start + Math.min(length, MAXIMUM_VALUE_BYTES)));
    if (value !== '') attributes[name] = value;
  }
  return attributes;
}
