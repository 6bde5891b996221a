import type { Direction, EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import type { FlowRecord } from '../sensor.ts';

/** The ends of a flow that another sensor saw. */
export interface ImportedEnds {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** `tcp`, `udp`, `icmp` … */
  readonly transport: string;
  readonly clientMac?: string;
  readonly serverMac?: string;
  readonly vlan?: number;
  /** The other sensor's own name of the flow (`flow_id` of Suricata, `uid` of Zeek), which its records repeat. */
  readonly uid?: string;
}

/** A flow that another sensor has counted. Times in microseconds since the epoch. */
export interface ImportedFlow extends ImportedEnds {
  /** Id of the protocol room where the other sensor named one, else `unknown`. */
  readonly protocol: string;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  readonly tcpFlagsToServer?: number;
  readonly tcpFlagsToClient?: number;
  readonly state: FlowRecord['state'];
  /** Who counted it, in a person's words: `NetFlow`, `Zeek` … */
  readonly reportedBy: string;
  /** Packets of it may have gone uncounted (sampling, export of one direction): no answer seen is no answer missing. */
  readonly isPartial?: boolean;
  readonly firstSeenMicros: number;
  readonly lastSeenMicros: number;
}

/** A record with the fields that the other sensor had. */
export interface ImportedProtocolRecord extends ProtocolRecord {
  readonly [field: string]: unknown;
}

/** What another sensor understood of one transaction, in our words. */
export interface ImportedRecord {
  readonly ends: ImportedEnds;
  readonly record: ImportedProtocolRecord;
  readonly direction: Direction;
  readonly timeMicros: number;
  /** What it tells about the hosts. */
  readonly evidence: readonly EvidenceDraft[];
}

/** Where readers of other sensors' output put what they read. */
export interface TrafficImporter {
  flow(flow: ImportedFlow): void;
  record(record: ImportedRecord): void;
  /** An entry that could not be read. @param reason what is wrong, in a person's words */
  unreadable(reason: string): void;
  /** An entry that is sound and tells nothing of traffic, or is of a kind that nobody here knows. */
  leftOut(kind: string): void;
  /** Entries that were sent and never arrived, as gaps in their numbers or the sender itself say. */
  lost(count: number): void;
}

/** Reads output of another sensor, line by line. */
export interface LineReader {
  /** @param line without its line end */
  line(line: string, importer: TrafficImporter): void;
  /** No line will follow: what waits for a counterpart waits no longer. */
  end?(importer: TrafficImporter): void;
}
