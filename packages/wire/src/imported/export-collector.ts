import { BiflowAssembler } from './flow-export/biflow.ts';
import type { ExportMessage } from './flow-export/export-message.ts';
import { NetflowReader } from './flow-export/netflow.ts';
import { SflowReader } from './flow-export/sflow.ts';
import type { ImportingSensor } from './importing-sensor.ts';

const SFLOW_VERSION = 5;

/** Takes messages of flow exporters, whichever protocol they speak: NetFlow version 5 and 9, IPFIX, sFlow version 5. */
export class ExportCollector {
  readonly importer: ImportingSensor;
  readonly #netflow = new NetflowReader();
  readonly #sflow = new SflowReader();
  readonly #assembler: BiflowAssembler;

  constructor(importer: ImportingSensor) {
    this.importer = importer;
    this.#assembler = new BiflowAssembler(importer);
  }

  /**
   * @param bytes one datagram
   * @param exporter who sent it
   * @param receivedMicros when it came, microseconds since the epoch
   */
  message(bytes: Uint8Array, exporter: string, receivedMicros: number): void {
    const message = this.#read(bytes, exporter, receivedMicros);
    if (message === undefined) {
      this.importer.unreadable(`A datagram of ${exporter} is neither NetFlow 5, NetFlow 9, IPFIX nor sFlow 5.`);
      return;
    }
    if (message.flows.length === 0 && message.setsWithoutTemplate === 0)
      this.importer.leftOut('messages without flows');
    // What waits is given up by the clock of arrival: clocks of exporters may stand anywhere.
    for (const flow of message.flows) this.#assembler.add(flow, receivedMicros);
    this.importer.lost(message.lost);
    for (let set = 0; set < message.setsWithoutTemplate; set++) {
      this.importer.unreadable(`The template for a set of ${exporter} has not come yet; exporters repeat it.`);
    }
  }

  /** Lets one-way flows go that waited long enough for their other direction. */
  flush(nowMicros?: number): void {
    this.#assembler.flush(nowMicros);
  }

  #read(bytes: Uint8Array, exporter: string, receivedMicros: number): ExportMessage | undefined {
    const isSflow = bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === SFLOW_VERSION;
    return isSflow ? this.#sflow.message(bytes, exporter, receivedMicros) : this.#netflow.message(bytes, exporter);
  }
}
