import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';

/** DIMSE commands by command field (PS3.7 annex E.1). Answers have the high bit set. */
const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'C-STORE',
  16: 'C-GET',
  32: 'C-FIND',
  33: 'C-MOVE',
  48: 'C-ECHO',
  256: 'N-EVENT-REPORT',
  272: 'N-GET',
  288: 'N-SET',
  304: 'N-ACTION',
  320: 'N-CREATE',
  336: 'N-DELETE',
  4095: 'C-CANCEL',
};
const RESPONSE_FLAG = 0x8000;
const NO_DATA_SET = 0x0101;
const MAXIMUM_ELEMENTS = 64;
/** PS3.5 §9.1. */
const MAXIMUM_UID = 64;

/** What a command set says about its operation; identifiers of objects and patients are not taken. */
export interface CommandSet {
  readonly operation: string;
  readonly isResponse: boolean;
  readonly sopClass: string;
  readonly messageId: number;
  readonly status: number | undefined;
  readonly hasDataSet: boolean;
  /** The store is part of a C-MOVE that somebody else asked for. */
  readonly hasMoveOriginator: boolean;
}

/** Command set, always implicit VR little endian (PS3.7 §6.3.1). @returns undefined when it holds no known command */
export function parseCommandSet(bytes: Uint8Array): CommandSet | undefined {
  const cursor = new ByteCursor(bytes);
  const values = new Map<number, number>();
  let sopClass = '';
  for (let count = 0; count < MAXIMUM_ELEMENTS && cursor.remaining >= 8; count++) {
    const group = cursor.uint16(true);
    const element = cursor.uint16(true);
    const value = cursor.nested(cursor.uint32(true));
    if (group !== 0) continue;
    if (element === 0x0002 || element === 0x0003)
      sopClass = latin1(value.bytes, value.offset, Math.min(value.end, value.offset + MAXIMUM_UID)).replace(
        /[^0-9.]/g,
        '',
      );
    else values.set(element, value.remaining >= 2 ? value.uint16(true) : 0);
  }
  const field = values.get(0x0100);
  const operation = field === undefined ? undefined : OPERATIONS[field & ~RESPONSE_FLAG];
  if (field === undefined || operation === undefined) return undefined;
  const isResponse = (field & RESPONSE_FLAG) !== 0;
  return {
    operation,
    isResponse,
    sopClass,
    messageId: values.get(isResponse ? 0x0120 : 0x0110) ?? 0,
    status: values.get(0x0900),
    hasDataSet: (values.get(0x0800) ?? NO_DATA_SET) !== NO_DATA_SET,
    hasMoveOriginator: values.has(0x1030) || values.has(0x1031),
  };
}

/** PS3.7 annex C.3: the operation goes on. */
export function isPending(status: number | undefined): boolean {
  return status === 0xff00 || status === 0xff01;
}
