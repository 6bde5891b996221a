import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import { seal, unseal } from '../sealing.ts';

/** A segment is a pcapng section in parts that are sealed one by one, each behind its length in four bytes. */
export const SEGMENT_ENDING = '.pcapng.sealed';
const LENGTH_BYTES = 4;
/** Parts are written when a megabyte is there; one packet has 16 megabytes at most. */
const MAXIMUM_PART_BYTES = 64 * 1024 * 1024;

/** @param index of the part in its segment: parts can neither be exchanged nor left out unnoticed, but for the last */
export function sealPart(key: Uint8Array, path: string, index: number, bytes: Uint8Array): Buffer {
  const sealed = seal(key, bytes, nameOf(path, index));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(sealed.length);
  return Buffer.concat([length, sealed]);
}

/**
 * @returns the section that was sealed; a part that is cut off, as when the program or the machine ended, is left out
 * @throws SphinxError SPX_CONFLICT where it was changed or the key is another one
 */
export async function* openSegment(key: Uint8Array, path: string): AsyncIterable<Uint8Array> {
  let rest = Buffer.alloc(0);
  let index = 0;
  for await (const chunk of createReadStream(path)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let length = lengthOf(rest, path); rest.length >= LENGTH_BYTES + length; length = lengthOf(rest, path)) {
      yield opened(key, path, index, rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      index += 1;
      rest = rest.subarray(LENGTH_BYTES + length);
    }
  }
}

function lengthOf(bytes: Buffer, path: string): number {
  if (bytes.length < LENGTH_BYTES) return Number.POSITIVE_INFINITY;
  const length = bytes.readUInt32BE(0);
  if (length > MAXIMUM_PART_BYTES) throw damaged(path);
  return length;
}

function opened(key: Uint8Array, path: string, index: number, sealed: Uint8Array): Buffer {
  try {
    return unseal(key, sealed, nameOf(path, index));
  } catch {
    throw damaged(path);
  }
}

function nameOf(path: string, index: number): string {
  return `${basename(path)}#${index}`;
}

function damaged(path: string): SphinxError {
  const reason = `${basename(path)} was changed on disk, or sealed with another key.`;
  return new SphinxError('SPX_CONFLICT', `Packets that were kept cannot be read: ${reason}`);
}
