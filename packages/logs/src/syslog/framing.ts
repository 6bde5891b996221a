/*
 * Where one message of syslog ends on a connection: octet counting (RFC 6587 §3.4.1, RFC 5425 §4.3), or a line feed or NUL behind each
 * (RFC 6587 §3.4.2). Told message by message, as senders do mix them.
 */

const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** Digits of a length; RFC 5425 has no limit, and no message of 10 MB is one. */
const LONGEST_LENGTH_DIGITS = 7;

/** Cuts the bytes of one connection into messages. Holds at most one message of the longest length. */
export class SyslogFraming {
  readonly #maximumBytes: number;
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes of a message that is too long, still to be passed over; −1: up to the next line feed. */
  #passOver = 0;
  #truncated = 0;

  /** @param maximumBytes of one message; the rest of a longer one is left out and counted */
  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** Messages that were cut. */
  get truncated(): number {
    return this.#truncated;
  }

  /** @returns the messages that end in these bytes, in order */
  push(bytes: Uint8Array): Buffer[] {
    let buffer: Buffer = this.#pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#pending, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      buffer = this.#skip(buffer);
      if (buffer.length === 0) break;
      const taken = this.#takeOne(buffer);
      if (taken === undefined) break;
      if (taken.message.length > 0) messages.push(taken.message);
      buffer = buffer.subarray(taken.used);
    }
    // A copy, so that a large chunk is not held for a few bytes of it.
    this.#pending = Buffer.from(buffer);
    return messages;
  }

  /** @returns what came behind the last end of a message, when the connection closes */
  end(): Buffer[] {
    const rest = this.#passOver === 0 ? trimmed(this.#pending) : Buffer.alloc(0);
    this.#pending = Buffer.alloc(0);
    return rest.length === 0 ? [] : [rest];
  }

  #skip(buffer: Buffer): Buffer {
    if (this.#passOver > 0) {
      const used = Math.min(this.#passOver, buffer.length);
      this.#passOver -= used;
      return buffer.subarray(used);
    }
    if (this.#passOver === 0) return buffer;
    const end = endOfLine(buffer);
    if (end < 0) return buffer.subarray(buffer.length);
    this.#passOver = 0;
    return buffer.subarray(end + 1);
  }

  #takeOne(buffer: Buffer): { readonly message: Buffer; readonly used: number } | undefined {
    const counted = countedLength(buffer);
    if (counted === 'unknown') return undefined;
    if (counted !== undefined) {
      const { length, start } = counted;
      const taken = Math.min(length, this.#maximumBytes);
      if (buffer.length < start + taken) return undefined;
      if (taken < length) {
        this.#truncated++;
        this.#passOver = length - taken;
      }
      return { message: trimmed(Buffer.from(buffer.subarray(start, start + taken))), used: start + taken };
    }
    const end = endOfLine(buffer);
    if (end >= 0 && end <= this.#maximumBytes) {
      return { message: trimmed(Buffer.from(buffer.subarray(0, end))), used: end + 1 };
    }
    if (end < 0 && buffer.length <= this.#maximumBytes) return undefined;
    this.#truncated++;
    if (end < 0) this.#passOver = -1;
    return {
      message: Buffer.from(buffer.subarray(0, this.#maximumBytes)),
      used: end < 0 ? buffer.length : end + 1,
    };
  }
}

/** @returns undefined where no length stands there, `unknown` where more bytes are needed to tell */
function countedLength(buffer: Buffer): { readonly length: number; readonly start: number } | 'unknown' | undefined {
  const first = buffer[0] ?? 0;
  if (first < 0x31 || first > 0x39) return undefined;
  let at = 0;
  while (at < buffer.length && at <= LONGEST_LENGTH_DIGITS && isDigit(buffer[at] ?? 0)) at++;
  if (at === buffer.length && at <= LONGEST_LENGTH_DIGITS) return 'unknown';
  if (at > LONGEST_LENGTH_DIGITS || buffer[at] !== SPACE) return undefined;
  // A line may begin with a number: only a message of syslog or of another form that begins as one does follows a length.
  const next = buffer[at + 1];
  if (next === undefined) return 'unknown';
  if (next !== 0x3c && next !== 0x7b) return undefined;
  return { length: Number(buffer.toString('latin1', 0, at)), start: at + 1 };
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function endOfLine(buffer: Buffer): number {
  const lineFeed = buffer.indexOf(LINE_FEED);
  const nul = buffer.indexOf(0);
  if (nul < 0) return lineFeed;
  return lineFeed < 0 ? nul : Math.min(lineFeed, nul);
}

function trimmed(message: Buffer): Buffer {
  let end = message.length;
  while (end > 0 && [0x0a, 0x0d, 0].includes(message[end - 1] ?? 1)) end--;
  return message.subarray(0, end);
}
