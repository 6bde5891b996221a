import type { DatagramInspection } from '../detection/datagram-inspection.ts';
import type { StreamInspection } from '../detection/stream-inspection.ts';
import type { FlowFiles } from '../files/flow-files.ts';
import type { InspectedFlowState } from '../inspector.ts';
import type { ConversingFlow, ObservedConversation } from '../observe/conversation-observer.ts';
import type { EvidencePlaces } from '../observe/evidence-places.ts';
import type { Packet } from '../packet.ts';
import type { Protocol } from '../protocol.ts';
import type { FlowRecord, FlowReference } from '../sensor.ts';
import type { Address, AddressBook } from './address-book.ts';
import { flowState, transportName } from './flow-state.ts';
import { type FlowTable, HIGHER, LOWER, type Side } from './flow-table.ts';
import { ACK, SYN } from './transport-header.ts';

/** One flow: what there is beside its counters, which are in the table under `slot`. */
export class Flow implements InspectedFlowState, ConversingFlow {
  readonly slot: number;
  readonly clientSide: Side;
  readonly client: Address;
  readonly server: Address;
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
  /** Files that cross it; made when a room asks for the first. */
  files: FlowFiles | undefined;
  /** How records refer to it; made when the first one does. */
  reference: FlowReference | undefined;
  /** Where evidence of its last record was read. */
  evidencePlaces: EvidencePlaces | undefined;
  /** What was added to its conversation already. */
  conversation: ObservedConversation | undefined;
  isDirty = false;
  notes: unknown;
  readonly #table: FlowTable;

  /** @param isFromClient the packet that begins the flow comes from its client */
  constructor(table: FlowTable, slot: number, packet: Packet, isFromClient: boolean, addresses: AddressBook) {
    this.#table = table;
    this.slot = slot;
    this.clientSide = table.isLowerClient[slot] === 1 ? LOWER : HIGHER;
    const { ip, frame, transport, bytes } = packet;
    const { version, source0, source1, source2, source3 } = ip;
    const { destination0, destination1, destination2, destination3 } = ip;
    const { sourceMacOffset, destinationMacOffset, vlan } = frame;
    const source = addresses.address(version, source0, source1, source2, source3);
    const destination = addresses.address(version, destination0, destination1, destination2, destination3);
    const sourceMac = sourceMacOffset < 0 ? undefined : addresses.linkAddress(bytes, sourceMacOffset);
    const destinationMac = destinationMacOffset < 0 ? undefined : addresses.linkAddress(bytes, destinationMacOffset);
    this.client = isFromClient ? source : destination;
    this.server = isFromClient ? destination : source;
    this.clientPort = isFromClient ? transport.sourcePort : transport.destinationPort;
    this.serverPort = isFromClient ? transport.destinationPort : transport.sourcePort;
    this.clientMac = isFromClient ? sourceMac : destinationMac;
    this.serverMac = isFromClient ? destinationMac : sourceMac;
    this.transport = transportName(ip.protocol);
    this.vlan = vlan < 0 ? undefined : vlan;
    this.firstPacketNumber = packet.number;
  }

  get serverSide(): Side {
    return this.clientSide === LOWER ? HIGHER : LOWER;
  }

  get clientIp(): string {
    return this.client.text;
  }

  get serverIp(): string {
    return this.server.text;
  }

  get protocol(): string | undefined {
    return this.room?.id;
  }

  get isEncrypted(): boolean {
    return this.room?.isEncrypted ?? false;
  }

  get packetsToServer(): number {
    return this.#table.packets[this.clientSide][this.slot] ?? 0;
  }

  get packetsToClient(): number {
    return this.#table.packets[this.serverSide][this.slot] ?? 0;
  }

  get bytesToServer(): number {
    return this.#table.bytes[this.clientSide][this.slot] ?? 0;
  }

  get bytesToClient(): number {
    return this.#table.bytes[this.serverSide][this.slot] ?? 0;
  }

  get tcpFlagsToServer(): number {
    return this.#table.flags[this.clientSide][this.slot] ?? 0;
  }

  get tcpFlagsToClient(): number {
    return this.#table.flags[this.serverSide][this.slot] ?? 0;
  }

  get reportedBytesToServer(): number {
    return this.#table.reportedBytes[this.clientSide][this.slot] ?? 0;
  }

  set reportedBytesToServer(bytes: number) {
    this.#table.reportedBytes[this.clientSide][this.slot] = bytes;
  }

  get reportedBytesToClient(): number {
    return this.#table.reportedBytes[this.serverSide][this.slot] ?? 0;
  }

  set reportedBytesToClient(bytes: number) {
    this.#table.reportedBytes[this.serverSide][this.slot] = bytes;
  }

  get reportedPackets(): number {
    return this.#table.reportedPackets[this.slot] ?? 0;
  }

  set reportedPackets(packets: number) {
    this.#table.reportedPackets[this.slot] = packets;
  }

  /** Time of its first packet, microseconds since the epoch. */
  get firstMicros(): number {
    return this.#table.firstMicros[this.slot] ?? 0;
  }

  /** Time of its last packet, microseconds since the epoch. */
  get lastMicros(): number {
    return this.#table.lastMicros[this.slot] ?? 0;
  }

  get lastPacketNumber(): number {
    return this.#table.lastPacket[this.slot] ?? 0;
  }

  get state(): FlowRecord['state'] {
    return flowState(this);
  }

  get isEstablished(): boolean {
    if (this.transport !== 'tcp') return this.packetsToServer > 0 && this.packetsToClient > 0;
    const { hasSentData } = this.#table;
    if (hasSentData[LOWER][this.slot] === 1 && hasSentData[HIGHER][this.slot] === 1) return true;
    const handshake = SYN | ACK;
    return (this.tcpFlagsToServer & handshake) === handshake && (this.tcpFlagsToClient & handshake) === handshake;
  }
}
