import { cleanText, latin1 } from '../bytes/text.ts';
import { openDataSet, UNDEFINED_LENGTH } from './elements.ts';
import { statusName } from './status.ts';

/** Lists of objects, about a hundred bytes for each: some two thousand are counted. */
export const REFERENCES_BYTES = 256 * 1024;
const MAXIMUM_REASONS = 8;
const BACKSLASH = 0x5c;

const FAILED_INSTANCES = 0x00080058;
const REFERENCED_SERIES_SEQUENCE = 0x00081115;
const REFERENCED_INSTANCE = 0x00081155;
const FAILURE_REASON = 0x00081197;
const FAILED_SEQUENCE = 0x00081198;
const REFERENCED_SEQUENCE = 0x00081199;
const PERFORMED_STEP_STATUS = 0x00400252;
const PROCEDURE_STEP_STATE = 0x00741000;
/** PS3.3 C.14: beside the general ones of PS3.7 annex C. */
const DUPLICATE_TRANSACTION = 0x0131;
/** PS3.4 F.7.2.1, CC.1.1. */
const STATES = new Set(['SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'DISCONTINUED', 'CANCELED']);

/** What a data set says about objects and steps, without naming any. */
export interface References {
  /** Objects that are spoken of and in order; of a list longer than `REFERENCES_BYTES` those at its beginning. */
  readonly referencedObjects: number;
  readonly failedObjects: number;
  /** In words, without repetition. */
  readonly failureReasons: readonly string[];
  /** State of a procedure step; empty without. */
  readonly stepState: string;
}

export const NO_REFERENCES: References = {
  referencedObjects: 0,
  failedObjects: 0,
  failureReasons: [],
  stepState: '',
};

/**
 * Counts the objects of storage commitment (PS3.4 J.3.2, J.3.3) and instance availability (R.3.2), those that a retrieval
 * could not move (C.4.2.1.4.2), and reads the state of a step. Identifiers are passed over.
 *
 * @param head beginning of the data set, may end anywhere
 */
export function readReferences(head: Uint8Array, transferSyntax: string): References {
  const cursor = openDataSet(head, transferSyntax);
  const reasons = new Set<number>();
  let list: 'referenced' | 'failed' | undefined;
  let [referencedObjects, failedObjects, stepState] = [0, 0, ''];
  while (cursor.next()) {
    const { tag, length, offset: start } = cursor;
    // Items are not passed over: what they hold is read like the rest.
    if (cursor.isItem || tag === REFERENCED_SERIES_SEQUENCE) continue;
    if (tag === REFERENCED_SEQUENCE || tag === FAILED_SEQUENCE) {
      list = tag === FAILED_SEQUENCE ? 'failed' : 'referenced';
      continue;
    }
    cursor.skip();
    if (length === UNDEFINED_LENGTH) continue;
    if (cursor.isBroken) break;
    if (tag === REFERENCED_INSTANCE && list === 'referenced') referencedObjects += 1;
    else if (tag === REFERENCED_INSTANCE && list === 'failed') failedObjects += 1;
    else if (tag === FAILED_INSTANCES) failedObjects += valuesIn(cursor.bytes, start, length);
    else if (tag === FAILURE_REASON && length === 2) reasons.add(word(cursor.bytes, start, cursor.isLittleEndian));
    else if (tag === PERFORMED_STEP_STATUS || tag === PROCEDURE_STEP_STATE)
      stepState = state(cursor.bytes, start, length);
  }
  const failureReasons = [...reasons].slice(0, MAXIMUM_REASONS).map(reasonName);
  return { referencedObjects, failedObjects, failureReasons, stepState };
}

/** Several values are set apart by backslashes (PS3.5 §6.4). */
function valuesIn(bytes: Uint8Array, start: number, length: number): number {
  let values = length > 0 ? 1 : 0;
  for (let at = start; at < start + length; at++) if (bytes[at] === BACKSLASH) values += 1;
  return values;
}

function word(bytes: Uint8Array, start: number, isLittleEndian: boolean): number {
  const [first = 0, second = 0] = bytes.subarray(start, start + 2);
  return isLittleEndian ? first | (second << 8) : (first << 8) | second;
}

function state(bytes: Uint8Array, start: number, length: number): string {
  const value = cleanText(latin1(bytes, start, start + Math.min(length, 16)));
  return STATES.has(value) ? value : '';
}

function reasonName(code: number): string {
  return code === DUPLICATE_TRANSACTION ? 'duplicate transaction' : statusName('N-ACTION', code);
}
