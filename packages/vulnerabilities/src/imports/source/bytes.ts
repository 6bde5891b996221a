import { IMPORT_LIMITS } from '../report.ts';
import { Unreadable } from './unreadable.ts';

/** Bytes of a file as they come. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How much of a file tells what it is. */
const HEAD_BYTES = 64 * 1024;

/** The beginning of a file, and all of it. */
export interface PeekedFile {
  readonly head: Uint8Array;
  /** Once only. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export async function peek(chunks: Chunks): Promise<PeekedFile> {
  const iterator = (async function* () {
    yield* chunks;
  })();
  const first: Uint8Array[] = [];
  for (let size = 0; size < HEAD_BYTES; ) {
    const { value, done } = await iterator.next();
    if (done) break;
    first.push(value);
    size += value.length;
  }
  const whole = async function* () {
    yield* first;
    yield* iterator;
  };
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), chunks: whole() };
}

/** @throws Unreadable where the file is larger than a format that is read as a whole may be */
export async function wholeOf(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > IMPORT_LIMITS.textBytes)
      throw new Unreadable('', `is larger than ${IMPORT_LIMITS.textBytes / 1024 / 1024} MB`);
    parts.push(chunk);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/**
 * Text of a file as programs of Windows and Linux write it: UTF-8, UTF-16 with byte order mark or told by its zeros, else the
 * code page of Western Europe.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const label = encodingOf(bytes);
  const text = new TextDecoder(label).decode(bytes);
  return text.includes('\ufffd') && label === 'utf-8' ? new TextDecoder('windows-1252').decode(bytes) : text;
}

/** @returns label of the encoding that the beginning of a file shows */
export function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.subarray(0, 512).entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = Math.min(head.length, 512) / 8;
  if (odd > many && even < odd / 4) return 'utf-16le';
  return even > many && odd < even / 4 ? 'utf-16be' : 'utf-8';
}
