import type { TelemetryRow } from '@sphinx/schema';
import {
  CaptureReader,
  createSensor,
  type InspectedFlowState,
  type InspectedPacket,
  type Inspector,
  type PacketHandler,
  type Sensor,
} from '@sphinx/wire';

type FlowRow = TelemetryRow<'network_activity'>;

/** Which flow is looked for, and when it was. */
export type WantedFlow = Pick<FlowRow, 'src_ip' | 'src_port' | 'dst_ip' | 'dst_port' | 'transport'> & {
  /** Milliseconds since the Unix epoch, of its first and last packet. */
  readonly from: number;
  readonly until: number;
};

/** Takes what belongs to the flow. */
export interface FlowTaker {
  packet?(...packet: Parameters<PacketHandler['packet']>): void;
  /** Bytes of a stream in order, or one datagram. @param isSent from who began the flow */
  bytes?(isSent: boolean, bytes: Uint8Array, timeMicros: number, isDatagram: boolean): void;
  /** Bytes that were not seen: what follows is out of context. */
  gap?(isSent: boolean): void;
}

const MICROS_PER_MS = 1000;
const PACKETS_PER_BATCH = 20_000;

/**
 * Reads packets again and hands on those of one flow, also where they are in a tunnel. Of a datagram in fragments the last
 * fragment is handed on.
 */
export class FlowReader implements Inspector {
  readonly #wanted: WantedFlow;
  readonly #taker: FlowTaker;
  readonly #sensor: Sensor;
  #isOfFlow = false;
  #timeMicros = 0;
  #packets = 0;

  constructor(wanted: WantedFlow, taker: FlowTaker) {
    this.#wanted = wanted;
    this.#taker = taker;
    this.#sensor = createSensor({ source: 'flow-reader', isSample: false, inspector: this });
  }

  /** @returns a reader of one more capture, the oldest first */
  openCapture(): CaptureReader {
    return new CaptureReader({ packet: (...packet) => this.#read(packet) });
  }

  #read(packet: Parameters<PacketHandler['packet']>): void {
    const timeMicros = packet[5];
    const { from, until } = this.#wanted;
    if (timeMicros < from * MICROS_PER_MS || timeMicros >= (until + 1) * MICROS_PER_MS) return;
    this.#isOfFlow = false;
    this.#timeMicros = timeMicros;
    this.#sensor.packet(...packet);
    if (this.#isOfFlow) this.#taker.packet?.(...packet);
    this.#packets += 1;
    if (this.#packets % PACKETS_PER_BATCH === 0) this.#sensor.takeBatch();
  }

  packet({ flow, direction, bytes, payloadOffset, payloadEnd, transportOffset }: InspectedPacket): void {
    if (flow === undefined || !this.#isWanted(flow)) return;
    this.#isOfFlow = true;
    if (flow.transport === 'tcp' || transportOffset < 0 || payloadEnd <= payloadOffset) return;
    const isSent = this.#isSent(flow, direction);
    this.#taker.bytes?.(isSent, bytes.subarray(payloadOffset, payloadEnd), this.#timeMicros, true);
  }

  stream(flow: InspectedFlowState, direction: InspectedPacket['direction'], bytes: Uint8Array): void {
    if (this.#isWanted(flow)) this.#taker.bytes?.(this.#isSent(flow, direction), bytes, this.#timeMicros, false);
  }

  gap(flow: InspectedFlowState, direction: InspectedPacket['direction']): void {
    if (this.#isWanted(flow)) this.#taker.gap?.(this.#isSent(flow, direction));
  }

  transaction(): void {}

  flowEnded(): void {}

  #isWanted({ transport, clientIp, clientPort, serverIp, serverPort }: InspectedFlowState): boolean {
    const { src_ip, src_port, dst_ip, dst_port } = this.#wanted;
    if (transport !== this.#wanted.transport) return false;
    const isSame = clientIp === src_ip && clientPort === src_port && serverIp === dst_ip && serverPort === dst_port;
    const isTurned = clientIp === dst_ip && clientPort === dst_port && serverIp === src_ip && serverPort === src_port;
    return isSame || isTurned;
  }

  #isSent({ clientIp, clientPort }: InspectedFlowState, direction: InspectedPacket['direction']): boolean {
    const { src_ip, src_port } = this.#wanted;
    return (clientIp === src_ip && clientPort === src_port) === (direction === 'to-server');
  }
}
