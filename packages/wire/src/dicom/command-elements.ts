import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { uid } from './items.ts';

const MAXIMUM_ELEMENTS = 64;
const MAXIMUM_OFFENDING_ELEMENTS = 16;
const AE_TITLE_BYTES = 16;
/** Group, element, length. */
const ELEMENT_HEADER_BYTES = 8;
const NO_ELEMENTS: readonly string[] = [];

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

type NumberName =
  | 'field'
  | 'messageId'
  | 'respondedMessageId'
  | 'priority'
  | 'dataSetType'
  | 'status'
  | 'errorId'
  | 'eventType'
  | 'actionType'
  | 'remaining'
  | 'completed'
  | 'failed'
  | 'warning'
  | 'moveOriginatorMessage';

/** Values of the elements of a command set; undefined where it has none. */
export class CommandElements {
  sopClass = '';
  field: number | undefined;
  messageId: number | undefined;
  respondedMessageId: number | undefined;
  priority: number | undefined;
  dataSetType: number | undefined;
  status: number | undefined;
  errorId: number | undefined;
  eventType: number | undefined;
  actionType: number | undefined;
  remaining: number | undefined;
  completed: number | undefined;
  failed: number | undefined;
  warning: number | undefined;
  moveOriginatorMessage: number | undefined;
  moveDestination = '';
  moveOriginator: string | undefined;
  hasErrorComment = false;
  offendingElements = NO_ELEMENTS;

  take(element: number, bytes: Uint8Array, start: number, end: number): void {
    switch (element) {
      case AFFECTED_SOP_CLASS:
      case REQUESTED_SOP_CLASS:
        this.sopClass = uid(bytes, start, end);
        return;
      case MOVE_DESTINATION:
        this.moveDestination = cleanText(latin1(bytes, start, end), AE_TITLE_BYTES);
        return;
      case MOVE_ORIGINATOR:
        this.moveOriginator = cleanText(latin1(bytes, start, end), AE_TITLE_BYTES);
        return;
      case ERROR_COMMENT:
        this.hasErrorComment = true;
        return;
      case OFFENDING_ELEMENT:
        this.offendingElements = readTags(bytes, start, end);
        return;
      default:
        this.#takeNumber(element, end - start >= 2 ? littleWord16(bytes, start) : 0);
    }
  }

  #takeNumber(element: number, value: number): void {
    const name = NUMBERS[element];
    if (name !== undefined) this[name] = value;
  }
}

const NUMBERS: Readonly<Record<number, NumberName>> = {
  [COMMAND_FIELD]: 'field',
  [MESSAGE_ID]: 'messageId',
  [RESPONDED_MESSAGE_ID]: 'respondedMessageId',
  [PRIORITY]: 'priority',
  [DATA_SET_TYPE]: 'dataSetType',
  [STATUS]: 'status',
  [ERROR_ID]: 'errorId',
  [EVENT_TYPE]: 'eventType',
  [ACTION_TYPE]: 'actionType',
  [REMAINING]: 'remaining',
  [COMPLETED]: 'completed',
  [FAILED]: 'failed',
  [WARNING]: 'warning',
  [MOVE_ORIGINATOR_MESSAGE]: 'moveOriginatorMessage',
};

/** Elements of a command set, always implicit VR little endian (PS3.7 §6.3.1). */
export function readCommandElements(bytes: Uint8Array): CommandElements {
  const elements = new CommandElements();
  let offset = 0;
  for (let count = 0; count < MAXIMUM_ELEMENTS && bytes.length - offset >= ELEMENT_HEADER_BYTES; count++) {
    const isCommandGroup = littleWord16(bytes, offset) === 0;
    const element = littleWord16(bytes, offset + 2);
    const start = offset + ELEMENT_HEADER_BYTES;
    const end = Math.min(bytes.length, start + littleWord32(bytes, offset + 4));
    offset = end;
    if (isCommandGroup) elements.take(element, bytes, start, end);
  }
  return elements;
}

function readTags(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const tags: string[] = [];
  const word = (offset: number) => littleWord16(bytes, offset).toString(16).toUpperCase().padStart(4, '0');
  for (let offset = start; end - offset >= 4 && tags.length < MAXIMUM_OFFENDING_ELEMENTS; offset += 4) {
    tags.push(`(${word(offset)},${word(offset + 2)})`);
  }
  return tags;
}
