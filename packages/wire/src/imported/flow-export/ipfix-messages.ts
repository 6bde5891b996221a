const HEADER_BYTES = 16;
const VERSION = 10;

/** Cuts a stream (RFC 7011 §10.4) or a file (RFC 5655 §7) into IPFIX messages. */
export class IpfixMessages {
  readonly #onMessage: (message: Uint8Array) => void;
  #rest = new Uint8Array(0);
  #isDamaged = false;

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Uint8Array): void {
    if (this.#isDamaged) return;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    while (bytes.length - offset >= 4) {
      const version = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
      const length = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
      if (version !== VERSION || length < HEADER_BYTES) {
        this.#isDamaged = true;
        break;
      }
      if (bytes.length - offset < length) break;
      this.#onMessage(bytes.subarray(offset, offset + length));
      offset += length;
    }
    this.#rest = this.#isDamaged ? new Uint8Array(0) : bytes.slice(offset);
  }

  /** @returns what is wrong, in words; empty for a sound input */
  end(): readonly string[] {
    if (this.#isDamaged) return ['The IPFIX messages are damaged; everything up to the damage was read.'];
    return this.#rest.length > 0
      ? ['The input ends in the middle of an IPFIX message; everything before it was read.']
      : [];
  }
}
