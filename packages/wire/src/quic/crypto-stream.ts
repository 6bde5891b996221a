import { ByteCursor } from '../bytes/byte-cursor.ts';
import { readVariable } from './packet.ts';

const MAXIMUM_BYTES = 32 * 1024;
const MAXIMUM_FRAGMENTS = 64;
const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_ECN = 0x03;
const CRYPTO = 0x06;
/** In T050 and T051 of Google; of others, no stream may be in an Initial packet (RFC 9000 §12.4). */
const GOOGLE_CRYPTO = 0x08;
/** Type and length in front of a handshake message (RFC 8446 §4). */
const HANDSHAKE_HEADER = 4;

/** What one end says in CRYPTO frames (RFC 9000 §19.6), put in order; a hello may come in many pieces. */
export class CryptoStream {
  readonly #fragments = new Map<number, Uint8Array>();
  #bytes = 0;

  /** Takes the CRYPTO frames of one packet; other frames of Initial packets are passed over (RFC 9000 §12.4). */
  add(frames: Uint8Array): void {
    const cursor = new ByteCursor(frames);
    while (cursor.remaining > 0 && !cursor.isBroken) {
      switch (cursor.uint8()) {
        case PADDING:
        case PING:
          break;
        case ACK:
          skipAcknowledgement(cursor, false);
          break;
        case ACK_ECN:
          skipAcknowledgement(cursor, true);
          break;
        case CRYPTO:
        case GOOGLE_CRYPTO: {
          const offset = readVariable(cursor);
          const data = cursor.slice(readVariable(cursor));
          if (!cursor.isBroken) this.#keep(offset, data);
          break;
        }
        default:
          return;
      }
    }
  }

  /** @returns body of the first handshake message once all of it has come. @param type RFC 8446 §4 */
  firstMessage(type: number): Uint8Array | undefined {
    const bytes = this.#inOrder();
    const length = ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    const isWhole = bytes.length >= HANDSHAKE_HEADER && bytes.length >= HANDSHAKE_HEADER + length;
    return bytes[0] === type && isWhole ? bytes.subarray(HANDSHAKE_HEADER, HANDSHAKE_HEADER + length) : undefined;
  }

  #keep(offset: number, data: Uint8Array): void {
    const known = this.#fragments.get(offset);
    if (known !== undefined && known.length >= data.length) return;
    const isTooMuch = this.#bytes + data.length > MAXIMUM_BYTES || this.#fragments.size >= MAXIMUM_FRAGMENTS;
    if (isTooMuch || offset > MAXIMUM_BYTES) return;
    this.#fragments.set(offset, data.slice());
    this.#bytes += data.length;
  }

  #inOrder(): Uint8Array {
    const sorted = [...this.#fragments].sort(([a], [b]) => a - b);
    const parts: Uint8Array[] = [];
    let end = 0;
    for (const [offset, data] of sorted) {
      if (offset > end) break;
      if (offset + data.length <= end) continue;
      parts.push(data.subarray(end - offset));
      end = offset + data.length;
    }
    return parts.length === 1 ? (parts[0] ?? new Uint8Array(0)) : new Uint8Array(Buffer.concat(parts));
  }
}

/** Largest, delay, ranges, first range, then gap and length of each; and three counters (RFC 9000 §19.3). */
function skipAcknowledgement(cursor: ByteCursor, hasCounters: boolean): void {
  readVariable(cursor);
  readVariable(cursor);
  const ranges = Math.min(readVariable(cursor), cursor.remaining);
  const values = 1 + 2 * ranges + (hasCounters ? 3 : 0);
  for (let index = 0; index < values && !cursor.isBroken; index++) readVariable(cursor);
}
