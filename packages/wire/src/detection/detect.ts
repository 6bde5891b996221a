import type { DetectionSample, Protocol } from '../protocol.ts';

/** Bytes of each direction that detection may look at. */
export const SAMPLE_BYTES = 512;

export interface DetectionResult {
  readonly protocol: Protocol | undefined;
  /** Rooms that need more bytes to tell. */
  readonly undecided: readonly Protocol[];
}

/** @returns the first room that knows its protocol in the sample */
export function detectProtocol(rooms: readonly Protocol[], sample: DetectionSample): DetectionResult {
  const undecided: Protocol[] = [];
  for (const protocol of rooms) {
    const detection = protocol.detect(sample);
    if (detection === 'match') return { protocol, undecided };
    if (detection === 'undecided') undecided.push(protocol);
  }
  return { protocol: undefined, undecided };
}
