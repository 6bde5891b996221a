import type { Conversation, HostObservation } from '@sphinx/schema';
import type { FileOptions, FileRecord, FileStatistics } from './files/types.ts';
import type { Inspector } from './inspector.ts';
import type { Direction, ProtocolRecord } from './protocol.ts';

/** Totals and state of one flow, both directions. Times in microseconds since the epoch, as float64. */
export interface FlowRecord {
  /** The same for every reading of the same capture: source, time and number of the first packet. */
  readonly id: string;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly clientMac: string | undefined;
  readonly serverMac: string | undefined;
  readonly vlan: number | undefined;
  readonly transport: string;
  /** Id of the protocol room, or `unknown`. */
  readonly protocol: string;
  readonly isEncrypted: boolean;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  /** OR of the TCP flags seen. */
  readonly tcpFlagsToServer: number;
  readonly tcpFlagsToClient: number;
  readonly state: 'new' | 'established' | 'closed' | 'reset' | 'rejected' | 'one-way';
  readonly firstSeenMicros: number;
  readonly lastSeenMicros: number;
  readonly firstPacketNumber: number;
}

/** Which flow a record comes from. */
export type FlowReference = Pick<
  FlowRecord,
  | 'id'
  | 'clientIp'
  | 'serverIp'
  | 'clientPort'
  | 'serverPort'
  | 'clientMac'
  | 'serverMac'
  | 'vlan'
  | 'transport'
  | 'firstPacketNumber'
>;

/** A record with the flow that carried it. */
export interface ObservedRecord {
  readonly record: ProtocolRecord;
  readonly flow: FlowReference;
  readonly direction: Direction;
  readonly timeMicros: number;
  readonly packetNumber: number;
}

/** What a sensor gives back every so often: everything new since the last batch. */
export interface SensorBatch {
  readonly flows: readonly FlowRecord[];
  readonly records: readonly ObservedRecord[];
  /** New or changed evidence per host, duplicates folded. */
  readonly hosts: readonly HostObservation[];
  /** Conversations that are new or changed since the last batch, with totals since the start. */
  readonly conversations: readonly Conversation[];
  /** Files that crossed the wire; none where `SensorOptions.files` is absent. */
  readonly files: readonly FileRecord[];
  readonly statistics: SensorStatistics;
  /** Only of a part of a sensor: its `hosts` and `conversations` tell link addresses as they were seen. */
  readonly links?: LearnedLinks;
}

/** What a part of a sensor learned of link addresses since its last batch. */
export interface LearnedLinks {
  /** Link addresses whose frames carried an IP address that they had not carried before. */
  readonly seen: readonly (readonly [mac: string, ip: string])[];
  /** Who said that they belong together, and in which packet. */
  readonly claims: readonly { readonly ip: string; readonly mac: string; readonly packetNumber: number }[];
  /** Per host of the batch: numbers of the packets that told its link address and its VLAN. */
  readonly learnedAt: readonly (readonly [mac: number, vlan: number])[];
}

/** Counters since the start of the sensor. */
export interface SensorStatistics {
  readonly packets: number;
  readonly bytes: number;
  readonly firstPacketMicros: number;
  readonly lastPacketMicros: number;
  readonly malformedPackets: number;
  readonly unsupportedPackets: number;
  readonly activeFlows: number;
  readonly flows: number;
  readonly recordsDropped: number;
  readonly reassemblyGaps: number;
  /** Threads that looked at packets, died and were started again; absent where one thread looks at all of them. */
  readonly workerRestarts?: number | undefined;
  /** What was given up to stay within memory; absent where nothing can be. */
  readonly shed?: ShedStatistics | undefined;
  readonly files: FileStatistics;
  /** Packets and bytes per protocol room id. */
  readonly protocols: Readonly<
    Record<string, { readonly flows: number; readonly packets: number; readonly bytes: number }>
  >;
}

/** What a sensor gave up to stay within its memory, since its start. */
export interface ShedStatistics {
  /** Flows that ended early, those that nobody answers first and those of care last: later packets of them are another flow. */
  readonly flows: number;
  /** Datagrams in fragments that were not put together. */
  readonly datagrams: number;
  /** Times that a connection went on without waiting for missing bytes, or without its protocol being known. */
  readonly segments: number;
}

export interface SensorOptions {
  /** Id of the traffic source; goes into packet references. */
  readonly source: string;
  readonly isSample: boolean;
  readonly inspector?: Inspector;
  /** Traffic as it happens: connections that were closed, refused or never answered are told within seconds. */
  readonly isLive?: boolean;
  /** One of several that see the packets of a source between them; whoever joins their batches knows the rest. */
  readonly isPart?: boolean;
  /** Files are followed; absent where nobody looks at them. */
  readonly files?: FileOptions;
  /** Limits that keep memory bounded on hostile input. */
  readonly maximumFlows?: number;
  readonly maximumReassemblyBytesPerFlow?: number;
  readonly maximumReassemblyBytes?: number;
  readonly maximumFragmentBytes?: number;
}

/** Packets in, batches out. Pure: no files, no clock of its own; time is packet time. */
export interface Sensor {
  /**
   * @param bytes buffer that holds the packet; not kept after the call
   * @param linkType LINKTYPE_ value (tcpdump.org/linktypes), 1 is Ethernet
   * @param timeMicros microseconds since the epoch
   */
  packet(
    bytes: Uint8Array,
    offset: number,
    capturedLength: number,
    originalLength: number,
    linkType: number,
    timeMicros: number,
  ): void;
  /** What is new since the last call. */
  takeBatch(): SensorBatch;
  /** Ends all flows; a last `takeBatch` gives the rest. */
  finish(): void;
}

/** A sensor that sees some of the packets of its source. */
export interface SensorPart extends Sensor {
  /** The packet that comes next is the one of this number, from 1. */
  skipTo(number: number): void;
  /** A packet that another part looks at, and that may announce flows which this one sees. */
  readonly overhear: Sensor['packet'];
}
