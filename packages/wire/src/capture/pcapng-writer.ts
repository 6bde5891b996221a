// Hot path where a packet buffer is on: one copy per packet, no allocation.

/** Blocks of draft-ietf-opsawg-pcapng §4.1 to §4.3. */
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
/** Bytes around a packet: type, length, interface, time, both lengths, length again. */
const PACKET_OVERHEAD = 32;
const INITIAL_BYTES = 64 * 1024;
const TWO_TO_32 = 2 ** 32;

/** Writes one section of a pcapng file: packets of any link type, times in microseconds. */
export class PcapngWriter {
  #buffer = Buffer.alloc(INITIAL_BYTES);
  #length = 0;
  /** Number of the interface by link type. */
  readonly #interfaces = new Map<number, number>();

  constructor() {
    this.#begin(SECTION_HEADER, 28);
    this.#write32(BYTE_ORDER_MAGIC);
    // Version 1.0; the length of the section is not known yet.
    this.#write32(1);
    this.#write32(0xffff_ffff);
    this.#write32(0xffff_ffff);
    this.#write32(28);
  }

  /** Bytes that `take` would give. */
  get length(): number {
    return this.#length;
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    timeMicros: number,
  ): void {
    const number = this.#interfaces.get(linkType) ?? this.#describe(linkType);
    const padded = (capturedLength + 3) & ~3;
    this.#begin(ENHANCED_PACKET, padded + PACKET_OVERHEAD);
    this.#write32(number);
    this.#write32(Math.floor(timeMicros / TWO_TO_32));
    this.#write32(timeMicros % TWO_TO_32);
    this.#write32(capturedLength);
    this.#write32(originalLength);
    this.#buffer.set(bytes.subarray(offset, offset + capturedLength), this.#length);
    this.#buffer.fill(0, this.#length + capturedLength, this.#length + padded);
    this.#length += padded;
    this.#write32(padded + PACKET_OVERHEAD);
  }

  /** @returns whole blocks since the last call; valid until the next packet */
  take(): Uint8Array {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #describe(linkType: number): number {
    const number = this.#interfaces.size;
    this.#interfaces.set(linkType, number);
    this.#begin(INTERFACE_DESCRIPTION, 20);
    this.#write32(linkType);
    this.#write32(0);
    this.#write32(20);
    return number;
  }

  #begin(type: number, length: number): void {
    if (this.#length + length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#length + length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#write32(type);
    this.#write32(length);
  }

  #write32(value: number): void {
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }
}
