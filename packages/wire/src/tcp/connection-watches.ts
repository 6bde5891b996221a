import type { StreamEvent } from '@sphinx/schema';
import type { InspectedFlowState, InspectedPacket } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { SegmentHead } from './segment-head.ts';

/** Looks how the connections of a sensor open, talk and close: only where somebody asks, as it takes memory for each of them. */
export class ConnectionWatches {
  readonly #watches = new Map<InspectedFlowState, ConnectionWatch>();
  readonly #head = new SegmentHead();
  #events: StreamEvent[] = [];
  readonly #tell = (event: StreamEvent): void => {
    if (!this.#events.includes(event)) this.#events.push(event);
  };

  /** A packet of a connection, before its payload is put in order. */
  packet(packet: InspectedPacket): void {
    const { flow } = packet;
    if (flow?.transport !== 'tcp' || !this.#head.read(packet)) return;
    let watch = this.#watches.get(flow);
    if (watch === undefined) {
      // Looked at from its first packet on, or not at all.
      if (flow.packetsToServer + flow.packetsToClient > 1) return;
      watch = new ConnectionWatch();
      this.#watches.set(flow, watch);
    }
    watch.segment(this.#head, this.#tell);
  }

  /** Bytes were given up as lost. @param next sequence number behind them */
  gap(flow: InspectedFlowState, direction: Direction, next: number): void {
    // What the receiver has got and acknowledged was not seen; the rest may never have been sent.
    if (this.#watches.get(flow)?.hasAcknowledged(direction === 'to-server', next) === true)
      this.#tell('reassembly_seq_gap');
  }

  /** @returns what was irregular since the last call */
  take(): readonly StreamEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  flowEnded(flow: InspectedFlowState): void {
    this.#watches.delete(flow);
  }
}
