import { ByteCollector } from '../bytes/byte-collector.ts';
import { HEADER_BYTES } from './link-frame.ts';

const FIN = 0x80;
const FIR = 0x40;
const SEQUENCE = 0x3f;
/** A message may have 63 segments of 255 octets: sequence numbers then begin anew (IEEE 1815 §8.2.2). */
const MAXIMUM_BYTES = 63 * 255;

/** Puts the segments of one direction together (IEEE 1815 §8.2). */
export class Segments {
  #bytes: ByteCollector | undefined;
  #whole: Uint8Array = new Uint8Array(0);
  readonly #first = new Uint8Array(HEADER_BYTES);
  #sequence = -1;

  /**
   * @param segment octet of the transport function and what follows; valid during the call only
   * @param frame that carried it
   */
  add(segment: Uint8Array, frame: Uint8Array): 'more' | 'complete' | 'too-long' | 'ignored' {
    const [header = 0] = segment;
    const data = segment.subarray(1);
    if ((header & FIR) !== 0) {
      this.#first.set(frame.subarray(0, HEADER_BYTES));
      this.#bytes?.clear();
      if ((header & FIN) !== 0) {
        this.#sequence = -1;
        this.#whole = data;
        return 'complete';
      }
    } else if (this.#sequence < 0 || ((this.#sequence + 1) & SEQUENCE) !== (header & SEQUENCE)) {
      this.#sequence = -1;
      return 'ignored';
    }
    this.#sequence = header & SEQUENCE;
    this.#bytes ??= new ByteCollector(MAXIMUM_BYTES);
    if (this.#bytes.length + data.length > MAXIMUM_BYTES) {
      this.#sequence = -1;
      this.#bytes.clear();
      return 'too-long';
    }
    this.#bytes.add(data);
    if ((header & FIN) === 0) return 'more';
    this.#sequence = -1;
    this.#whole = this.#bytes.view();
    return 'complete';
  }

  /** @returns what is complete; valid until the next segment */
  message(): Uint8Array {
    return this.#whole;
  }

  /** @returns header of the frame that began it */
  firstFrame(): Uint8Array {
    return this.#first;
  }
}
