import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { variableInteger } from './variable-integer.ts';

/** Fixed header with the longest remaining length (MQTT 5 §2.1). */
const MAXIMUM_HEADER = 5;

/** Cuts one direction into control packets. */
export class MqttPacketCutter {
  readonly #take: (packet: Uint8Array, length: number) => void;
  readonly #maximumBytes: number;
  readonly #bytes: ByteCollector;
  /** Of the packet at hand; 0 while its header is not whole. */
  #length = 0;
  #skip = 0;

  /**
   * @param maximumBytes of a packet that are read; what is beyond is skipped
   * @param take gets each packet, valid during the call only, and how long it is as a whole
   */
  constructor(maximumBytes: number, take: (packet: Uint8Array, length: number) => void) {
    this.#maximumBytes = maximumBytes;
    this.#take = take;
    this.#bytes = new ByteCollector(maximumBytes);
  }

  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; ) {
      const skipped = Math.min(this.#skip, bytes.length - offset);
      this.#skip -= skipped;
      offset += skipped;
      if (offset < bytes.length) offset += this.#collect(bytes, offset);
    }
  }

  /** @returns false where what was lost was more than the rest of a packet that nobody reads */
  gap(length: number): boolean {
    if (length > this.#skip) return false;
    this.#skip -= length;
    return true;
  }

  /** @returns bytes that need not be pushed, once: they are taken as seen */
  takeSkippable(): number {
    const skip = this.#skip;
    this.#skip = 0;
    return skip;
  }

  #collect(bytes: Uint8Array, offset: number): number {
    const wanted = this.#length === 0 ? this.#bytes.length + 1 : Math.min(this.#length, this.#maximumBytes);
    const taken = Math.min(wanted - this.#bytes.length, bytes.length - offset);
    this.#bytes.add(bytes.subarray(offset, offset + taken));
    if (this.#length === 0) this.#length = packetLength(this.#bytes.view());
    if (this.#length > 0 && this.#bytes.length >= Math.min(this.#length, this.#maximumBytes)) this.#packet();
    return taken;
  }

  #packet(): void {
    const length = this.#length;
    this.#skip = length - this.#bytes.length;
    this.#length = 0;
    this.#take(this.#bytes.view(), length);
    this.#bytes.clear();
  }
}

/** @returns bytes of the packet with its header; 0 while the header is not whole */
function packetLength(begun: Uint8Array): number {
  const isWhole = begun.length > 1 && ((begun.at(-1) ?? 0) < 0x80 || begun.length === MAXIMUM_HEADER);
  return isWhole ? begun.length + variableInteger(new ByteCursor(begun, 1)) : 0;
}
