import { startsWithText } from '../bytes/text.ts';
import type { Detection, DetectionSample } from '../protocol.ts';

const START_BLOCK = 0x0b;
const HEADER_SEGMENTS = ['MSH', 'FHS', 'BHS'];

/** MLLP by content: a start block, then a header segment whose fourth character is no letter (the field separator). */
export function detectHl7({ toServer, toClient }: DetectionSample): Detection {
  const first = toServer.length > 0 ? toServer : toClient;
  if (first.length === 0) return 'undecided';
  if (first[0] !== START_BLOCK) return 'reject';
  const rest = first.subarray(1);
  const answers = HEADER_SEGMENTS.map((segment) => startsWithText(rest, segment));
  if (answers.includes('yes')) return 'match';
  return answers.includes('undecided') ? 'undecided' : 'reject';
}
