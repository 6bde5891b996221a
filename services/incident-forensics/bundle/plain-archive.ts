import { crc32 } from 'node:zlib';

/* A zip archive that compresses nothing, as `writeZip` of the platform writes it (PKWARE APPNOTE 6.3.10). */
const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_BYTES = 22;
const DIRECTORY_HEADER_BYTES = 46;
/** §4.4.2 and §4.4.3: made by UNIX, version 6.3; 2.0 is needed. */
const MADE_BY = 0x033f;
const NEEDED = 20;
/** §4.4.4: sizes follow the content; names are UTF-8. */
const FLAGS = 0x0808;
/** §4.4.6: 1980-02-01, midnight. */
const DAY = 0x0041;
/** A plain file, readable by all. */
const ATTRIBUTES = (0o100644 << 16) >>> 0;
/** Names that escape no folder; `writeZip` writes no others. */
const NAME = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** @returns files of the archive in their order; undefined where it is none of these, or is damaged */
export function readPlainArchive(bytes: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const end = bytes.length - DIRECTORY_END_BYTES;
  if (end < 0 || bytes.readUInt32LE(end) !== DIRECTORY_END) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + DIRECTORY_HEADER_BYTES > end || bytes.readUInt32LE(at) !== DIRECTORY_HEADER) return undefined;
    const size = bytes.readUInt32LE(at + 24);
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + DIRECTORY_HEADER_BYTES, at + DIRECTORY_HEADER_BYTES + nameBytes);
    const start = bytes.readUInt32LE(at + 42) + 30 + nameBytes;
    if (!NAME.test(name) || files.has(name) || start + size > end) return undefined;
    files.set(name, bytes.subarray(start, start + size));
    at += DIRECTORY_HEADER_BYTES + nameBytes + bytes.readUInt16LE(at + 30);
  }
  return files;
}

/** Whether the archive is byte for byte what these files make: nothing stands beside them. */
export function isPlainArchive(bytes: Buffer, files: ReadonlyMap<string, Buffer>): boolean {
  const directory: Buffer[] = [];
  let at = 0;
  const goesOn = (expected: Buffer) => {
    const isSame = bytes.compare(expected, 0, expected.length, at, Math.min(bytes.length, at + expected.length)) === 0;
    at += expected.length;
    return isSame;
  };
  for (const [name, content] of files) {
    const file = Buffer.from(name, 'utf8');
    const offset = at;
    const sizes = sizesOf(content);
    const head = headOf(Buffer.alloc(12), file.length);
    if (!goesOn(Buffer.concat([uint32(LOCAL_HEADER), head, file]))) return false;
    if (!goesOn(content) || !goesOn(Buffer.concat([uint32(DESCRIPTOR), sizes]))) return false;
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(ATTRIBUTES, 6);
    rest.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(MADE_BY);
    directory.push(Buffer.concat([uint32(DIRECTORY_HEADER), madeBy, headOf(sizes, file.length), rest, file]));
  }
  const start = at;
  for (const record of directory) if (!goesOn(record)) return false;
  const end = Buffer.alloc(DIRECTORY_END_BYTES);
  end.writeUInt32LE(DIRECTORY_END, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(at - start, 12);
  end.writeUInt32LE(start, 16);
  return goesOn(end) && at === bytes.length;
}

/** Version needed to length of extra fields: what header and directory have in common. */
function headOf(sizes: Buffer, nameBytes: number): Buffer {
  const head = Buffer.alloc(26);
  head.writeUInt16LE(NEEDED, 0);
  head.writeUInt16LE(FLAGS, 2);
  head.writeUInt16LE(DAY, 8);
  sizes.copy(head, 10);
  head.writeUInt16LE(nameBytes, 22);
  return head;
}

function sizesOf(content: Buffer): Buffer {
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(content), 0);
  sizes.writeUInt32LE(content.length, 4);
  sizes.writeUInt32LE(content.length, 8);
  return sizes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
