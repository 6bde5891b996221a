import type { PartSink } from './multipart.ts';

const LF = 10;
const CR = 13;
const DOT = 46;

/**
 * A message that ends with a line of one dot, and whose lines that begin with a dot have one more (RFC 5321 §4.5.2, RFC 1939
 * §3): gives the message without them.
 */
export class DottedMessage {
  readonly #sink: PartSink;
  /** What the line at hand has so far: nothing, a dot, a dot and CR, or anything else. */
  #line: 'start' | 'dot' | 'dot-cr' | 'within' = 'start';

  constructor(sink: PartSink) {
    this.#sink = sink;
  }

  /** @returns bytes taken; less than all once the message has ended, and then `hasEnded` */
  push(bytes: Uint8Array): number {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#line === 'within') {
        const end = bytes.indexOf(LF, at);
        if (end < 0) break;
        at = end;
        this.#line = 'start';
      } else if (this.#line === 'start') {
        if (byte === DOT) {
          this.#give(bytes, from, at);
          from = at + 1;
          this.#line = 'dot';
        } else if (byte !== LF) this.#line = 'within';
      } else if (byte === LF) {
        this.hasEnded = true;
        this.#sink.end(true);
        return at + 1;
      } else if (this.#line === 'dot' && byte === CR) {
        from = at + 1;
        this.#line = 'dot-cr';
      } else {
        if (this.#line === 'dot-cr') this.#sink.write(CARRIAGE_RETURN);
        this.#line = 'within';
        from = at;
        at -= 1;
      }
    }
    this.#give(bytes, from, bytes.length);
    return bytes.length;
  }

  hasEnded = false;

  gap(length: number): void {
    this.#line = 'within';
    this.#sink.gap(length);
  }

  end(): void {
    if (!this.hasEnded) this.#sink.end(false);
  }

  #give(bytes: Uint8Array, from: number, to: number): void {
    if (to > from) this.#sink.write(bytes.subarray(from, to));
  }
}

const CARRIAGE_RETURN = new Uint8Array([CR]);
