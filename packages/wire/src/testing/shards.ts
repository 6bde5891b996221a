import { createSensorPart } from '../create-sensor.ts';
import type { Sensor, SensorBatch, SensorOptions } from '../sensor.ts';
import { DealingSensor } from '../shards/dealing-sensor.ts';
import { DealtPackets } from '../shards/dealt-packets.ts';
import { JoinedBatches, type PartBatch } from '../shards/joined-batches.ts';
import { createSharedRing } from '../shards/packet-ring.ts';

/** Packets that surely fit into a ring between two turns of the shards. */
const PACKETS_PER_TURN = 8;

/** Shards in one thread that take turns, as one sensor: what they say must not depend on how many there are. */
export class ShardsByTurns implements Sensor {
  readonly #dealing: DealingSensor;
  readonly #shards: readonly DealtPackets[];
  readonly #joined: JoinedBatches;
  readonly #parts: PartBatch[] = [];
  #packets = 0;

  constructor(options: SensorOptions, shards: number) {
    const rings = Array.from({ length: shards }, () => createSharedRing());
    this.#dealing = new DealingSensor(rings);
    this.#joined = new JoinedBatches(options.source, options.isSample);
    this.#shards = rings.map(
      (ring, run) => new DealtPackets(ring, createSensorPart(options), (_, batch) => this.#parts.push({ run, batch })),
    );
  }

  packet(...packet: Parameters<Sensor['packet']>): void {
    this.#dealing.packet(...packet);
    this.#packets += 1;
    if (this.#packets % PACKETS_PER_TURN === 0) this.#turn();
  }

  takeBatch(): SensorBatch {
    const dealt = this.#dealing.takeBatch();
    this.#turn();
    return this.#joined.join(dealt, this.#parts.splice(0));
  }

  finish(): void {
    this.#dealing.finish();
    this.#turn();
  }

  #turn(): void {
    this.#dealing.show();
    for (const shard of this.#shards) shard.take();
  }
}
