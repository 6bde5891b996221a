import { ByteCursor } from '../bytes/byte-cursor.ts';
import { hasBytes, word16 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { Detection, DetectionSample, ProtocolRecord } from '../protocol.ts';

const HEADER_BYTES = 20;
const MAGIC_COOKIE = [0x21, 0x12, 0xa4, 0x42];
const SOFTWARE = 0x8022;
const ERROR_CODE = 0x0009;
const PORT = 3478;
const MAXIMUM_ATTRIBUTES = 32;

/** RFC 8489 §18.2, RFC 8656 §17. */
const METHODS: Readonly<Record<number, string>> = {
  1: 'binding',
  2: 'shared-secret',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create-permission',
  9: 'channel-bind',
  10: 'connect',
  11: 'connection-bind',
  12: 'connection-attempt',
  128: 'google-ping',
};
const CLASSES = ['request', 'indication', 'success', 'error'] as const;

/** A request with its answer, or an indication, which wants none. */
export interface StunRecord extends ProtocolRecord {
  readonly protocol: 'stun';
  readonly activity: 'transaction' | 'indication';
  readonly method: string;
  readonly outcome: Outcome | undefined;
  /** Of the server. */
  readonly software: string;
  /** Error code of a refusal; 0 otherwise. */
  readonly error: number;
  readonly durationMs: number | undefined;
}

interface StunMessage {
  readonly class: (typeof CLASSES)[number];
  readonly method: string;
  /** An answer has that of its request, hexadecimal. */
  readonly transaction: string;
  readonly software: string;
  /** Error code of an error; 0 otherwise. */
  readonly error: number;
}

/** RFC 8489 §5: method and class lie interleaved in fourteen bits. */
function parseStun(message: Uint8Array): StunMessage | undefined {
  const type = word16(message, 0);
  const method = METHODS[(type & 0x000f) | ((type & 0x00e0) >>> 1) | ((type & 0x3e00) >>> 2)];
  if (type > 0x3fff || method === undefined || message.length < HEADER_BYTES) return undefined;
  const facts = readAttributes(message);
  if (facts === undefined) return undefined;
  return {
    class: CLASSES[((type & 0x0010) >>> 4) | ((type & 0x0100) >>> 7)] ?? 'request',
    method,
    transaction: Buffer.from(message.subarray(8, 20)).toString('hex'),
    ...facts,
  };
}

/** @returns undefined where the attributes do not fill the message */
function readAttributes(message: Uint8Array): Pick<StunMessage, 'software' | 'error'> | undefined {
  const cursor = new ByteCursor(message, HEADER_BYTES);
  let software = '';
  let error = 0;
  for (let count = 0; cursor.remaining >= 4 && count < MAXIMUM_ATTRIBUTES; count++) {
    const type = cursor.uint16();
    const length = cursor.uint16();
    const value = cursor.slice(length);
    cursor.skip(Math.min((4 - (length % 4)) % 4, cursor.remaining));
    if (cursor.isBroken) return undefined;
    if (type === SOFTWARE) software = cleanText(latin1(value), 128);
    else if (type === ERROR_CODE) error = ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0);
  }
  return cursor.remaining > 0 && cursor.remaining < 4 ? undefined : { software, error };
}

/** The cookie decides; classic STUN (RFC 3489) has none, so its port and its attributes must agree. */
function recognise(message: Uint8Array, { serverPort, clientPort }: DetectionSample): Detection {
  const body = withoutFrame(message);
  if (hasBytes(body, MAGIC_COOKIE, 4)) return 'match';
  const isAtHome = serverPort === PORT || clientPort === PORT;
  const type = word16(body, 0);
  const isClassic = type === 0x0001 || type === 0x0101 || type === 0x0111 || type === 0x0002;
  if (!isClassic || parseStun(body) === undefined) return 'reject';
  return isAtHome || body.length > HEADER_BYTES ? 'match' : 'reject';
}

/** ICE over TCP puts the length in front (RFC 4571 §2). */
function withoutFrame(message: Uint8Array): Uint8Array {
  return hasBytes(message, MAGIC_COOKIE, 6) && !hasBytes(message, MAGIC_COOKIE, 4) ? message.subarray(2) : message;
}

function messageLength(header: Uint8Array): number | 'more' | undefined {
  if (hasBytes(header, MAGIC_COOKIE, 6)) {
    return word16(header, 0) === word16(header, 4) + HEADER_BYTES ? word16(header, 0) + 2 : undefined;
  }
  const length = word16(header, 2);
  const isChannelData = (header[0] ?? 0) >= 0x40 && (header[0] ?? 0) <= 0x4f;
  if (isChannelData) return 4 + Math.ceil(length / 4) * 4;
  return (header[0] ?? 255) < 0x40 && length % 4 === 0 ? length + HEADER_BYTES : undefined;
}

function join(request: StunMessage | undefined, answer: StunMessage | undefined, durationMs?: number): StunRecord {
  const message = request ?? answer;
  const isIndication = message?.class === 'indication';
  const outcome = answer === undefined ? 'unanswered' : answer.class === 'error' ? 'failure' : 'success';
  return {
    protocol: 'stun',
    activity: isIndication ? 'indication' : 'transaction',
    method: message?.method ?? '',
    outcome: isIndication ? undefined : outcome,
    software: answer?.software ?? '',
    error: answer?.error ?? 0,
    durationMs,
  };
}

export const stun = defineFramedRoom<StunRecord>({
  id: 'stun',
  title: 'STUN and TURN',
  standards: [
    'RFC 8489 §5 (message), §14 (attributes)',
    'RFC 8656 (TURN)',
    'RFC 3489 §11 (classic)',
    'RFC 4571 §2 (framing)',
  ],
  transports: ['udp', 'tcp'],
  usualPorts: [PORT, 5349, 19302],
  headerBytes: HEADER_BYTES,
  maximumBytes: 1500,
  messageLength,
  recognise,
  createReader: pairingReader<StunMessage, StunRecord>({
    parse: (message) => parseStun(withoutFrame(message)),
    isRequest: (message) => message.class === 'request' || message.class === 'indication',
    keyOf: (message) => (message.class === 'indication' ? undefined : message.transaction),
    join,
  }),
  evidence: ({ software }) => draft('stun.software', software, 'server'),
});
