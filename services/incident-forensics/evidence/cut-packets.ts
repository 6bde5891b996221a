import { CaptureReader, createSensor, type InspectedPacket, type Inspector, PcapngWriter } from '@sphinx/wire';

const MICROS_PER_MS = 1000;
const PACKETS_PER_BATCH = 20_000;

/** Which packets are cut out. */
export interface WantedPackets {
  /** Both ends are among these, or one is and the other is outside. */
  readonly addresses: ReadonlySet<string>;
  /** Milliseconds since the Unix epoch, both included. */
  readonly from: number;
  readonly until: number;
  readonly maximumBytes: number;
}

/** What was cut out. */
export interface CutPackets {
  /** A pcapng file; undefined where no packet fits. */
  readonly content: Uint8Array | undefined;
  readonly packets: number;
  /** There were more than fit. */
  readonly isCut: boolean;
}

/** Cuts the packets of a few hosts and a time out of a capture. Reads it once and holds what it cuts. */
export async function cutPackets(capture: AsyncIterable<Uint8Array>, wanted: WantedPackets): Promise<CutPackets> {
  const cutter = new PacketCutter(wanted);
  const reader = new CaptureReader({ packet: (...packet) => cutter.read(packet) });
  for await (const chunk of capture) {
    reader.push(chunk);
    if (cutter.isFull) break;
  }
  return cutter.result();
}

/** Sees the addresses of each packet as the sensor does, tunnels included. */
class PacketCutter implements Inspector {
  readonly #wanted: WantedPackets;
  readonly #writer = new PcapngWriter();
  readonly #sensor = createSensor({ source: 'packet-cutter', isSample: false, inspector: this });
  #fits = false;
  #read = 0;
  #written = 0;
  isFull = false;

  constructor(wanted: WantedPackets) {
    this.#wanted = wanted;
  }

  read(packet: Parameters<PcapngWriter['packet']>): void {
    const { from, until, maximumBytes } = this.#wanted;
    const timeMicros = packet[5];
    if (this.isFull || timeMicros < from * MICROS_PER_MS || timeMicros > (until + 1) * MICROS_PER_MS) return;
    this.#fits = false;
    this.#sensor.packet(...packet);
    if (this.#fits) {
      this.#writer.packet(...packet);
      this.#written += 1;
      this.isFull = this.#writer.length > maximumBytes;
    }
    this.#read += 1;
    if (this.#read % PACKETS_PER_BATCH === 0) this.#sensor.takeBatch();
  }

  packet({ flow }: InspectedPacket): void {
    if (flow === undefined) return;
    const { addresses } = this.#wanted;
    if (addresses.has(flow.clientIp) && addresses.has(flow.serverIp)) this.#fits = true;
  }

  stream(): void {}

  transaction(): void {}

  flowEnded(): void {}

  result(): CutPackets {
    const content = this.#written === 0 ? undefined : Buffer.from(this.#writer.take());
    return { content, packets: this.#written, isCut: this.isFull };
  }
}
