import type { StreamEvent } from '@sphinx/schema';
import type { AddressSet } from './address-set.ts';
import type { BufferConditions, Teller } from './conditions.ts';
import type { FileStore } from './file-store.ts';
import type { Direction, InspectedFlowState, InspectedPacket, TransactionView } from './inspector.ts';
import type { IntegerTest } from './integer-test.ts';
import type { PortSet } from './port-set.ts';
import type { Subject } from './subject.ts';
import type { Threshold } from './thresholds.ts';

/** What a rule is asked about: one packet, one stretch of a stream or one side of a transaction. */
export interface MatchContext {
  readonly timeMicros: number;
  readonly direction: Direction;
  readonly flow: InspectedFlowState | undefined;
  readonly packet: InspectedPacket | undefined;
  readonly view: TransactionView | undefined;
  /** Payload of the packet, or the stretch of stream. */
  readonly payload: Subject | undefined;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly variables: RuleVariablesStore;
  readonly inspection: Teller;
}

/** Bits and numbers that rules leave for each other. */
export interface RuleVariablesStore {
  flowBits(flow: InspectedFlowState): Set<string>;
  flowNumbers(flow: InspectedFlowState): Map<string, number>;
  /** Bytes of the stream that were handed on in order. */
  streamBytes(flow: InspectedFlowState, direction: Direction): number;
  /** Time of the first packet, microseconds since the epoch. */
  firstMicros(flow: InspectedFlowState): number;
  /** Bits of a host, or of a pair of hosts, that expire. */
  hasTimedBit(key: string, timeMicros: number): boolean;
  setTimedBit(key: string, expiresMicros: number): void;
  clearTimedBit(key: string): void;
}

export type Check = (context: MatchContext) => boolean;

/** What a rule says of the flow (`flow:` keyword). */
export interface FlowConditions {
  direction: Direction | undefined;
  state: 'established' | 'not_established' | 'stateless' | undefined;
  only: 'stream' | 'packet' | undefined;
  fragment: 'no' | 'only' | undefined;
}

/** A test of a number that the protocol room gives. */
export interface NumberCondition {
  readonly name: string;
  readonly test: IntegerTest;
  /** Which of several values: any of them where it is absent, all of them, or one by its place; −1 is the last. */
  readonly place?: number | 'all';
  /** The side of the transaction that is meant, where a rule looks at both. */
  readonly side?: Direction;
}

/**
 * How a rule is looked at: by the packet, by the stretch of stream, by the side of a transaction, once per flow for its
 * addresses, once per flow for its protocol, or where something is irregular in a connection.
 */
export type RuleKind = 'packet' | 'stream' | 'transaction' | 'addresses' | 'protocol' | 'connection';

export interface RuleHeader {
  /** `tcp`, `udp`, `icmp`, `ip` or a protocol of the application layer. */
  readonly protocol: string;
  /** IP version where the protocol names one. */
  readonly ipVersion: 4 | 6 | undefined;
  /** Transports that can carry it; `undefined` means every one. */
  readonly transports: readonly string[] | undefined;
  /** Ids of protocol rooms, where the protocol is one of the application layer. */
  readonly rooms: readonly string[] | undefined;
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly destination: AddressSet;
  readonly destinationPorts: PortSet;
  readonly isBidirectional: boolean;
  /** `=>`: both sides of a transaction, source is who asks. */
  readonly isTransactional: boolean;
}

/** A rule, ready to be matched. */
export interface Rule {
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  readonly action: 'alert' | 'drop' | 'pass' | 'reject';
  readonly message: string;
  readonly classtype: string | undefined;
  /** Description of the class, as `classification.config` has it. */
  readonly category: string;
  /** 1 is the most severe. */
  readonly priority: number;
  readonly references: readonly string[];
  readonly metadata: readonly (readonly [string, string])[];
  readonly target: 'src_ip' | 'dest_ip' | undefined;
  readonly kind: RuleKind;
  readonly header: RuleHeader;
  readonly flow: Readonly<FlowConditions>;
  /** Whether a stream rule is also looked at packet by packet (`offset`, `depth`), and the reverse. */
  readonly looksAtPackets: boolean;
  readonly looksAtStream: boolean;
  /** Its buffers are on both sides of a transaction: it is looked at when the answer comes. */
  readonly joinsDirections: boolean;
  /** It looks at named parts of a stream (`frame`), not at sides of transactions. */
  readonly looksAtFrames: boolean;
  /** Conditions on the payload of packets or streams, then what `base64_decode` made of it. */
  readonly payload: readonly BufferConditions[];
  readonly headerBuffers: readonly BufferConditions[];
  readonly transactionBuffers: readonly BufferConditions[];
  readonly numbers: readonly NumberCondition[];
  readonly events: readonly string[];
  /** What must be irregular in a connection of TCP. */
  readonly streamEvents: readonly StreamEvent[];
  readonly checks: readonly Check[];
  /** Read and change what rules leave for each other, in the order of the rule, after everything else held. */
  readonly stateChecks: readonly Check[];
  readonly stateChanges: readonly Check[];
  /** It leaves something for rules on other flows, or looks for what they left: all flows must be seen by one engine. */
  readonly joinsFlows: boolean;
  /** All of them must admit a match. */
  readonly thresholds: readonly Threshold[];
  /** A place in its payload counts from the start of packet or stream. */
  readonly isAnchored: boolean;
  /** Some content of its payload must be there. */
  readonly hasPattern: boolean;
  /** More than one content of its payload has to be found: the others may be in a later segment. */
  readonly hasSeveralContents: boolean;
  readonly isSilent: boolean;
  /** Files that it asks to keep when it holds. */
  readonly fileStore: FileStore | undefined;
  readonly text: string;
}
