import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Password under which analysts hand hostile files to one another: it keeps nobody out, only programs from running it. */
export const SAMPLE_PASSWORD = 'infected';

/* PKWARE .ZIP File Format Specification (APPNOTE) 6.3.10. */
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
/** §4.4.3: version 2.0 is needed for encryption. */
const VERSION = 20;
/** §4.4.4: bit 0, encrypted; bit 11, names are UTF-8. */
const FLAGS = 0x0801;
/** 1980-01-01, the first day that MS-DOS dates can tell (§4.4.6). */
const FIRST_DAY = 0x0021;
/** §6.1.3. */
const ENCRYPTION_HEADER_BYTES = 12;

/**
 * Wraps a file into a zip archive under a password (traditional PKWARE encryption, §6.1), as analysts hand hostile files on: it can be
 * neither started nor found by a virus scanner by mistake. This is no secrecy: the cipher is weak and the password is known.
 *
 * @param name of the file within the archive
 * @param random 11 bytes; the same bytes give the same archive
 */
export function lockedZip(
  name: string,
  content: Uint8Array,
  password: string = SAMPLE_PASSWORD,
  random: Uint8Array = randomBytes(ENCRYPTION_HEADER_BYTES - 1),
): Buffer {
  const file = Buffer.from(name, 'utf8');
  const checksum = crc32(content);
  const body = encrypt(content, checksum, password, random);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(FLAGS, 2);
  common.writeUInt16LE(FIRST_DAY, 8);
  common.writeUInt32LE(checksum, 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([uint32(LOCAL_HEADER), common, file, body]);
  const directory = Buffer.concat([uint32(DIRECTORY_HEADER), uint16(VERSION), common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, uint32(DIRECTORY_END), end]);
}

/** §6.1.5 to §6.1.6. The last byte of the header is the highest of the checksum, so that a wrong password is noticed. */
function encrypt(content: Uint8Array, checksum: number, password: string, random: Uint8Array): Buffer {
  const keys = new Keys(password);
  const out = Buffer.alloc(ENCRYPTION_HEADER_BYTES + content.length);
  for (let at = 0; at < ENCRYPTION_HEADER_BYTES - 1; at++) out[at] = keys.encrypt(random[at] ?? 0);
  out[ENCRYPTION_HEADER_BYTES - 1] = keys.encrypt(checksum >>> 24);
  content.forEach((byte, at) => {
    out[ENCRYPTION_HEADER_BYTES + at] = keys.encrypt(byte);
  });
  return out;
}

class Keys {
  #first = 0x12345678;
  #second = 0x23456789;
  #third = 0x34567890;

  constructor(password: string) {
    for (const byte of Buffer.from(password, 'utf8')) this.#update(byte);
  }

  encrypt(byte: number): number {
    const mixed = (this.#third & 0xffff) | 2;
    const mask = (Math.imul(mixed, mixed ^ 1) >>> 8) & 0xff;
    this.#update(byte);
    return byte ^ mask;
  }

  #update(byte: number): void {
    this.#first = crcStep(this.#first, byte);
    this.#second = (Math.imul((this.#second + (this.#first & 0xff)) >>> 0, 134_775_813) + 1) >>> 0;
    this.#third = crcStep(this.#third, this.#second >>> 24);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crcStep(state: number, byte: number): number {
  return ((state >>> 8) ^ (CRC_TABLE[(state ^ byte) & 0xff] ?? 0)) >>> 0;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
