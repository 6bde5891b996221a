import type { Detection, DetectionSample } from '../protocol.ts';
import { isMediaPacket, payloadType, sequenceNumber, source, timestamp } from './header.ts';

/** Samples of a packet by payload type where each has a length of its own (RFC 3551 §4.5): bytes that divide it. */
const FRAME_BYTES: Readonly<Record<number, number>> = { 0: 80, 3: 33, 8: 80, 9: 80, 18: 10 };
const HEADER_BYTES = 12;
const MINIMUM_BYTES = 22;
const LONGEST_AUDIO = 480;
const FIRST_UNPRIVILEGED_PORT = 1024;
/** Two seconds of the fastest usual clock: packets that follow one another are closer. */
const NEAR_TICKS = 180_000;
/** Packets that may be missing in between. */
const NEAR_NUMBERS = 4;

/**
 * Media whose session was not seen to be announced. One packet is enough where a static payload type fits the length,
 * because the header alone proves little; others need two that follow one another: the same source and payload type, the
 * next number, a time that is near.
 */
export function detectRtp({ toServer, toClient, before, clientPort, serverPort }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  const arePortsFree = clientPort >= FIRST_UNPRIVILEGED_PORT && serverPort >= FIRST_UNPRIVILEGED_PORT;
  if (!arePortsFree || bytes.length < MINIMUM_BYTES || !isMediaPacket(bytes) || source(bytes) === 0) return 'reject';
  return hasStaticFrames(bytes) || (before !== undefined && follows(before, bytes)) ? 'match' : 'reject';
}

function hasStaticFrames(bytes: Uint8Array): boolean {
  const frame = bytes[0] === 0x80 ? FRAME_BYTES[payloadType(bytes)] : undefined;
  const length = bytes.length - HEADER_BYTES;
  return frame !== undefined && length % frame === 0 && length <= LONGEST_AUDIO;
}

function follows(before: Uint8Array, bytes: Uint8Array): boolean {
  if (!isMediaPacket(before) || source(before) !== source(bytes) || payloadType(before) !== payloadType(bytes))
    return false;
  const step = (sequenceNumber(bytes) - sequenceNumber(before)) & 0xffff;
  const ticks = (timestamp(bytes) - timestamp(before)) >>> 0;
  return step >= 1 && step <= NEAR_NUMBERS && ticks <= NEAR_TICKS;
}
