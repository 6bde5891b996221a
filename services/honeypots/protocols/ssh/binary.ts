// Data types of SSH (RFC 4251 §5).

const NOTHING = Buffer.alloc(0);

/** Reads a payload; what is missing reads as nothing and sets `isBroken`. */
export class SshReader {
  readonly #bytes: Buffer;
  #offset: number;
  isBroken = false;

  constructor(bytes: Buffer, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    const bytes = this.take(4);
    return bytes.length === 4 ? bytes.readUInt32BE() : 0;
  }

  uint64(): bigint {
    const bytes = this.take(8);
    return bytes.length === 8 ? bytes.readBigUInt64BE() : 0n;
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(limit = 4096): string {
    return this.string().toString('utf8').slice(0, limit);
  }

  names(): readonly string[] {
    return this.string().toString('latin1').slice(0, 8192).split(',').filter(Boolean);
  }

  rest(): Buffer {
    return this.take(this.#bytes.length - this.#offset);
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#offset) {
      this.isBroken = true;
      return NOTHING;
    }
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function sshString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A number of several words, positive (RFC 4251 §5). */
export function mpint(value: Uint8Array): Buffer {
  let start = 0;
  while (start < value.length && value[start] === 0) start += 1;
  const bytes = value.subarray(start);
  return sshString((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}
