import { createGunzip } from 'node:zlib';
import { CaptureFormatError } from './capture-reader.ts';

/** Packed bytes that are unpacked at a time: they become at most a thousand times as many. */
const PIECE_BYTES = 16 * 1024;
const MAGIC = [0x1f, 0x8b];

/**
 * Unpacks gzip (RFC 1952) where a stream is packed, and passes on everything else as it is.
 *
 * @param onDamage told, in words, where packed data is damaged or cut off: everything before the damage was passed on
 * @throws CaptureFormatError when packed data is damaged from its beginning
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  onDamage: (message: string) => void,
): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await firstBytes(iterator);
  const rest = prepend(first, iterator);
  if (MAGIC.some((byte, index) => first[index] !== byte)) yield* rest;
  else yield* unpack(rest, onDamage);
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  while (bytes.length < MAGIC.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* prepend(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Written piece by piece, since a stream that fails forgets what it had unpacked and nobody had read yet. */
async function* unpack(
  chunks: AsyncIterable<Uint8Array>,
  onDamage: (message: string) => void,
): AsyncIterable<Uint8Array> {
  const unpacker = new Unpacker();
  let hasUnpacked = false;
  const take = function* () {
    for (const bytes of unpacker.unpacked.splice(0)) {
      hasUnpacked = true;
      yield bytes;
    }
  };
  try {
    for await (const chunk of chunks) {
      for (let offset = 0; offset < chunk.length && unpacker.state === 'open'; offset += PIECE_BYTES) {
        await unpacker.write(chunk.subarray(offset, offset + PIECE_BYTES));
        yield* take();
      }
      if (unpacker.state !== 'open') break;
    }
    await unpacker.end();
    yield* take();
  } finally {
    unpacker.destroy();
  }
  if (unpacker.state !== 'damaged') return;
  if (!hasUnpacked) throw new CaptureFormatError('The gzip file is damaged from its beginning; nothing can be read.');
  onDamage('The gzip file is damaged or was cut off; everything before that was read.');
}

/** Gunzip that is fed one piece after the other. Bytes behind the packed data are left alone, as gzip does. */
class Unpacker {
  readonly unpacked: Uint8Array[] = [];
  state: 'open' | 'ended' | 'damaged' = 'open';
  readonly #gunzip = createGunzip();
  /** Whoever waits for the piece at hand: the stream says in three ways that it is done with it. */
  #isDone = () => {};

  constructor() {
    this.#gunzip.on('data', (bytes: Uint8Array) => this.unpacked.push(bytes));
    this.#gunzip.on('end', () => this.#leave('ended'));
    this.#gunzip.on('error', () => this.#leave('damaged'));
  }

  async write(piece: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#isDone = resolve;
      this.#gunzip.write(piece, () => resolve());
    });
  }

  async end(): Promise<void> {
    if (this.state !== 'open') return;
    await new Promise<void>((resolve) => {
      this.#isDone = resolve;
      this.#gunzip.end();
    });
  }

  destroy(): void {
    this.#gunzip.destroy();
  }

  #leave(state: 'ended' | 'damaged'): void {
    this.state = state;
    this.#isDone();
  }
}
