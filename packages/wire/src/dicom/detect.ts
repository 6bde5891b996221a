import { word32 } from '../bytes/match.ts';
import type { Detection, DetectionSample } from '../protocol.ts';

const ASSOCIATE_REQUEST = 0x01;
const ASSOCIATE_ACCEPT = 0x02;
const DATA_TRANSFER = 0x04;
/** Fixed part of an A-ASSOCIATE PDU behind its header (PS3.8 Table 9-11). */
const MINIMUM_ASSOCIATE_LENGTH = 68;
const MAXIMUM_ASSOCIATE_LENGTH = 1 << 20;
const APPLICATION_CONTEXT_ITEM = 0x10;
const DETECTION_BYTES = 75;

/**
 * DICOM by content: an A-ASSOCIATE PDU with its version and application context (PS3.8 §9.3.2), or, picked up in the middle
 * of an association, a P-DATA-TF PDU whose first item fits into it (§9.3.5).
 */
export function detectDicom({ toServer, toClient }: DetectionSample): Detection {
  const first = toServer.length > 0 ? toServer : toClient;
  if (first.length === 0) return 'undecided';
  const [type, reserved] = first;
  const isAssociate = type === ASSOCIATE_REQUEST || type === ASSOCIATE_ACCEPT;
  if (!isAssociate && type !== DATA_TRANSFER) return 'reject';
  if (first.length > 1 && reserved !== 0) return 'reject';
  if (first.length < 12) return 'undecided';
  const length = word32(first, 2);
  if (!isAssociate) {
    const itemLength = word32(first, 6);
    const context = first[10] ?? 0;
    const isItem = itemLength >= 2 && itemLength + 4 <= length && (context & 1) === 1 && (first[11] ?? 4) <= 3;
    return isItem ? 'match' : 'reject';
  }
  if (length < MINIMUM_ASSOCIATE_LENGTH || length > MAXIMUM_ASSOCIATE_LENGTH) return 'reject';
  if ((first[6] ?? 1) !== 0 || ((first[7] ?? 0) & 1) !== 1) return 'reject';
  if (first.length < DETECTION_BYTES) return 'undecided';
  return first[74] === APPLICATION_CONTEXT_ITEM ? 'match' : 'reject';
}
