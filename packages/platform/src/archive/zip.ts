import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';

/** Bounds of what an archive may unpack to: a few kilobytes can promise terabytes. */
export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together. */
  readonly unpackedBytes: number;
}

export interface ZipEntry {
  /** As the archive has it, with `/` between folders; never absolute, never with `..`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Content, which ends with an error where it is not as the archive promises. */
  open(): Promise<Readable>;
}

/**
 * Reads the entries of a zip archive on the disk one after another; folders are passed over. Sizes that the archive promises are
 * judged before anything is unpacked, and held to while it is.
 *
 * @throws Error with what is wrong with the archive
 */
export async function* readZip(path: string, limits: ZipLimits): AsyncGenerator<ZipEntry> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  let unpacked = 0;
  let entries = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      entries += 1;
      unpacked += entry.uncompressedSize;
      if (entries > limits.entries) throw new Error(`it holds more than ${limits.entries} files`);
      if (unpacked > limits.unpackedBytes) {
        throw new Error(`it unpacks to more than ${Math.round(limits.unpackedBytes / 1024 / 1024)} MB`);
      }
      if (entry.isEncrypted()) throw new Error(`${entry.fileName} is encrypted`);
      yield {
        name: entry.fileName,
        sizeBytes: entry.uncompressedSize,
        open: async () => {
          const content = await zip.openReadStreamPromise(entry);
          // Unpacking begins at once. What is damaged is told to who begins to read later, and ends no program until then.
          return content.on('error', (error) => content.destroy(error));
        },
      };
    }
  } finally {
    zip.close();
  }
}

/** A file that goes into an archive: on the disk, or its content. */
export type NewZipEntry =
  | { readonly name: string; readonly path: string; readonly isCompressed?: boolean }
  | { readonly name: string; readonly content: Uint8Array };

/**
 * Writes a zip archive. The same entries give the same bytes, whenever and wherever it is written.
 *
 * @throws Error of the file system
 */
export async function writeZip(path: string, entries: Iterable<NewZipEntry>, signal?: AbortSignal): Promise<void> {
  const zip = new ZipFile();
  // Archives tell local time: a midnight is the same bytes in every time zone. Not their first one, which is before it elsewhere.
  const time = { mtime: new Date(1980, 1, 1), forceDosTimestamp: true };
  for (const entry of entries) {
    if ('content' in entry) zip.addBuffer(Buffer.from(entry.content), entry.name, time);
    else zip.addFile(entry.path, entry.name, { ...time, mode: 0o100644, compress: entry.isCompressed !== true });
  }
  zip.end();
  const output = createWriteStream(path, { mode: 0o600 });
  await pipeline(zip.outputStream, output, ...(signal === undefined ? [] : [{ signal }]));
}
