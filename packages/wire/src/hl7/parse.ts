import { latin1 } from '../bytes/text.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { readMessage } from './message.ts';
import type { Hl7Message } from './types.ts';

const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;
/** Head of a message that is kept: headers come first, attached documents after them. */
const MAXIMUM_KEPT_BYTES = 64 * 1024;

class Frame {
  readonly #kept = new Uint8Array(MAXIMUM_KEPT_BYTES);
  #keptLength = 0;
  length = 0;
  isOpen = false;

  open(): void {
    this.isOpen = true;
    this.length = 0;
    this.#keptLength = 0;
  }

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    const taken = Math.min(bytes.length, MAXIMUM_KEPT_BYTES - this.#keptLength);
    this.#kept.set(bytes.subarray(0, taken), this.#keptLength);
    this.#keptLength += taken;
  }

  text(): string {
    return latin1(this.#kept, 0, this.#keptLength);
  }
}

/** HL7 v2 over the Minimal Lower Layer Protocol: 0x0B, message, 0x1C 0x0D (HL7 v2.9 appendix C). */
export class Hl7Parser implements StreamParser {
  readonly #context: ParserContext<Hl7Message>;
  readonly #frames: Readonly<Record<Direction, Frame>> = { 'to-server': new Frame(), 'to-client': new Frame() };

  constructor(context: ParserContext<Hl7Message>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const frame = this.#frames[direction];
    let offset = 0;
    while (offset < bytes.length) {
      if (!frame.isOpen) {
        const start = bytes.indexOf(START_BLOCK, offset);
        if (start < 0) return 'continue';
        frame.open();
        offset = start + 1;
      }
      const end = bytes.indexOf(END_BLOCK, offset);
      frame.add(bytes.subarray(offset, end < 0 ? bytes.length : end));
      if (end < 0) return 'continue';
      this.#close(frame, direction);
      offset = end + 1;
    }
    return 'continue';
  }

  /** The message with the gap is lost; the next start block begins a new one. */
  gap(direction: Direction): StreamState {
    this.#frames[direction].isOpen = false;
    return 'continue';
  }

  end(): void {}

  #close(frame: Frame, direction: Direction): void {
    frame.isOpen = false;
    const message = readMessage(frame.text(), frame.length, direction === 'to-server' ? 'client' : 'server');
    if (message !== undefined) this.#context.emit(message, direction);
  }
}
