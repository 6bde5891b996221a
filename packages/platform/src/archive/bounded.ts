import { Transform, type TransformCallback } from 'node:stream';

/**
 * Lets bytes through up to a bound, for what is unpacked: a stream that grows beyond ends with an error.
 *
 * @param what stands at the beginning of the message: `cve.json.gz`
 */
export function boundedStream(maximumBytes: number, what: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes <= maximumBytes) done(null, chunk);
      else done(new Error(`${what} unpacks to more than ${Math.round(maximumBytes / 1024 / 1024)} MB`));
    },
  });
}
