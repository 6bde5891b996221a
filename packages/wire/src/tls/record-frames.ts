import type { Direction, ParserContext } from '../protocol.ts';

const HEADER_BYTES = 5;
/** RFC 8446 §5.2, with room for what older versions add. */
const MAXIMUM_RECORD_BYTES = HEADER_BYTES + 16_384 + 2048;

/** Shows every record of a connection to rules on frames, encrypted or not (RFC 8446 §5.1). */
export class RecordFrames {
  readonly #give: NonNullable<ParserContext['frame']>;
  readonly #begun = { 'to-server': Buffer.alloc(0), 'to-client': Buffer.alloc(0) };
  #isLost = false;

  constructor(give: NonNullable<ParserContext['frame']>) {
    this.#give = give;
  }

  push(direction: Direction, bytes: Uint8Array): void {
    if (this.#isLost) return;
    let rest = Buffer.concat([this.#begun[direction], bytes]);
    while (rest.length >= HEADER_BYTES) {
      const length = HEADER_BYTES + rest.readUInt16BE(3);
      if (length > MAXIMUM_RECORD_BYTES) this.#isLost = true;
      if (this.#isLost || rest.length < length) break;
      this.#give(direction, 'hdr', rest.subarray(0, HEADER_BYTES));
      this.#give(direction, 'pdu', rest.subarray(0, length));
      this.#give(direction, 'data', rest.subarray(HEADER_BYTES, length));
      rest = rest.subarray(length);
    }
    this.#begun[direction] = this.#isLost ? Buffer.alloc(0) : rest;
  }

  /** Where the next record begins is not known any more. */
  lose(): void {
    this.#isLost = true;
  }
}
