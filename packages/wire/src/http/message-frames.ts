import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { MessageHandler } from './message-stream.ts';

const LF = 10;
const CR = 13;
/** Of longer messages the beginning is shown. */
const MAXIMUM_BYTES = 100 * 1024;

/** Shows whole messages of one direction, as they were on the wire, to rules on frames. */
export class MessageFrames {
  readonly #direction: Direction;
  readonly #give: NonNullable<ParserContext['frame']>;
  readonly #message = new ByteCollector(MAXIMUM_BYTES);
  #isWhole = false;

  constructor(direction: Direction, give: NonNullable<ParserContext['frame']>) {
    this.#direction = direction;
    this.#give = give;
  }

  /** @returns a handler that does what `handler` does, and sees each message whole */
  watch(handler: MessageHandler): MessageHandler {
    let isWanted = true;
    return {
      ...handler,
      head: (head) => {
        isWanted = true;
        return handler.head(head);
      },
      body: (bytes) => {
        isWanted = isWanted && handler.body(bytes);
        return isWanted || !this.#message.isFull;
      },
      complete: (bytes, isWhole) => {
        this.#isWhole = true;
        handler.complete(bytes, isWhole);
      },
      wire: (bytes) => this.#add(bytes),
    };
  }

  /** What came of the message: no more of it will. */
  show(): void {
    const name = this.#direction === 'to-server' ? 'request' : 'response';
    if (this.#message.length > 0) this.#give(this.#direction, name, this.#message.view());
    this.#message.clear();
    this.#isWhole = false;
  }

  #add(bytes: Uint8Array): void {
    const isBetween = this.#message.length === 0 && !this.#isWhole && (bytes[0] === CR || bytes[0] === LF);
    if (isBetween && bytes.length === 1) return;
    this.#message.add(bytes);
    if (this.#isWhole) this.show();
  }
}
