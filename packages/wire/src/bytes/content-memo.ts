/** Entries are found by all of their first bytes and some of the others; afterwards all are compared. */
const FIRST_BYTES = 128;
const OTHER_BYTES = 128;

interface Entry<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
}

/**
 * Remembers what was made of bytes that come again and again, as a device says the same whenever it calls. The oldest entry
 * goes when there are too many: memory is `entries` times `longest` bytes at most, and what was made of them.
 */
export class ContentMemo<Value> {
  readonly #entries = new Map<number, Entry<Value>>();
  readonly #maximum: number;
  readonly #longest: number;

  /** @param longest bytes of an entry; longer ones are not remembered */
  constructor(entries: number, longest: number) {
    this.#maximum = entries;
    this.#longest = longest;
  }

  get(bytes: Uint8Array): Value | undefined {
    const entry = this.#entries.get(hashOf(bytes));
    return entry !== undefined && Buffer.compare(entry.bytes, bytes) === 0 ? entry.value : undefined;
  }

  set(bytes: Uint8Array, value: Value): void {
    if (bytes.length > this.#longest) return;
    if (this.#entries.size >= this.#maximum) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(hashOf(bytes), { bytes: bytes.slice(), value });
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  const { length } = bytes;
  const distance = Math.max(1, Math.ceil((length - FIRST_BYTES) / OTHER_BYTES));
  let hash = 0x811c9dc5 ^ length;
  for (let offset = 0; offset < length; offset += offset < FIRST_BYTES ? 1 : distance) {
    hash = Math.imul(hash ^ (bytes[offset] ?? 0), 0x01000193);
  }
  return hash;
}
