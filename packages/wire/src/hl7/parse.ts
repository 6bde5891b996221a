import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { Hl7Conversation } from './conversation.ts';
import type { Hl7Message } from './types.ts';

const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;
/** Head of a message that is kept: headers come first, attached documents after them. */
const MAXIMUM_KEPT_BYTES = 64 * 1024;

class Frame {
  readonly #kept = new ByteCollector(MAXIMUM_KEPT_BYTES);
  length = 0;
  isOpen = false;

  open(): void {
    this.isOpen = true;
    this.length = 0;
    this.#kept.clear();
  }

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    this.#kept.add(bytes);
  }

  /** @returns the head of the message, which is then forgotten */
  close(): string {
    this.isOpen = false;
    const text = latin1(this.#kept.view());
    this.#kept.clear();
    return text;
  }
}

/** HL7 v2 over the Minimal Lower Layer Protocol: 0x0B, message, 0x1C 0x0D (HL7 v2.9 appendix C). */
export class Hl7Parser implements StreamParser {
  readonly findsWayAgain = true;
  readonly #conversation: Hl7Conversation;
  readonly #frames: Readonly<Record<Direction, Frame>> = { 'to-server': new Frame(), 'to-client': new Frame() };

  constructor(context: ParserContext<Hl7Message>) {
    this.#conversation = new Hl7Conversation(context);
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
    this.#frames[direction].close();
    return 'continue';
  }

  end(): void {}

  #close(frame: Frame, direction: Direction): void {
    this.#conversation.frame(frame.close(), frame.length, direction);
  }
}
