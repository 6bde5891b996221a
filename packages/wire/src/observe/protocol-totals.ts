import type { SensorStatistics } from '../sensor.ts';

/** Flows, packets and bytes per protocol, by the id of its room. */
export class ProtocolTotals {
  readonly #totals = new Map<string, { flows: number; packets: number; bytes: number }>();

  add(protocol: string, flows: number, packets: number, bytes: number): void {
    let totals = this.#totals.get(protocol);
    if (totals === undefined) {
      totals = { flows: 0, packets: 0, bytes: 0 };
      this.#totals.set(protocol, totals);
    }
    totals.flows += flows;
    totals.packets += packets;
    totals.bytes += bytes;
  }

  copy(): SensorStatistics['protocols'] {
    return Object.fromEntries([...this.#totals].map(([id, totals]) => [id, { ...totals }]));
  }
}
