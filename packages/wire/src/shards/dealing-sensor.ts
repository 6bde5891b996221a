import { NO_FILES } from '../files/file-extractor.ts';
import type { Sensor, SensorBatch } from '../sensor.ts';
import { BATCH, FINISH, OVERHEARD, RingWriter, type SharedRing } from './packet-ring.ts';
import { ShardChooser } from './shard-chooser.ts';

/**
 * A sensor that looks at nothing itself: it deals packets to others, each in a thread of its own, over shared memory. Its
 * batches hold no more than how many packets there were; `batches` says which batch of the others belongs to them.
 */
export class DealingSensor implements Sensor {
  readonly #rings: readonly RingWriter[];
  readonly #chooser: ShardChooser;
  #packets = 0;
  #bytes = 0;
  #firstMicros = 0;
  #lastMicros = 0;
  /** Batches so far; their numbers begin with 1. */
  batches = 0;

  /** @param rings one per shard */
  constructor(rings: readonly SharedRing[]) {
    this.#rings = rings.map((ring) => new RingWriter(ring));
    this.#chooser = new ShardChooser(rings.length);
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    timeMicros: number,
  ): void {
    this.#packets += 1;
    this.#bytes += originalLength;
    if (this.#packets === 1) this.#firstMicros = timeMicros;
    if (timeMicros > this.#lastMicros) this.#lastMicros = timeMicros;
    const shard = this.#chooser.shardOf(bytes, offset, offset + capturedLength, linkType);
    const number = this.#packets;
    this.#rings[shard]?.packet(bytes, offset, capturedLength, originalLength, linkType, number, timeMicros);
    if (!this.#chooser.concernsAll) return;
    this.#rings.forEach((ring, other) => {
      if (other === shard) return;
      ring.packet(bytes, offset, capturedLength, originalLength, linkType, number, timeMicros, OVERHEARD);
    });
  }

  /** Lets the shards see what they were dealt: what comes in one piece is shown at its end. */
  show(): void {
    for (const ring of this.#rings) ring.show();
  }

  takeBatch(): SensorBatch {
    this.batches += 1;
    for (const ring of this.#rings) ring.mark(BATCH, this.batches);
    const statistics = {
      packets: this.#packets,
      bytes: this.#bytes,
      firstPacketMicros: this.#firstMicros,
      lastPacketMicros: this.#lastMicros,
      malformedPackets: 0,
      unsupportedPackets: 0,
      activeFlows: 0,
      flows: 0,
      recordsDropped: 0,
      reassemblyGaps: 0,
      files: NO_FILES,
      protocols: {},
    };
    return { flows: [], records: [], hosts: [], conversations: [], files: [], statistics };
  }

  finish(): void {
    for (const ring of this.#rings) ring.mark(FINISH, 0);
  }
}
