import type { Detection, DetectionSample } from '../protocol.ts';

const STX = 0x02;
const EOT = 0x04;
const ENQ = 0x05;
const ACK = 0x06;
const NAK = 0x15;
const CONTROLS = new Set([EOT, ENQ, ACK, NAK]);
/** Bids and refusals that may come before the first frame. */
const MAXIMUM_CONTROLS = 16;
const LETTER_H = 0x48;

/** A frame whose first record is a header: whoever bids for the line may be either end of the connection. */
export function detectAstm({ toServer, toClient }: DetectionSample): Detection {
  const answers = [toServer, toClient].filter((bytes) => bytes.length > 0).map(detectSide);
  if (answers.includes('match')) return 'match';
  return answers.includes('reject') ? 'reject' : 'undecided';
}

function detectSide(bytes: Uint8Array): Detection {
  const start = bytes.findIndex((byte) => !CONTROLS.has(byte));
  if (start < 0) return bytes.length <= MAXIMUM_CONTROLS ? 'undecided' : 'reject';
  const [first, number = 0x31, type = LETTER_H, delimiter = 0x7c] = bytes.subarray(start);
  const isFrame = first === STX && number >= 0x30 && number <= 0x37 && type === LETTER_H && !isAlphanumeric(delimiter);
  if (!isFrame || start > MAXIMUM_CONTROLS) return 'reject';
  return bytes.length - start >= 4 ? 'match' : 'undecided';
}

function isAlphanumeric(byte: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}
