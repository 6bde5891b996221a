import type { DecoderEvent, StreamEvent } from '@sphinx/schema';
import type { FileRecord } from './files/types.ts';
import type { Direction, ProtocolRecord } from './protocol.ts';

/**
 * Where somebody beside the protocol rooms looks at the traffic: a rule engine, a packet buffer. Nothing is called and
 * nothing is gathered where `SensorOptions.inspector` is absent.
 */
export interface Inspector {
  /**
   * Every packet whose IP header is there, before its payload is reassembled and parsed; the outer packet
   * of a tunnel before the inner one. A datagram in fragments comes once more when it is whole, with one header.
   */
  packet(packet: InspectedPacket): void;
  /** Bytes of a TCP stream in order, right before the protocol room gets them; valid during the call only. */
  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void;
  /** Bytes of a TCP stream that were never seen; what `stream` gets next comes behind them. */
  gap?(flow: InspectedFlowState, direction: Direction, length: number): void;
  /** One side of one transaction, as the protocol room understood it. */
  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void;
  /** One transaction with all that was said in it. Absent where nobody writes a log: rooms then gather no details. */
  detail?(flow: InspectedFlowState, direction: Direction, detail: TransactionDetail): void;
  /** A record as it is told, before a batch gives it. Only where `detail` is there. */
  record?(flow: InspectedFlowState, direction: Direction, record: ProtocolRecord): void;
  /** A file as it ends, before a batch gives it. Only where `detail` is there. */
  file?(file: FileRecord): void;
  /**
   * What follows in the flow is read by another room: it was asked for (STARTTLS, an upgrade), or goes through a proxy.
   *
   * @param room its id; `unknown` as long as that is not known
   */
  entered?(flow: InspectedFlowState, room: string): void;
  /** A frame that carries no IP, with the room that reads it; `payload` is valid during the call only. Only where `detail` is there. */
  frame?(room: string, payload: Uint8Array, timeMicros: number, packetNumber: number): void;
  flowEnded(flow: InspectedFlowState): void;
  /** Views of frames are given too. */
  readonly wantsFrames?: boolean;
  /** It is looked at how connections of TCP open, talk and close, which takes memory for each of them. */
  readonly wantsStreamEvents?: boolean;
  /** What was irregular in the connection of a packet, after `packet` and all that came of its payload. */
  streamEvents?(packet: InspectedPacket, events: readonly StreamEvent[]): void;
  /** @returns what rules have noted on a flow that has not ended; undefined where that is nothing */
  variablesOf?(flow: InspectedFlowState): FlowVariables | undefined;
}

/** What rules note on a flow for each other. */
export interface FlowVariables {
  readonly bits: Iterable<string>;
  readonly numbers: Iterable<readonly [string, number]>;
  /** What expressions took out of the traffic, by name: of the flow, and of the packet at hand. */
  readonly flowTexts: readonly (readonly [string, string])[];
  readonly packetTexts: readonly (readonly [string, string])[];
}

/**
 * A transaction with all that was said in it, in the form that its room defines: what a log of a capture is made of. Given to
 * the inspector, never stored and never sent anywhere: it may hold what identifies a patient.
 */
export interface TransactionDetail {
  /** Id of the protocol room. */
  readonly protocol: string;
}

/** The packet at hand. One object for all packets: read during the call, never kept. Offsets count from the start of `bytes`. */
export interface InspectedPacket {
  readonly bytes: Uint8Array;
  /** −1 where there is no Ethernet header. */
  readonly linkOffset: number;
  readonly ipOffset: number;
  readonly ipVersion: 4 | 6;
  /** IANA protocol number of what IP carries. */
  readonly ipProtocol: number;
  /** −1 for later fragments and where the headers are not whole. */
  readonly transportOffset: number;
  readonly payloadOffset: number;
  readonly payloadEnd: number;
  /** One of several: `flow` is absent, `payloadOffset` is behind the IP header, what the fragment carries is in pieces. */
  readonly isFragment: boolean;
  readonly timeMicros: number;
  /** Number within the source, from 1. */
  readonly packetNumber: number;
  readonly direction: Direction;
  readonly flow: InspectedFlowState | undefined;
  /** Where the frame begins and ends, and its LINKTYPE_ value; of what came through a tunnel, from its own IP header on. */
  readonly frameOffset: number;
  readonly frameEnd: number;
  readonly linkType: number;
  /** Of the IP header of the tunnel around it; −1 where there is none. */
  readonly outerIpOffset: number;
  /** 0 outside of tunnels. */
  readonly tunnelDepth: number;
  /** @returns what is irregular in the headers down to the transport's; looked for when it is asked for */
  decoderEvents(): readonly DecoderEvent[];
}

/** What an inspector may know of a flow; the same object for the life of the flow. */
export interface InspectedFlowState {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** `tcp`, `udp`, `icmp` … */
  readonly transport: string;
  /** Id of the protocol room, once it is known. */
  readonly protocol: string | undefined;
  /** TCP: the handshake was seen whole, or both sides have sent data. Others: both sides have sent. */
  readonly isEstablished: boolean;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  /** TCP flags of all its segments in each direction, or-ed (RFC 9293 §3.1). */
  readonly tcpFlagsToServer: number;
  readonly tcpFlagsToClient: number;
  readonly clientMac: string | undefined;
  readonly serverMac: string | undefined;
  readonly vlan: number | undefined;
  /** Time of its first packet, microseconds since the epoch. */
  readonly firstMicros: number;
  readonly firstPacketNumber: number;
  readonly lastMicros: number;
  readonly lastPacketNumber: number;
  /** The inspector's own notes on this flow. */
  notes: unknown;
}

/**
 * What rules may look at of one side of one transaction. Buffers are named as Suricata names its sticky buffers (`http.uri`,
 * `tls.sni`, `dns.query`); a buffer that occurs several times has several values. Given to the inspector, never stored: it
 * may hold what identifies a patient.
 */
export interface TransactionView {
  /** Id of the protocol room. */
  readonly protocol: string;
  readonly buffers: Readonly<Record<string, readonly Uint8Array[]>>;
  /** Numbers that keywords compare, for example `dns.opcode`. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  /** The same side of the same transaction as the view before, now whole: what matched that one is not asked again. */
  readonly isContinuation?: boolean;
  /** It is a named part of the stream as it was on the wire, not a side of a transaction: rules with `frame` look at it. */
  readonly frame?: { readonly type: string; readonly length: number };
  /** Application-layer events, for example `http.invalid_request_line`. */
  readonly events?: readonly string[];
  /**
   * @returns this side alone as a record, without what may identify a patient: what a log may say of it. Absent where the
   *   room's own records say as much. Called during the call only.
   */
  readonly record?: () => ProtocolRecord;
}
