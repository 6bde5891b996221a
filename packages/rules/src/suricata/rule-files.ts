import { gunzipSync } from 'node:zlib';
import { RuleError } from './rule-error.ts';

/** A file that rules are in or name: rule file, classification, list of values. */
export interface RuleFile {
  readonly name: string;
  readonly content: string;
}

/** What an archive may grow to when it is unpacked. */
const MAXIMUM_UNPACKED_BYTES = 512 * 1024 * 1024;
const TAR_BLOCK = 512;
const TAR_MAGIC_OFFSET = 257;
const TAR_REGULAR_FILE = new Set(['0', '\0']);

/**
 * Files of what rules are published as: one file, or a tar archive of many, either gzipped.
 *
 * @param name name of the file that holds `bytes`
 * @throws RuleError when it is damaged or grows beyond 512 MB
 */
export function unpackRuleFiles(name: string, bytes: Uint8Array): readonly RuleFile[] {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = isGzip ? gunzip(name, bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isTar = plain.toString('latin1', TAR_MAGIC_OFFSET, TAR_MAGIC_OFFSET + 5) === 'ustar';
  if (isTar) return readTar(plain);
  return [{ name: name.replace(/\.gz$/, ''), content: plain.toString('utf8') }];
}

function gunzip(name: string, bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAXIMUM_UNPACKED_BYTES });
  } catch (error) {
    throw new RuleError(`${name} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** POSIX ustar (IEEE Std 1003.1, pax): regular files only; links, folders and extended headers are left out. */
function readTar(archive: Buffer): readonly RuleFile[] {
  const files: RuleFile[] = [];
  for (let at = 0; at + TAR_BLOCK <= archive.length; ) {
    const text = (from: number, length: number) =>
      archive.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = text(0, 100);
    if (name === '') break;
    const size = Number.parseInt(text(124, 12), 8);
    if (!(size >= 0)) throw new RuleError('the archive is damaged');
    const prefix = text(345, 155);
    const start = at + TAR_BLOCK;
    if (TAR_REGULAR_FILE.has(archive.toString('latin1', at + 156, at + 157))) {
      const content = archive.toString('utf8', start, start + size);
      files.push({ name: prefix === '' ? name : `${prefix}/${name}`, content });
    }
    at = start + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  return files;
}

/** Files beside the rules, by what follows the last slash of their names, as rules name them. */
export function findBeside(files: readonly RuleFile[], path: string): string | undefined {
  const wanted = path.split('/').at(-1);
  return files.find(({ name }) => name.split('/').at(-1) === wanted)?.content;
}
