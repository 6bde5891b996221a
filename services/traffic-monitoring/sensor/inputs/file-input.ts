import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type DetectingFeed, decompress } from '@sphinx/wire';
import type { Input } from './input.ts';

const READ_CHUNK_BYTES = 1 << 20;

/** Reads a file from its beginning to its end, packed or not. */
export function openFile(path: string, feed: DetectingFeed): Input {
  return {
    async read(batcher, signal) {
      const { size } = await stat(path);
      const damages: string[] = [];
      let readBytes = 0;
      const fraction = () => (size === 0 ? 1 : Math.min(1, readBytes / size));
      const counted = countBytes(createReadStream(path, { highWaterMark: READ_CHUNK_BYTES }), (length) => {
        readBytes += length;
      });
      for await (const chunk of decompress(counted, (message) => damages.push(message))) {
        feed.push(chunk);
        await batcher.pace(fraction());
        if (signal.aborted) break;
      }
      // What was cut off by a stop is no fault of the file.
      const warnings = signal.aborted ? [] : feed.end();
      if (signal.aborted) feed.stop();
      await batcher.finish(signal.aborted ? fraction() : 1);
      return [...damages, ...warnings];
    },
  };
}

async function* countBytes(
  chunks: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}
