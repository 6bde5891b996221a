/** Joins numbers (one byte each), Latin-1 text and bytes. */
export function join(...parts: readonly (number | string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from([part]);
      return typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
    }),
  );
}

/** Big endian, as most of the internet has it. */
export function u16(value: number): Buffer {
  return Buffer.from([(value >>> 8) & 255, value & 255]);
}

export function u24(value: number): Buffer {
  return Buffer.from([(value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Little endian. */
export function le16(value: number): Buffer {
  return Buffer.from([value & 255, (value >>> 8) & 255]);
}

export function le32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A length of so many bytes in front of what it counts. */
export function counted(lengthBytes: 1 | 2 | 3, ...parts: readonly (number | string | Uint8Array)[]): Buffer {
  const body = join(...parts);
  const length =
    lengthBytes === 1 ? Buffer.from([body.length & 255]) : lengthBytes === 2 ? u16(body.length) : u24(body.length);
  return Buffer.concat([length, body]);
}
