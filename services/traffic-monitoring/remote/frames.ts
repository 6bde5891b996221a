import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const LENGTH_BYTES = 4;
/** A batch of 50,000 packets is a few megabytes; whoever announces more is no sensor of ours. */
const MAXIMUM_PACKED_BYTES = 64 << 20;
const MAXIMUM_BYTES = 512 << 20;

/** @returns a value as it waits on disk and travels: deflated JSON (RFC 1951, RFC 8259) */
export function packFrame(value: unknown): Uint8Array {
  return deflateRawSync(Buffer.from(JSON.stringify(value)));
}

/** @throws Error when the bytes are no packed value or unpack into too much */
export function unpackFrame(bytes: Uint8Array): unknown {
  return JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAXIMUM_BYTES }).toString('utf8'));
}

/** Sends packed bytes behind their length. Resolves when there is room for more. */
export async function sendFrame(stream: Duplex, packed: Uint8Array): Promise<void> {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(packed.length);
  stream.write(length);
  if (!stream.write(packed) && !stream.destroyed) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
}

/** @throws Error when the other end announces too much, or stops in the middle of a frame */
export async function* readFrames(stream: Duplex): AsyncGenerator<unknown> {
  let rest = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let length = 0;
  // Whoever stops listening may still have something to say.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    parts.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    // Joined only when a frame may be whole, so that a large one is not copied again for every packet.
    const needed = rest.length >= LENGTH_BYTES ? LENGTH_BYTES + rest.readUInt32BE(0) : LENGTH_BYTES;
    if (rest.length + length < needed) continue;
    rest = Buffer.concat([rest, ...parts]);
    parts = [];
    length = 0;
    while (rest.length >= LENGTH_BYTES) {
      const frame = rest.readUInt32BE(0);
      if (frame > MAXIMUM_PACKED_BYTES) throw new Error('The other end sends more than any batch holds.');
      if (rest.length < LENGTH_BYTES + frame) break;
      yield unpackFrame(rest.subarray(LENGTH_BYTES, LENGTH_BYTES + frame));
      rest = rest.subarray(LENGTH_BYTES + frame);
    }
  }
}
