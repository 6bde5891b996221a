import { hasBytes, word16 } from '../bytes/match.ts';
import { type DeviceIdentity, NO_IDENTITY, readIdentity } from '../ieee-11073/attributes.ts';
import type { Direction } from '../protocol.ts';

/** Session headers of the association control protocol ("Definition of the Association Control Protocol"). */
const SESSION: Readonly<Record<number, Pick<Side, 'activity' | 'isRequest' | 'isRefused'>>> = {
  13: { activity: 'association', isRequest: true, isRefused: false },
  14: { activity: 'association', isRequest: false, isRefused: false },
  12: { activity: 'association', isRequest: false, isRefused: true },
  9: { activity: 'release', isRequest: true, isRefused: false },
  10: { activity: 'release', isRequest: false, isRefused: false },
  25: { activity: 'abort', isRequest: true, isRefused: false },
};
/** Session data of requests and answers, and presentation data of the others, as the guide prints them. */
const SESSION_DATA = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02];
const RELEASE_DATA = [0xc1, 0x16, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xa0, 0x80];
const ABORT_DATA = [0x11, 0x01, 0x03, 0xc1, 0x29, 0xa0, 0x80];
const REFUSE_DATA = [0x05, 0x03];
/** Nomenclature of a connect indication: version 1.0. */
const NOMENCLATURE = [0x00, 0x00, 0x01, 0x00];
/** SPpdu: a fixed identifier, then the presentation context. */
const PROTOCOL_MESSAGE = 0xe100;

const INVOKE = 1;
const RESULT = 2;
const ERROR = 3;
const LINKED_RESULT = 5;
const EVENT_REPORT = 0;
const CONFIRMED_EVENT_REPORT = 1;
const CONFIRMED_ACTION = 7;
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'event report',
  1: 'confirmed event report',
  3: 'get',
  4: 'set',
  5: 'confirmed set',
  7: 'action',
};
const UNCONFIRMED = [EVENT_REPORT, 4];
const DEVICE_CREATED = 3334;
const CONNECT_INDICATION = 3351;
const POLLS: Readonly<Record<number, string>> = { 3094: 'poll', 61755: 'extended poll' };
/** Classes of objects that are polled ("Object Classes"). */
const OBJECTS: Readonly<Record<number, string>> = {
  6: 'numerics',
  9: 'waves',
  33: 'device',
  42: 'patient demographics',
  54: 'alerts',
};
const ERRORS: Readonly<Record<number, string>> = {
  0: 'no such object class',
  1: 'no such object instance',
  2: 'access denied',
  7: 'get list error',
  8: 'set list error',
  9: 'no such action',
  10: 'processing failure',
  15: 'invalid argument value',
  16: 'invalid scope',
  17: 'invalid object instance',
};

/** One message. */
export interface Side {
  readonly activity: 'connect-indication' | 'association' | 'release' | 'abort' | 'device-created' | 'operation';
  readonly isRequest: boolean;
  readonly isRefused: boolean;
  /** What an answer shares with its request; undefined where none is to come. */
  readonly key: string | undefined;
  readonly operation: string;
  readonly object: string;
  readonly result: string;
  readonly identity: DeviceIdentity;
}

const NOTHING = { operation: '', object: '', result: '', identity: NO_IDENTITY, isRefused: false } as const;

/** @returns undefined for what the Data Export Interface Programming Guide does not know, and for results that go on */
export function parseIntelliVue(message: Uint8Array, direction: Direction): Side | undefined {
  const session = isSession(message) ? SESSION[message[0] ?? 0] : undefined;
  if (session !== undefined) {
    return { ...NOTHING, ...session, key: session.activity === 'abort' ? undefined : session.activity };
  }
  const isIndication = hasBytes(message, NOMENCLATURE);
  if (!isIndication && word16(message, 0) !== PROTOCOL_MESSAGE) return undefined;
  const length = word16(message, 6);
  if (length < 6 || length > message.length - 8) return undefined;
  const side = remoteOperation(message.subarray(4, 8 + length), direction);
  return isIndication === (side?.activity === 'connect-indication') ? side : undefined;
}

/** Type and length, then data that each type begins with; the length has three bytes where it does not fit into one. */
function isSession(message: Uint8Array): boolean {
  const isLong = message[1] === 0xff;
  const start = isLong ? 4 : 2;
  const length = isLong ? word16(message, 2) : (message[1] ?? 0);
  if (message.length !== start + length) return false;
  switch (message[0]) {
    case 13:
    case 14:
      return hasBytes(message, SESSION_DATA, start);
    case 12:
      return hasBytes(message, REFUSE_DATA, start);
    case 9:
    case 10:
      return hasBytes(message, RELEASE_DATA, start);
    case 25:
      return hasBytes(message, ABORT_DATA, start);
    default:
      return false;
  }
}

/** ROapdus: type, length; then invoke id, command, length and what belongs to the command. */
function remoteOperation(bytes: Uint8Array, direction: Direction): Side | undefined {
  const type = word16(bytes, 0);
  if (type === LINKED_RESULT || type < INVOKE || type > ERROR) return undefined;
  const invoked = word16(bytes, 4);
  const command = word16(bytes, 6);
  const argument = bytes.subarray(10, 10 + word16(bytes, 8));
  const isRequest = type === INVOKE;
  const invoker = isRequest === (direction === 'to-server') ? 'client' : 'server';
  const side = { ...NOTHING, activity: 'operation', isRequest, key: `${invoker} ${invoked}` } as const;
  if (type === ERROR) return { ...side, isRefused: true, result: ERRORS[command] ?? `error ${command}` };
  const operation = COMMANDS[command];
  if (operation === undefined) return undefined;
  if (type === RESULT) return { ...side, operation };
  const key = UNCONFIRMED.includes(command) ? undefined : side.key;
  if (command === EVENT_REPORT || command === CONFIRMED_EVENT_REPORT)
    return event({ ...side, operation, key }, argument);
  return command === CONFIRMED_ACTION ? action({ ...side, key }, argument) : { ...side, operation, key };
}

/** Object (class, context, handle), time, event type, length, information. */
function event(side: Side, argument: Uint8Array): Side {
  const type = word16(argument, 10);
  const information = argument.subarray(14, 14 + word16(argument, 12));
  if (type === CONNECT_INDICATION) {
    return { ...side, activity: 'connect-indication', identity: readIdentity(information) };
  }
  // MDSCreateInfo names the object once more before its attributes.
  if (type === DEVICE_CREATED) {
    return { ...side, activity: 'device-created', identity: readIdentity(information.subarray(6)) };
  }
  return side;
}

/** Object, scope, action, length; then number of the poll and the class that is polled. */
function action(side: Side, argument: Uint8Array): Side {
  const operation = POLLS[word16(argument, 10)];
  if (operation === undefined) return { ...side, operation: 'action' };
  const polled = word16(argument, 18);
  return { ...side, operation, object: OBJECTS[polled] ?? `class ${polled}` };
}
