import type { DatagramInspection } from '../detection/datagram-inspection.ts';
import type { StreamInspection } from '../detection/stream-inspection.ts';
import type { InspectedFlowState } from '../inspector.ts';
import type { CountedFlow } from '../observe/conversation-observer.ts';
import type { Protocol } from '../protocol.ts';
import { type FlowTable, HIGHER, LOWER, type Side } from './flow-table.ts';
import { ACK, SYN } from './transport-header.ts';

/** Who the two ends of a flow are, told by its first packet. */
export interface FlowEnds {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: string;
  readonly vlan: number | undefined;
  readonly clientMac: string | undefined;
  readonly serverMac: string | undefined;
  readonly firstPacketNumber: number;
}

/** One flow: what there is beside its counters, which are in the table under `slot`. */
export class Flow implements InspectedFlowState {
  readonly slot: number;
  readonly clientSide: Side;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: string;
  readonly vlan: number | undefined;
  readonly firstPacketNumber: number;
  clientMac: string | undefined;
  serverMac: string | undefined;
  room: Protocol | undefined;
  inspection: StreamInspection | DatagramInspection | undefined;
  /** Nothing more is wanted of its payload. */
  isInspectionOver = false;
  id: string | undefined;
  /** What its conversation knows of it already. */
  readonly counted: CountedFlow = { bytesToServer: 0, bytesToClient: 0, packets: 0, key: undefined };
  isDirty = false;
  notes: unknown;
  readonly #table: FlowTable;

  constructor(table: FlowTable, slot: number, ends: FlowEnds) {
    this.#table = table;
    this.slot = slot;
    this.clientSide = table.isLowerClient[slot] === 1 ? LOWER : HIGHER;
    this.clientIp = ends.clientIp;
    this.serverIp = ends.serverIp;
    this.clientPort = ends.clientPort;
    this.serverPort = ends.serverPort;
    this.transport = ends.transport;
    this.vlan = ends.vlan;
    this.firstPacketNumber = ends.firstPacketNumber;
    this.clientMac = ends.clientMac;
    this.serverMac = ends.serverMac;
  }

  get serverSide(): Side {
    return this.clientSide === LOWER ? HIGHER : LOWER;
  }

  get protocol(): string | undefined {
    return this.room?.id;
  }

  get packetsToServer(): number {
    return this.#table.packets[this.clientSide][this.slot] ?? 0;
  }

  get packetsToClient(): number {
    return this.#table.packets[this.serverSide][this.slot] ?? 0;
  }

  /** Time of its last packet, microseconds since the epoch. */
  get lastMicros(): number {
    return this.#table.lastMicros[this.slot] ?? 0;
  }

  get isEstablished(): boolean {
    const table = this.#table;
    const { slot, clientSide, serverSide } = this;
    if (this.transport !== 'tcp') return this.packetsToServer > 0 && this.packetsToClient > 0;
    if (table.hasSentData[LOWER][slot] === 1 && table.hasSentData[HIGHER][slot] === 1) return true;
    const fromClient = table.flags[clientSide][slot] ?? 0;
    const fromServer = table.flags[serverSide][slot] ?? 0;
    return (fromClient & (SYN | ACK)) === (SYN | ACK) && (fromServer & (SYN | ACK)) === (SYN | ACK);
  }
}
