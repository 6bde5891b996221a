import { type CommandElements, readCommandElements } from './command-elements.ts';
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
/** PS3.7 §9.1.1.1.7. */
const PRIORITIES = ['medium', 'high', 'low'] as const;

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

/** Command set, always implicit VR little endian (PS3.7 §6.3.1). @returns undefined when it holds no known command */
export function parseCommandSet(bytes: Uint8Array): CommandSet | undefined {
  const elements = readCommandElements(bytes);
  const { field } = elements;
  const operation = field === undefined ? undefined : OPERATIONS[field & ~RESPONSE_FLAG];
  if (field === undefined || operation === undefined) return undefined;
  const isResponse = (field & RESPONSE_FLAG) !== 0;
  const isAnswering = isResponse || operation === 'C-CANCEL';
  return {
    operation,
    isResponse,
    sopClass: elements.sopClass,
    messageId: (isAnswering ? elements.respondedMessageId : elements.messageId) ?? 0,
    status: elements.status,
    hasDataSet: (elements.dataSetType ?? NO_DATA_SET) !== NO_DATA_SET,
    hasMoveOriginator: elements.moveOriginator !== undefined || elements.moveOriginatorMessage !== undefined,
    moveOriginator: elements.moveOriginator ?? '',
    moveDestination: elements.moveDestination,
    actionType: elements.actionType,
    eventType: elements.eventType,
    subOperations: subOperations(elements),
    priority: PRIORITIES[elements.priority ?? -1] ?? '',
    errorId: elements.errorId,
    hasErrorComment: elements.hasErrorComment,
    offendingElements: elements.offendingElements,
  };
}

function subOperations({ remaining, completed, failed, warning }: CommandElements): SubOperations | undefined {
  if ((remaining ?? completed ?? failed ?? warning) === undefined) return undefined;
  return { remaining: remaining ?? 0, completed: completed ?? 0, failed: failed ?? 0, warning: warning ?? 0 };
}
