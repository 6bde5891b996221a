import type { SensorBatch, SensorPart } from '../sensor.ts';
import { FINISH, type RingListener, RingReader, type SharedRing } from './packet-ring.ts';

/** One shard: takes its packets out of a ring and leads them to its sensor. */
export class DealtPackets implements RingListener {
  readonly #reader: RingReader;
  readonly #sensor: SensorPart;
  readonly #onBatch: (number: number, batch: SensorBatch) => void;

  /** @param onBatch told for every mark, in their order, with the number of the batch */
  constructor(ring: SharedRing, sensor: SensorPart, onBatch: (number: number, batch: SensorBatch) => void) {
    this.#reader = new RingReader(ring);
    this.#sensor = sensor;
    this.#onBatch = onBatch;
  }

  /**
   * Gives empty batches in place of those that a reader before took the mark of and did not give.
   *
   * @param given number of the last one that it gave
   */
  makeUpFor(given: number): void {
    for (let number = given + 1; number <= this.#reader.batchTaken; number++) {
      this.#onBatch(number, this.#sensor.takeBatch());
    }
  }

  /** Takes what is there. @returns whether there was anything */
  take(): boolean {
    return this.#reader.drain(this);
  }

  /** Takes what is there, and again when there is more, until its thread is ended. */
  async run(): Promise<never> {
    for (;;) {
      if (this.take()) {
        // Messages of other threads come between two stretches of packets.
        await new Promise((resolve) => setImmediate(resolve));
      } else await this.#reader.wait();
    }
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    number: number,
    timeMicros: number,
  ): void {
    this.#sensor.skipTo(number);
    this.#sensor.packet(bytes, offset, capturedLength, originalLength, linkType, timeMicros);
  }

  overheard(bytes: Uint8Array, offset: number, capturedLength: number, linkType: number, timeMicros: number): void {
    this.#sensor.overhear(bytes, offset, capturedLength, capturedLength, linkType, timeMicros);
  }

  mark(kind: number, number: number): void {
    if (kind === FINISH) this.#sensor.finish();
    else this.#onBatch(number, this.#sensor.takeBatch());
  }
}
