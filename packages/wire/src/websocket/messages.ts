import { constants, inflateRawSync } from 'node:zlib';
import { ByteCollector } from '../bytes/byte-collector.ts';
import { CONTINUATION, type WebSocketFrame } from './frame.ts';

/** Bytes of one message that are kept, and that its decompressed form may have. */
const MAXIMUM_MESSAGE_BYTES = 256 * 1024;
/** What a compressed message may refer back to (RFC 7692 §7.1.2). */
const WINDOW_BYTES = 32 * 1024;
/** What the sender took away at the end of each message (RFC 7692 §7.2.2). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const NOTHING = Buffer.alloc(0);

/** Puts the messages of one direction together: fragments (RFC 6455 §5.4), then permessage-deflate (RFC 7692). */
export class MessageAssembler {
  readonly #collected = new ByteCollector(MAXIMUM_MESSAGE_BYTES);
  #isCompressed = false;
  #window: Buffer = NOTHING;

  /** @param frame one of data, not of control. @returns the message that it completes, as far as it is kept */
  add(frame: WebSocketFrame): Uint8Array | undefined {
    if (frame.opcode !== CONTINUATION) {
      this.#collected.clear();
      this.#isCompressed = frame.isCompressed;
    }
    this.#collected.add(frame.payload);
    if (!frame.isFinal) return undefined;
    const message = this.#collected.view();
    this.#collected.clear();
    return this.#isCompressed ? this.#inflate(message) : message;
  }

  #inflate(message: Uint8Array): Uint8Array {
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAXIMUM_MESSAGE_BYTES };
      // A message that refers to nothing before it is not disturbed by having something there.
      const dictionary = this.#window.length > 0 ? { dictionary: this.#window } : {};
      const content = inflateRawSync(Buffer.concat([message, TAIL]), { ...options, ...dictionary });
      this.#window = Buffer.concat([this.#window, content]).subarray(-WINDOW_BYTES);
      return content;
    } catch {
      // Damaged, or larger than is looked at: what came is shown as it is.
      return message;
    }
  }
}
