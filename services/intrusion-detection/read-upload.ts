import { SphinxError } from '@sphinx/platform';

/**
 * The body of an upload, whole.
 *
 * @throws SphinxError SPX_INVALID_INPUT without one, SPX_TOO_LARGE beyond the limit
 */
export async function readUpload(request: Request, maximumBytes: number): Promise<Uint8Array> {
  if (request.body === null) throw new SphinxError('SPX_INVALID_INPUT', 'Send the file as the body of the request.');
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body) {
    length += part.length;
    if (length > maximumBytes) throw new SphinxError('SPX_TOO_LARGE', `Send at most ${maximumBytes / 1024 / 1024} MB.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
