import { inflateRawSync } from 'node:zlib';
import { Unreadable } from './unreadable.ts';

/*
 * Files inside a ZIP archive (PKWARE APPNOTE 6.3.10, §4.3), as far as workbooks need them: stored or deflated, in one part, not
 * encrypted, without ZIP64. Sizes that an archive claims are never believed.
 */

const [END_MARK, ENTRY_MARK, LOCAL_MARK] = [0x06054b50, 0x02014b50, 0x04034b50];
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const MOST_FILES = 5000;
const MOST_FILE_BYTES = 64 * 1024 * 1024;

export interface Archive {
  readonly names: readonly string[];
  /** @returns undefined where there is no such file; @throws Unreadable where it cannot be unpacked */
  read(name: string): Uint8Array | undefined;
}

/** @returns whether a file begins as archives do */
export function isArchive(head: Uint8Array): boolean {
  return head.length >= 4 && new DataView(head.buffer, head.byteOffset).getUint32(0, true) === LOCAL_MARK;
}

/** @throws Unreadable where the bytes are no archive */
export function openArchive(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(view, bytes);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      return entry === undefined ? undefined : unpack(view, bytes, name, entry);
    },
  };
}

interface Entry {
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly packedBytes: number;
  readonly at: number;
}

function readDirectory(view: DataView, bytes: Uint8Array): ReadonlyMap<string, Entry> {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_FILES) throw new Unreadable('', `is an archive of more than ${MOST_FILES} files`);
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY_MARK) {
      throw new Unreadable('', 'is a damaged archive: its directory does not hold what it says');
    }
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    entries.set(name.replaceAll('\\', '/'), {
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MOST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END_MARK) return at;
  }
  throw new Unreadable('', 'is a damaged archive: its directory is missing. Was it copied whole?');
}

function unpack(
  view: DataView,
  bytes: Uint8Array,
  name: string,
  { isEncrypted, method, packedBytes, at }: Entry,
): Uint8Array {
  if (isEncrypted) throw new Unreadable(name, 'is protected by a password');
  if (at + 30 > bytes.length || view.getUint32(at, true) !== LOCAL_MARK)
    throw new Unreadable(name, 'is not where the archive says');
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const packed = bytes.subarray(begin, begin + packedBytes);
  if (method === 0) return packed.subarray(0, MOST_FILE_BYTES);
  if (method !== 8) throw new Unreadable(name, `is packed by method ${method}, which is not read`);
  try {
    return inflateRawSync(packed, { maxOutputLength: MOST_FILE_BYTES });
  } catch {
    throw new Unreadable(name, `cannot be unpacked: it is damaged, or larger than ${MOST_FILE_BYTES / 1024 / 1024} MB`);
  }
}
