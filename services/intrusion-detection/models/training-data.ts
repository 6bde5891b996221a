import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { formOf, readTable } from '@sphinx/learning';
import { SphinxError } from '@sphinx/platform';
import type { TrainingData } from './model-store.ts';

/** A file that unpacks to more is none of ours: the whole of NSL-KDD has 19 MB. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/**
 * Reads what is to be trained from, so that a file which is none is refused when it is given, not after minutes.
 *
 * @param bytes comma-separated flows with labels or NSL-KDD; may be gzipped
 * @param now milliseconds since the Unix epoch
 * @throws SphinxError SPX_INVALID_INPUT with line, column and what to do
 */
export function trainingDataOf(
  name: string,
  bytes: Uint8Array,
  now: number,
): { readonly about: TrainingData; readonly text: string } {
  const text = unpack(bytes).toString('utf8');
  const form = formOf('flows');
  const reading = readTable(text, form);
  if (!reading.isRead) throw new SphinxError('SPX_INVALID_INPUT', reading.problem);
  if (reading.truth === undefined) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `There is no column ${form.label}. Training needs to know which rows are attacks.`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { about: { name, sha256, bytes: bytes.length, takenAt: now }, text };
}

function unpack(bytes: Uint8Array): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: MAXIMUM_BYTES });
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', 'The file cannot be unpacked: it is cut off, damaged or too large.', {
      cause,
    });
  }
}
