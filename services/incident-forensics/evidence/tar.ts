import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const BLOCK = 512;
const MAXIMUM_NAMES = 200_000;
const MAXIMUM_BYTES = 16 * 1024 ** 3;

/**
 * @returns names of the files in a tar archive (POSIX.1-2001, ustar), gzipped or not; undefined where it is none. Reads headers only
 * @throws Error where the compressed bytes are damaged
 */
export async function listTar(path: string): Promise<readonly string[] | undefined> {
  const raw = createReadStream(path);
  const isGzip = await beginsWithGzip(path);
  const stream = isGzip ? raw.pipe(createGunzip()) : raw;
  const names: string[] = [];
  let rest = Buffer.alloc(0);
  let skip = 0;
  let total = 0;
  for await (const chunk of stream) {
    let bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    total += (chunk as Buffer).length;
    if (total > MAXIMUM_BYTES) break;
    for (;;) {
      const skipped = Math.min(skip, bytes.length);
      bytes = bytes.subarray(skipped);
      skip -= skipped;
      if (skip > 0 || bytes.length < BLOCK) break;
      const header = bytes.subarray(0, BLOCK);
      bytes = bytes.subarray(BLOCK);
      if (header.every((byte) => byte === 0)) continue;
      const entry = readHeader(header);
      if (entry === undefined) {
        raw.destroy();
        return names.length === 0 ? undefined : names;
      }
      if (entry.isFile && names.length < MAXIMUM_NAMES) names.push(entry.name);
      skip = Math.ceil(entry.size / BLOCK) * BLOCK;
    }
    rest = Buffer.from(bytes);
  }
  return names.length === 0 ? undefined : names;
}

/** A header whose checksum fits. */
function readHeader(
  header: Buffer,
): { readonly name: string; readonly size: number; readonly isFile: boolean } | undefined {
  const text = (start: number, length: number) => {
    const field = header.subarray(start, start + length);
    const end = field.indexOf(0);
    return field.subarray(0, end === -1 ? length : end).toString('utf8');
  };
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(148, 8).trim(), 8) !== sum) return undefined;
  const size = Number.parseInt(text(124, 12).trim() || '0', 8);
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  const prefix = text(345, 155);
  const type = text(156, 1);
  return {
    name: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size,
    isFile: type === '' || type === '0',
  };
}

async function beginsWithGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: 1 })) {
    return (chunk as Buffer)[0] === 0x1f && (chunk as Buffer)[1] === 0x8b;
  }
  return false;
}
