import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { uid } from './items.ts';
import type { SubOperations } from './types.ts';

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
const AE_TITLE_BYTES = 16;
const MAXIMUM_OFFENDING_ELEMENTS = 16;
/** PS3.7 §9.1.1.1.7. */
const PRIORITIES = ['medium', 'high', 'low'] as const;

/** Elements of group 0000 (PS3.7 annex E). */
const AFFECTED_SOP_CLASS = 0x0002;
const REQUESTED_SOP_CLASS = 0x0003;
const COMMAND_FIELD = 0x0100;
const MESSAGE_ID = 0x0110;
const RESPONDED_MESSAGE_ID = 0x0120;
const MOVE_DESTINATION = 0x0600;
const PRIORITY = 0x0700;
const DATA_SET_TYPE = 0x0800;
const STATUS = 0x0900;
const OFFENDING_ELEMENT = 0x0901;
const ERROR_COMMENT = 0x0902;
const ERROR_ID = 0x0903;
const EVENT_TYPE = 0x1002;
const ACTION_TYPE = 0x1008;
const REMAINING = 0x1020;
const COMPLETED = 0x1021;
const FAILED = 0x1022;
const WARNING = 0x1023;
const MOVE_ORIGINATOR = 0x1030;
const MOVE_ORIGINATOR_MESSAGE = 0x1031;

/** What a command set says about its operation; identifiers of objects and patients are not taken. */
export interface CommandSet {
  readonly operation: string;
  readonly isResponse: boolean;
  /** UID; answers may leave it out. */
  readonly sopClass: string;
  readonly messageId: number;
  readonly status: number | undefined;
  readonly hasDataSet: boolean;
  /** The store is part of a C-MOVE that somebody else asked for. */
  readonly hasMoveOriginator: boolean;
  readonly moveOriginator: string;
  readonly moveDestination: string;
  readonly actionType: number | undefined;
  readonly eventType: number | undefined;
  readonly subOperations: SubOperations | undefined;
  /** Empty where the service has none. */
  readonly priority: 'low' | 'medium' | 'high' | '';
  /** Code of the application that an answer gives beside its status. */
  readonly errorId: number | undefined;
  /** The answer explains itself in words, which may name a patient and are not read. */
  readonly hasErrorComment: boolean;
  /** Tags that the answer objects to, never their values: `(0010,0010)`. */
  readonly offendingElements: readonly string[];
}

interface Elements {
  readonly numbers: ReadonlyMap<number, number>;
  readonly sopClass: string;
  readonly titles: ReadonlyMap<number, string>;
  readonly offendingElements: readonly string[];
}

const NO_ELEMENTS: readonly string[] = [];

/** Command set, always implicit VR little endian (PS3.7 §6.3.1). @returns undefined when it holds no known command */
export function parseCommandSet(bytes: Uint8Array): CommandSet | undefined {
  const { numbers, sopClass, titles, offendingElements } = readElements(bytes);
  const field = numbers.get(COMMAND_FIELD);
  const operation = field === undefined ? undefined : OPERATIONS[field & ~RESPONSE_FLAG];
  if (field === undefined || operation === undefined) return undefined;
  const isResponse = (field & RESPONSE_FLAG) !== 0;
  const isAnswering = isResponse || operation === 'C-CANCEL';
  return {
    operation,
    isResponse,
    sopClass,
    messageId: numbers.get(isAnswering ? RESPONDED_MESSAGE_ID : MESSAGE_ID) ?? 0,
    status: numbers.get(STATUS),
    hasDataSet: (numbers.get(DATA_SET_TYPE) ?? NO_DATA_SET) !== NO_DATA_SET,
    hasMoveOriginator: titles.has(MOVE_ORIGINATOR) || numbers.has(MOVE_ORIGINATOR_MESSAGE),
    moveOriginator: titles.get(MOVE_ORIGINATOR) ?? '',
    moveDestination: titles.get(MOVE_DESTINATION) ?? '',
    actionType: numbers.get(ACTION_TYPE),
    eventType: numbers.get(EVENT_TYPE),
    subOperations: subOperations(numbers),
    priority: PRIORITIES[numbers.get(PRIORITY) ?? -1] ?? '',
    errorId: numbers.get(ERROR_ID),
    hasErrorComment: numbers.has(ERROR_COMMENT),
    offendingElements,
  };
}

function readElements(bytes: Uint8Array): Elements {
  const cursor = new ByteCursor(bytes);
  const numbers = new Map<number, number>();
  const titles = new Map<number, string>();
  let sopClass = '';
  let offendingElements = NO_ELEMENTS;
  for (let count = 0; count < MAXIMUM_ELEMENTS && cursor.remaining >= 8; count++) {
    const group = cursor.uint16(true);
    const element = cursor.uint16(true);
    const value = cursor.nested(cursor.uint32(true));
    if (group !== 0) continue;
    if (element === AFFECTED_SOP_CLASS || element === REQUESTED_SOP_CLASS) {
      sopClass = uid(value.bytes, value.offset, value.end);
    } else if (element === MOVE_DESTINATION || element === MOVE_ORIGINATOR) {
      titles.set(element, cleanText(latin1(value.bytes, value.offset, value.end), AE_TITLE_BYTES));
    } else if (element === OFFENDING_ELEMENT) offendingElements = readTags(value);
    else numbers.set(element, value.remaining >= 2 ? value.uint16(true) : 0);
  }
  return { numbers, sopClass, titles, offendingElements };
}

function readTags(value: ByteCursor): readonly string[] {
  const tags: string[] = [];
  const word = () => value.uint16(true).toString(16).toUpperCase().padStart(4, '0');
  while (value.remaining >= 4 && tags.length < MAXIMUM_OFFENDING_ELEMENTS) tags.push(`(${word()},${word()})`);
  return tags;
}

function subOperations(numbers: ReadonlyMap<number, number>): SubOperations | undefined {
  const count = (element: number) => numbers.get(element) ?? 0;
  if (![REMAINING, COMPLETED, FAILED, WARNING].some((element) => numbers.has(element))) return undefined;
  return { remaining: count(REMAINING), completed: count(COMPLETED), failed: count(FAILED), warning: count(WARNING) };
}
