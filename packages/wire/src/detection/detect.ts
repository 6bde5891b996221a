import type { DetectionSample, Protocol } from '../protocol.ts';

/** Bytes of each direction that detection may look at. */
export const SAMPLE_BYTES = 512;
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** What rooms look at. One object for all flows. */
export class Sample implements DetectionSample {
  transport: 'tcp' | 'udp' = 'tcp';
  clientPort = 0;
  serverPort = 0;
  toServer: Uint8Array = NO_BYTES;
  toClient: Uint8Array = NO_BYTES;
  before: Uint8Array | undefined = undefined;
  /** Where the starts of streams are put together that came in several pieces. */
  readonly startToServer: Uint8Array = new Uint8Array(SAMPLE_BYTES);
  readonly startToClient: Uint8Array = new Uint8Array(SAMPLE_BYTES);
}

export interface DetectionResult {
  readonly protocol: Protocol | undefined;
  /** Rooms that need more bytes to tell. */
  readonly undecided: readonly Protocol[];
}

const NOBODY: readonly Protocol[] = [];
const UNKNOWN: DetectionResult = { protocol: undefined, undecided: NOBODY };

/** @returns the first room that knows its protocol in the sample */
export function detectProtocol(rooms: readonly Protocol[], sample: DetectionSample): DetectionResult {
  let undecided: Protocol[] | undefined;
  for (const protocol of rooms) {
    const detection = protocol.detect(sample);
    if (detection === 'match') return { protocol, undecided: NOBODY };
    if (detection === 'reject') continue;
    undecided ??= [];
    undecided.push(protocol);
  }
  if (undecided === undefined) return UNKNOWN;
  return { protocol: undefined, undecided: undecided.length === rooms.length ? rooms : undecided };
}

/** @returns as many of the first bytes as detection may look at */
export function sampleOf(bytes: Uint8Array): Uint8Array {
  return bytes.length <= SAMPLE_BYTES ? bytes : bytes.subarray(0, SAMPLE_BYTES);
}
