import { word16, word32 } from '../bytes/match.ts';
import type { Direction } from '../protocol.ts';
import { type DeviceIdentity, NO_IDENTITY, readIdentity, systemId } from './attributes.ts';
import {
  ABORT_REASONS,
  ASSOCIATE_RESULTS,
  CONFIGURATION_NOTIFICATION,
  CONFIGURATION_RESULTS,
  isAccepted,
  notificationName,
  objectClassName,
  RELEASE_REASONS,
} from './nomenclature.ts';

/** Choices of an APDU (ISO/IEEE 11073-20601 §A.7). */
export const AARQ = 0xe200;
export const AARE = 0xe300;
const RLRQ = 0xe400;
const RLRE = 0xe500;
const ABRT = 0xe600;
export const PRST = 0xe700;
export const APDUS: readonly number[] = [AARQ, AARE, RLRQ, RLRE, ABRT, PRST];
/** Choice and length. */
export const HEADER_BYTES = 4;
/** data-proto-id of ISO/IEEE 11073-20601 itself (§A.8). */
export const DATA_PROTOCOL = 20601;
const SYSTEM_TYPE_AGENT = 0x0080_0000;

/** Choices of the data APDU within (§A.10): request or answer, and which operation. */
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'event report',
  1: 'confirmed event report',
  3: 'get',
  4: 'set',
  5: 'confirmed set',
  6: 'action',
  7: 'confirmed action',
};
const UNCONFIRMED = [0, 4, 6];
const INVOKE = 1;
const RESULT = 2;
const ERROR = 3;
const REJECT = 4;

/** One message. */
export interface Side {
  readonly activity: 'association' | 'release' | 'abort' | 'data';
  readonly isRequest: boolean;
  /** What an answer shares with its request; undefined where none is to come. */
  readonly key: string | undefined;
  readonly sentBy: 'client' | 'server';
  readonly operation: string;
  readonly event: number;
  readonly isRefused: boolean;
  readonly result: string;
  readonly systemId: string;
  readonly isAgent: boolean;
  readonly configuration: number;
  readonly objects: readonly string[];
  readonly identity: DeviceIdentity;
}

const NOTHING = {
  operation: '',
  event: 0,
  isRefused: false,
  result: '',
  systemId: '',
  isAgent: false,
  configuration: 0,
  objects: [],
  identity: NO_IDENTITY,
} as const;

/** @returns undefined for what is no APDU of ISO/IEEE 11073-20601 §A.7 to §A.11 (MDER) */
export function parseApdu(message: Uint8Array, direction: Direction): Side | undefined {
  const sentBy = direction === 'to-server' ? 'client' : 'server';
  const content = message.subarray(HEADER_BYTES);
  const reason = word16(content, 0);
  switch (word16(message, 0)) {
    case AARQ:
      return {
        ...NOTHING,
        ...association(content, 8),
        activity: 'association',
        isRequest: true,
        key: 'association',
        sentBy,
      };
    case AARE: {
      const result = ASSOCIATE_RESULTS[reason] ?? `result ${reason}`;
      const answer = { result, isRefused: !isAccepted(reason), isRequest: false, key: 'association', sentBy } as const;
      return { ...NOTHING, activity: 'association', ...answer };
    }
    case RLRQ:
    case RLRE: {
      const isRequest = word16(message, 0) === RLRQ;
      const result = isRequest ? (RELEASE_REASONS[reason] ?? `reason ${reason}`) : '';
      return { ...NOTHING, activity: 'release', isRequest, key: 'release', sentBy, result };
    }
    case ABRT:
      return {
        ...NOTHING,
        activity: 'abort',
        isRequest: true,
        key: undefined,
        sentBy,
        result: ABORT_REASONS[reason] ?? `reason ${reason}`,
      };
    case PRST:
      return data(content.subarray(2), sentBy);
    default:
      return undefined;
  }
}

/** AARQ: version, then protocols of which the first that is 20601's own tells who asks. @param start of the first protocol */
function association(content: Uint8Array, start: number): Partial<Side> {
  const end = Math.min(content.length, start + word16(content, 6));
  for (let offset = start; offset + 4 <= end; offset += 4 + word16(content, offset + 2)) {
    if (word16(content, offset) !== DATA_PROTOCOL) continue;
    // PhdAssociationInformation: versions, encodings, nomenclature, units (together 14 bytes), type, identifier, configuration.
    const info = content.subarray(offset + 4, offset + 4 + word16(content, offset + 2));
    const idLength = word16(info, 18);
    return {
      isAgent: word32(info, 14) === SYSTEM_TYPE_AGENT,
      systemId: idLength === 8 ? systemId(info, 20) : '',
      configuration: word16(info, 20 + idLength),
    };
  }
  return {};
}

/** DataApdu: invoke id, choice, length, content. */
function data(content: Uint8Array, sentBy: 'client' | 'server'): Side | undefined {
  const choice = word16(content, 2);
  const kind = choice >>> 8;
  const operation = OPERATIONS[choice & 0xff];
  const inner = content.subarray(6, 6 + word16(content, 4));
  const isRequest = kind === INVOKE;
  if (kind < INVOKE || kind > REJECT || (kind <= RESULT && operation === undefined)) return undefined;
  const invoker = isRequest === (sentBy === 'client') ? 'client' : 'server';
  const isConfirmed = !(isRequest && UNCONFIRMED.includes(choice & 0xff));
  return {
    ...NOTHING,
    activity: 'data',
    isRequest,
    key: isConfirmed ? `${invoker} ${word16(content, 0)}` : undefined,
    sentBy,
    operation: operation ?? '',
    isRefused: kind === ERROR || kind === REJECT,
    result: kind === ERROR ? `error ${word16(inner, 0)}` : kind === REJECT ? `rejected ${word16(inner, 0)}` : '',
    ...detailsOf(choice, inner),
  };
}

const EVENT_REQUESTS = [0x0100, 0x0101];
const EVENT_RESULT = 0x0201;
const GET_RESULT = 0x0203;

function detailsOf(choice: number, inner: Uint8Array): Partial<Side> {
  if (choice === GET_RESULT) return { identity: readIdentity(inner.subarray(2)) };
  const isRequest = EVENT_REQUESTS.includes(choice);
  if (!isRequest && choice !== EVENT_RESULT) return {};
  // Both: handle, time, event type, length, information.
  const event = word16(inner, 6);
  const information = inner.subarray(10, 10 + word16(inner, 8));
  if (event !== CONFIGURATION_NOTIFICATION) return { event, operation: notificationName(event) };
  const configuration = word16(information, 0);
  if (isRequest)
    return { event, operation: 'configuration', configuration, objects: objectsOf(information.subarray(2)) };
  const result = word16(information, 2);
  return { event, isRefused: result !== 0, result: CONFIGURATION_RESULTS[result] ?? `result ${result}` };
}

const MAXIMUM_OBJECTS = 256;

/** ConfigObjectList: count, length, then class, handle and attributes of each object. */
function objectsOf(list: Uint8Array): readonly string[] {
  const classes = new Set<string>();
  const count = Math.min(word16(list, 0), MAXIMUM_OBJECTS);
  for (let index = 0, offset = 4; index < count && offset + 8 <= list.length; index++) {
    classes.add(objectClassName(word16(list, offset)));
    offset += 8 + word16(list, offset + 6);
  }
  return [...classes];
}
