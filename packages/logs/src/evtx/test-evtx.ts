import { crc32 } from 'node:zlib';

/* Event logs made by hand, for tests: one template with a value of a chosen type in each `Data`. */

export interface TestValue {
  readonly name: string;
  readonly type: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

const CHUNK_BYTES = 65_536;

export const utf16 = (text: string) => Buffer.from(text, 'utf16le');
export const uint16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
export const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
export const uint64 = (value: bigint) => Buffer.from(BigUint64Array.of(value).buffer);

/** Bytes that know where in the chunk they will stand, since names are told by their place. */
class Writer {
  readonly parts: Buffer<ArrayBuffer>[] = [];
  at: number;

  constructor(at: number) {
    this.at = at;
  }

  push(...parts: readonly Buffer<ArrayBuffer>[]): this {
    for (const part of parts) {
      this.parts.push(part);
      this.at += part.length;
    }
    return this;
  }

  /** A name, standing right here. */
  name(text: string): this {
    return this.push(uint32(this.at + 4), uint32(0), uint16(0), uint16(text.length), utf16(text), uint16(0));
  }

  get bytes(): Buffer<ArrayBuffer> {
    return Buffer.concat(this.parts);
  }
}

const byte = (...values: readonly number[]) => Buffer.from(values);
const text = (value: string) => Buffer.concat([byte(0x05, 0x01), uint16(value.length), utf16(value)]);
const substitution = (index: number, type: number) => Buffer.concat([byte(0x0e), uint16(index), byte(type)]);

/** `<Event><System><Provider Name="Test"/><EventID>1</EventID><Channel>…</Channel></System><EventData>…` at `start`. */
function templateBody(start: number, channel: string, values: readonly TestValue[]): Buffer<ArrayBuffer> {
  const writer = new Writer(start);
  const open = (name: string, hasAttributes = false) => {
    writer.push(byte(hasAttributes ? 0x41 : 0x01), uint16(0xffff), uint32(0)).name(name);
    if (hasAttributes) writer.push(uint32(0));
  };
  const attribute = (name: string, value: string) => writer.push(byte(0x06)).name(name).push(text(value));
  writer.push(byte(0x0f, 1, 1, 0));
  open('Event');
  writer.push(byte(0x02));
  open('System');
  writer.push(byte(0x02));
  open('Provider', true);
  attribute('Name', 'Test');
  writer.push(byte(0x03));
  open('EventID');
  writer.push(byte(0x02), text('1'), byte(0x04));
  open('Channel');
  writer.push(byte(0x02), text(channel), byte(0x04), byte(0x04));
  open('EventData');
  writer.push(byte(0x02));
  values.forEach(({ name, type }, index) => {
    open('Data', name !== '');
    if (name !== '') attribute('Name', name);
    writer.push(byte(0x02), substitution(index, type), byte(0x04));
  });
  return writer.push(byte(0x04, 0x04, 0x00)).bytes;
}

function record(
  id: number,
  start: number,
  templateAt: number | undefined,
  channel: string,
  values: readonly TestValue[],
): Buffer {
  const instanceAt = start + 24 + 4;
  const definitionAt = templateAt ?? instanceAt + 10;
  const parts = [byte(0x0f, 1, 1, 0), byte(0x0c, 1), uint32(1), uint32(definitionAt)];
  if (templateAt === undefined) {
    const body = templateBody(definitionAt + 24, channel, values);
    parts.push(uint32(0), Buffer.alloc(16), uint32(body.length), body);
  }
  parts.push(
    uint32(values.length),
    ...values.map(({ bytes, type }) => Buffer.concat([uint16(bytes.length), byte(type, 0)])),
  );
  parts.push(...values.map(({ bytes }) => bytes));
  const binXml = Buffer.concat(parts);
  const size = Math.ceil((24 + binXml.length + 4) / 8) * 8;
  const filetime = (BigInt(id) + 11_644_473_600n + 1_700_000_000n) * 10_000_000n;
  const head = Buffer.concat([Buffer.from('2a2a0000', 'hex'), uint32(size), uint64(BigInt(id)), uint64(filetime)]);
  return Buffer.concat([head, binXml, Buffer.alloc(size - 28 - binXml.length), uint32(size)]);
}

/** A chunk with these records; all but the first refer to the template of the first. */
export function buildChunk(
  records: readonly (readonly TestValue[])[],
  channel = 'Test/Channel',
  firstId = 1,
): Buffer<ArrayBuffer> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let at = 512;
  let last = at;
  records.forEach((values, index) => {
    const bytes = record(firstId + index, at, index === 0 ? undefined : 512 + 24 + 4 + 10, channel, values);
    bytes.copy(chunk, at);
    last = at;
    at += bytes.length;
  });
  chunk.write('ElfChnk\0', 0, 'latin1');
  chunk.writeUInt32LE(128, 40);
  chunk.writeUInt32LE(last, 44);
  chunk.writeUInt32LE(at, 48);
  chunk.writeUInt32LE(crc32(chunk.subarray(512, at)), 52);
  return sealHeader(chunk);
}

/** Puts the checksum of a chunk's header right. */
export function sealHeader(chunk: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124);
  return chunk;
}

export function buildEvtx(chunks: readonly Buffer[], flags = 0): Buffer {
  const header = Buffer.alloc(4096);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(4096, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(flags, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks]);
}
