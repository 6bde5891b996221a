import { CaptureReader, type Sensor, type SensorBatch } from '@sphinx/wire';
import { PacketBuffer, type PacketBufferTask } from '../buffer/packet-buffer.ts';
import type { BatchSource } from './batcher.ts';

const NOTHING_LOST = { lost: 0, unreadable: 0 } as const;

/** One sensor that several streams of packets may feed, one after the other or at the same time. */
export class PacketFeed implements BatchSource {
  readonly losses = NOTHING_LOST;
  readonly #sensor: Sensor;
  readonly #buffer: PacketBuffer | undefined;
  #packets = 0;

  /**
   * @param buffer where packets are kept; absent where they are not
   * @param tellProblem see `PacketBuffer`
   */
  constructor(sensor: Sensor, buffer: PacketBufferTask | undefined, tellProblem: (problem: string) => void) {
    this.#sensor = sensor;
    this.#buffer = buffer === undefined ? undefined : new PacketBuffer(buffer, tellProblem);
  }

  get entries(): number {
    return this.#packets;
  }

  packet(...packet: Parameters<Sensor['packet']>): void {
    this.#packets += 1;
    this.#buffer?.packet(...packet);
    this.#sensor.packet(...packet);
  }

  /** @returns a reader of one more capture */
  openCapture(): CaptureReader {
    return new CaptureReader({ packet: (...packet) => this.packet(...packet) });
  }

  takeBatch(): SensorBatch {
    this.#buffer?.flush();
    return this.#sensor.takeBatch();
  }

  finish(): void {
    this.#buffer?.close();
    this.#sensor.finish();
  }
}
