import type { DatagramInspection } from '../detection/datagram-inspection.ts';
import type { StreamInspection } from '../detection/stream-inspection.ts';
import type { FlowFiles } from '../files/flow-files.ts';
import type { InspectedFlowState } from '../inspector.ts';
import type { ConversingFlow, ObservedConversation } from '../observe/conversation-observer.ts';
import type { EvidencePlaces } from '../observe/evidence-places.ts';
import type { Packet } from '../packet.ts';
import type { Protocol } from '../protocol.ts';
import type { FlowRecord, FlowReference } from '../sensor.ts';
import type { Retransmissions } from '../tcp/retransmissions.ts';
import type { Address, AddressBook } from './address-book.ts';
import { flowState, transportName } from './flow-state.ts';
import { type FlowTable, HIGHER, LOWER, type Side } from './flow-table.ts';
import { ACK, SYN } from './transport-header.ts';

const PORT_BITS = 16;
const PORT_MASK = 0xffff;
const TRANSPORT_MASK = 0xff;
const VLAN_SHIFT = 8;
const VLAN_MASK = 0x1fff;
const CLIENT_IS_HIGHER = 1 << 21;
const INSPECTION_IS_OVER = 1 << 22;
const IS_DIRTY = 1 << 23;

/** What most flows never have. */
class Findings {
  files: FlowFiles | undefined;
  reference: FlowReference | undefined;
  retransmissions: Retransmissions | undefined;
  evidencePlaces: EvidencePlaces | undefined;
  notes: unknown;
}

/**
 * One flow: what there is beside its counters, which are in the table under `slot`. There may be a million of them: small
 * numbers share a field, and what few flows have is in an object of its own.
 */
export class Flow implements InspectedFlowState, ConversingFlow {
  readonly slot: number;
  readonly client: Address;
  readonly server: Address;
  readonly firstPacketNumber: number;
  clientMac: string | undefined;
  serverMac: string | undefined;
  room: Protocol | undefined;
  inspection: StreamInspection | DatagramInspection | undefined;
  /** What was added to its conversation already. */
  conversation: ObservedConversation | undefined;
  readonly #table: FlowTable;
  /** The client's above the server's, as a signed number, which takes no memory of its own. */
  readonly #ports: number;
  /** Transport, VLAN and what is either so or not. */
  #facts: number;
  #findings: Findings | undefined;

  /** @param isFromClient the packet that begins the flow comes from its client */
  constructor(table: FlowTable, slot: number, packet: Packet, isFromClient: boolean, addresses: AddressBook) {
    this.#table = table;
    this.slot = slot;
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
    const clientPort = isFromClient ? transport.sourcePort : transport.destinationPort;
    const serverPort = isFromClient ? transport.destinationPort : transport.sourcePort;
    this.#ports = (clientPort << PORT_BITS) | serverPort;
    this.clientMac = isFromClient ? sourceMac : destinationMac;
    this.serverMac = isFromClient ? destinationMac : sourceMac;
    const clientIsHigher = table.isLowerClient[slot] === 1 ? 0 : CLIENT_IS_HIGHER;
    this.#facts = ip.protocol | ((vlan + 1) << VLAN_SHIFT) | clientIsHigher;
    this.firstPacketNumber = packet.number;
  }

  get clientSide(): Side {
    return (this.#facts & CLIENT_IS_HIGHER) === 0 ? LOWER : HIGHER;
  }

  get serverSide(): Side {
    return this.clientSide === LOWER ? HIGHER : LOWER;
  }

  get clientPort(): number {
    return this.#ports >>> PORT_BITS;
  }

  get serverPort(): number {
    return this.#ports & PORT_MASK;
  }

  get transport(): string {
    return transportName(this.#facts & TRANSPORT_MASK);
  }

  get vlan(): number | undefined {
    const vlan = ((this.#facts >>> VLAN_SHIFT) & VLAN_MASK) - 1;
    return vlan < 0 ? undefined : vlan;
  }

  /** Nothing more is wanted of its payload. */
  get isInspectionOver(): boolean {
    return (this.#facts & INSPECTION_IS_OVER) !== 0;
  }

  set isInspectionOver(isOver: boolean) {
    this.#facts = isOver ? this.#facts | INSPECTION_IS_OVER : this.#facts & ~INSPECTION_IS_OVER;
  }

  /** It has grown since the last batch. */
  get isDirty(): boolean {
    return (this.#facts & IS_DIRTY) !== 0;
  }

  set isDirty(isDirty: boolean) {
    this.#facts = isDirty ? this.#facts | IS_DIRTY : this.#facts & ~IS_DIRTY;
  }

  /** Files that cross it; made when a room asks for the first. */
  get files(): FlowFiles | undefined {
    return this.#findings?.files;
  }

  set files(files: FlowFiles | undefined) {
    this.#found().files = files;
  }

  /** How records refer to it; made when the first one does. */
  get reference(): FlowReference | undefined {
    return this.#findings?.reference;
  }

  set reference(reference: FlowReference | undefined) {
    if (reference !== undefined || this.#findings !== undefined) this.#found().reference = reference;
  }

  /** Segments that came again; made with the first. */
  get retransmissions(): Retransmissions | undefined {
    return this.#findings?.retransmissions;
  }

  set retransmissions(retransmissions: Retransmissions | undefined) {
    this.#found().retransmissions = retransmissions;
  }

  /** Where evidence of its last record was read. */
  get evidencePlaces(): EvidencePlaces | undefined {
    return this.#findings?.evidencePlaces;
  }

  set evidencePlaces(places: EvidencePlaces | undefined) {
    this.#found().evidencePlaces = places;
  }

  get notes(): unknown {
    return this.#findings?.notes;
  }

  set notes(notes: unknown) {
    if (notes !== undefined || this.#findings !== undefined) this.#found().notes = notes;
  }

  #found(): Findings {
    this.#findings ??= new Findings();
    return this.#findings;
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
