import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/**
 * Unpacks gzip (RFC 1952) where a stream is packed, and passes on everything else as it is.
 *
 * @throws Error with code `Z_…` when packed data is damaged
 */
export async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const rest = prepend(first.value, iterator);
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) {
    yield* rest;
    return;
  }
  // The callback is there because an error of either end reaches the reader through `unpacked` itself.
  const unpacked = pipeline(Readable.from(rest), createGunzip(), () => undefined);
  yield* unpacked as AsyncIterable<Uint8Array>;
}

async function* prepend(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
