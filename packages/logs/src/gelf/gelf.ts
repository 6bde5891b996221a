import { gunzipSync, inflateSync } from 'node:zlib';

/*
 * Graylog Extended Log Format: chunks of UDP (GELF payload specification, "Chunking"), compression, and the message itself.
 */

const CHUNK_MAGIC = 0x1e0f;
const CHUNK_HEADER_BYTES = 12;
const MAXIMUM_CHUNKS = 128;
/** "All chunks MUST arrive within 5 seconds." */
const CHUNK_LIFE_MS = 5000;
const MAXIMUM_MESSAGES_UNDER_WAY = 1000;

interface UnderWay {
  readonly parts: (Buffer | undefined)[];
  readonly sinceMs: number;
  missing: number;
}

/** Puts the chunks of datagrams together. Holds a bounded number of messages, each for five seconds. */
export class GelfDatagrams {
  readonly #messages = new Map<string, UnderWay>();
  readonly #maximumBytes: number;
  #lost = 0;

  /** @param maximumBytes of one message, unpacked */
  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** Messages of which a chunk was missing, or which could not be unpacked. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * @param sender address, so that senders do not mix
   * @param nowMs milliseconds of any steady clock
   * @returns the text of a message that is complete with this datagram
   */
  push(datagram: Uint8Array, sender: string, nowMs: number): string | undefined {
    const bytes = Buffer.from(datagram);
    if (bytes.length < 2 || bytes.readUInt16BE(0) !== CHUNK_MAGIC) return this.#unpack(bytes);
    this.#forget(nowMs);
    if (bytes.length <= CHUNK_HEADER_BYTES) return undefined;
    const number = bytes.readUInt8(10);
    const count = bytes.readUInt8(11);
    if (count === 0 || count > MAXIMUM_CHUNKS || number >= count) return undefined;
    const key = `${sender}/${bytes.toString('hex', 2, 10)}`;
    let message = this.#messages.get(key);
    if (message === undefined || message.parts.length !== count) {
      message = { parts: new Array<Buffer | undefined>(count).fill(undefined), sinceMs: nowMs, missing: count };
      this.#messages.set(key, message);
    }
    if (message.parts[number] === undefined) message.missing--;
    message.parts[number] = Buffer.from(bytes.subarray(CHUNK_HEADER_BYTES));
    if (message.missing > 0) return undefined;
    this.#messages.delete(key);
    return this.#unpack(Buffer.concat(message.parts.filter((part) => part !== undefined)));
  }

  #unpack(bytes: Buffer): string | undefined {
    const text = unpackGelf(bytes, this.#maximumBytes);
    if (text === undefined) this.#lost++;
    return text;
  }

  #forget(nowMs: number): void {
    for (const [key, { sinceMs }] of this.#messages) {
      if (nowMs - sinceMs <= CHUNK_LIFE_MS && this.#messages.size < MAXIMUM_MESSAGES_UNDER_WAY) return;
      this.#messages.delete(key);
      this.#lost++;
    }
  }
}

/** @returns the text of a message, plain, gzip or zlib; undefined where it cannot be unpacked or is too large */
export function unpackGelf(bytes: Uint8Array, maximumBytes: number): string | undefined {
  const options = { maxOutputLength: maximumBytes };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options).toString('utf8');
    if (bytes[0] === 0x78 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0) {
      return inflateSync(bytes, options).toString('utf8');
    }
    return bytes.length > maximumBytes ? undefined : Buffer.from(bytes).toString('utf8');
  } catch {
    return undefined;
  }
}
