/** Seconds that are kept: ten minutes. */
const WINDOW_SECONDS = 600;

export interface ThroughputPoint {
  /** Start of the second, milliseconds since the epoch. */
  readonly time: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Packets and bytes per second of the last ten minutes, in a ring. */
export class Throughput {
  readonly #packets = new Float64Array(WINDOW_SECONDS);
  readonly #bytes = new Float64Array(WINDOW_SECONDS);
  readonly #seconds = new Float64Array(WINDOW_SECONDS);

  add(nowMs: number, packets: number, bytes: number): void {
    const second = Math.floor(nowMs / 1000);
    const slot = second % WINDOW_SECONDS;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#packets[slot] = 0;
      this.#bytes[slot] = 0;
    }
    this.#packets[slot] = (this.#packets[slot] ?? 0) + packets;
    this.#bytes[slot] = (this.#bytes[slot] ?? 0) + bytes;
  }

  /** One point per second up to the last complete one, oldest first; silent seconds are zero. */
  series(nowMs: number, seconds: number): readonly ThroughputPoint[] {
    const last = Math.floor(nowMs / 1000) - 1;
    const count = Math.min(seconds, WINDOW_SECONDS - 1);
    return Array.from({ length: count }, (_, index) => {
      const second = last - count + 1 + index;
      const slot = second % WINDOW_SECONDS;
      const isKnown = this.#seconds[slot] === second;
      return {
        time: second * 1000,
        packets: isKnown ? (this.#packets[slot] ?? 0) : 0,
        bytes: isKnown ? (this.#bytes[slot] ?? 0) : 0,
      };
    });
  }

  /** Mean over the last `seconds` complete seconds. */
  rate(nowMs: number, seconds = 5): { packetsPerSecond: number; bitsPerSecond: number } {
    const points = this.series(nowMs, seconds);
    const packets = points.reduce((sum, point) => sum + point.packets, 0);
    const bytes = points.reduce((sum, point) => sum + point.bytes, 0);
    return { packetsPerSecond: packets / points.length, bitsPerSecond: (bytes * 8) / points.length };
  }
}
