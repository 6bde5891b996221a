/** A value of DER (ITU-T X.690 §8 and §10). */
export interface DerValue {
  /** Identifier octet: class, constructed or not, number below 31. */
  readonly tag: number;
  /** With tag and length. */
  readonly raw: Buffer;
  readonly content: Buffer;
}

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  generalizedTime: 0x18,
} as const;

const LONG_LENGTH = 0x80;
const MAXIMUM_LENGTH_BYTES = 4;

/** @returns the values that stand one after the other; undefined where the bytes are no DER */
export function readDer(bytes: Uint8Array): readonly DerValue[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const values: DerValue[] = [];
  for (let at = 0; at < buffer.length; ) {
    const value = readOne(buffer, at);
    if (value === undefined) return undefined;
    values.push(value);
    at += value.raw.length;
  }
  return values;
}

function readOne(buffer: Buffer, at: number): DerValue | undefined {
  const tag = buffer[at];
  const first = buffer[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= LONG_LENGTH) {
    const count = first - LONG_LENGTH;
    // Length of no definite form, or more than fits a file.
    if (count === 0 || count > MAXIMUM_LENGTH_BYTES || start + count > buffer.length) return undefined;
    length = buffer.readUIntBE(start, count);
    start += count;
  }
  if (start + length > buffer.length) return undefined;
  return { tag, raw: buffer.subarray(at, start + length), content: buffer.subarray(start, start + length) };
}

/** @returns the values within a constructed one; empty where it is none */
export function within(value: DerValue | undefined): readonly DerValue[] {
  return value === undefined || (value.tag & 0x20) === 0 ? [] : (readDer(value.content) ?? []);
}

export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < LONG_LENGTH) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const count = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 4;
  const length = Buffer.alloc(count);
  length.writeUIntBE(content.length, 0, count);
  return Buffer.concat([Buffer.from([tag, LONG_LENGTH + count]), length, content]);
}

/** @param bytes of a number that is not negative, most significant first */
export function writeInteger(bytes: Uint8Array): Buffer {
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const plain = bytes.subarray(first);
  return writeDer(DER.integer, ((plain[0] ?? 0) & 0x80) === 0 ? plain : Buffer.concat([Buffer.from([0]), plain]));
}

/** @param dotted for example `2.16.840.1.101.3.4.2.1` */
export function writeOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return writeDer(DER.oid, Buffer.from(bytes));
}

/** @returns in dotted form; empty where the value is no object identifier */
export function readOid(value: DerValue | undefined): string {
  if (value?.tag !== DER.oid) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}
