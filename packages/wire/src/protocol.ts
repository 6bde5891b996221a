import type { ExpectedTransfer } from './detection/expected-flows.ts';
import type { FileSink } from './files/types.ts';
import type { TransactionDetail, TransactionView } from './inspector.ts';

/**
 * The shape that every protocol room has. A room is a folder `packages/wire/src/<protocol>/` with
 * `types.ts` (its records), `detect.ts` (is it this protocol?), `parse.ts` (bytes → records, pure, never throws),
 * `evidence.ts` (record → facts about hosts), `protocol.ts` (the `Protocol` that ties them), `README.md`
 * (what is read, from which standard) and tests, among them a property-based fuzz test.
 */

/** Which way bytes go. The client is who opened the conversation, as far as that was seen. */
export type Direction = 'to-server' | 'to-client';

/** A fact read from the wire, with fields that a room defines. `protocol` is the id of the room. */
export interface ProtocolRecord {
  readonly protocol: string;
  /** What happened, in the standard's words: `associate-request`, `query`, `client-hello` … */
  readonly activity: string;
}

/** What a parser says about a stream after taking bytes. */
export type StreamState =
  /** Give me more. */
  | 'continue'
  /** Nothing more of interest will come: the sensor stops reassembling this flow. */
  | 'finished'
  /** It is not this protocol after all, or broken beyond repair. */
  | 'failed';

/** Parses the two byte streams of one TCP connection. Bytes come in order; they are only valid during the call. */
export interface StreamParser {
  push(direction: Direction, bytes: Uint8Array): StreamState;
  /** `length` bytes were lost in this direction. */
  gap(direction: Direction, length: number): StreamState;
  /**
   * It finds its way again behind any gap: what the other end has acknowledged and nobody saw counts as lost at once. Other
   * rooms hear of gaps as late as can be, since they may hear nothing behind them.
   */
  readonly findsWayAgain?: boolean;
  end(): void;
  /**
   * Bytes that may be skipped unseen in this direction from here on (inside a large object), so that the
   * sensor need not copy them. Optional; 0 when unknown.
   */
  skippable?(direction: Direction): number;
  /** So many of the bytes that may be skipped came, or were lost. For parsers that tell when an object is complete. */
  skipped?(direction: Direction, length: number): void;
}

/** What a parser may know and do. */
export interface ParserContext<R extends ProtocolRecord = ProtocolRecord> {
  readonly transport: 'tcp' | 'udp' | 'ethernet';
  readonly clientPort: number;
  readonly serverPort: number;
  /** `direction` is the way of the packet that completed the record. */
  emit(record: R, direction: Direction): void;
  /** Present only where an inspector listens: gives it one side of a transaction. Build the view only when it is there. */
  inspect?(direction: Direction, view: TransactionView): void;
  /**
   * Present only where somebody writes a log: gives it one transaction with all that was said in it. Build the detail only
   * when it is there.
   */
  detail?(direction: Direction, detail: TransactionDetail): void;
  /** Present only where somebody looks at files: takes those that the room sees. */
  readonly files?: FileSink | undefined;
  /** Time of the packet at hand in microseconds since the epoch; absent where nobody keeps time. */
  timeMicros?(): number;
  /**
   * Another flow was agreed on: the named room reads it, whatever its bytes look like, unless it has `fits`.
   * @param transfer what goes over it; may be filled in until its first byte comes
   */
  expect?(flow: {
    /** One end of this flow, or another host. */
    readonly end: 'client' | 'server' | { readonly ip: string };
    /** That of this flow, where none is given. */
    readonly transport?: 'tcp' | 'udp';
    readonly port: number;
    readonly room: string;
    readonly transfer: ExpectedTransfer;
  }): void;
  /** What was agreed on for this flow. */
  readonly expected?: ExpectedTransfer | undefined;
  /**
   * Present only where rules ask for frames: gives them a part of the stream that has a name of its own, as it was on the
   * wire.
   */
  frame?(direction: Direction, name: string, bytes: Uint8Array): void;
  /** Present only where an inspector listens, who looks at what goes through a proxy too. */
  readonly tunnel?: TunnelContext | undefined;
  /**
   * Hands the rest of the stream to another room (STARTTLS, WebSocket, HTTP → FHIR).
   *
   * @param rest bytes of the push at hand that belong to it already; valid during the call
   */
  handOver(protocolId: string, rest?: Uint8Array): void;
}

/** What may be known of a connection that goes on behind a proxy. */
export interface TunnelContext {
  /** @returns rooms of which it can be, by its first byte */
  candidates(firstByte: number): readonly Protocol[];
  /**
   * @param room that reads it; undefined as long as none is found
   * @returns what the room may know and do; what the far end says of itself is shown, and nothing follows from it
   */
  enter(room: Protocol | undefined): ParserContext;
}

/** What detection may look at: the first bytes of each direction (at most 512). */
export interface DetectionSample {
  readonly transport: 'tcp' | 'udp';
  readonly toServer: Uint8Array;
  readonly toClient: Uint8Array;
  readonly clientPort: number;
  readonly serverPort: number;
  /** First bytes (32 at most) of the datagram before, if it went the same way and told nothing. */
  readonly before?: Uint8Array | undefined;
}

export type Detection = 'match' | 'reject' | 'undecided';

/** A fact about a host that follows from a record. */
export interface EvidenceDraft {
  /** One of `EVIDENCE_ATTRIBUTES`. */
  readonly attribute: string;
  readonly value: string;
  /** Whom it is about: an end of the flow, or a host named inside the packet (DHCP lease, ARP, LLDP). */
  readonly about: 'client' | 'server' | { readonly mac?: string; readonly ip?: string };
}

/** One protocol room. */
export interface Protocol<R extends ProtocolRecord = ProtocolRecord> {
  /** Kebab-case, for example `dicom`. */
  readonly id: string;
  readonly title: string;
  /** Standards with sections. */
  readonly standards: readonly string[];
  /** `ip`: it has a protocol number of IP to itself, and the sensor reads it. */
  readonly transports: readonly ('tcp' | 'udp' | 'ethernet' | 'ip')[];
  /** EtherTypes, or LLC/SNAP protocol ids, for rooms on `ethernet`. */
  readonly etherTypes?: readonly number[];
  /** What carries it, where it has no transport of its own; HTTP where none is named. */
  readonly carriedBy?: readonly string[];
  /** Tried first on these ports; never decides alone. */
  readonly usualPorts: readonly number[];
  readonly isEncrypted: boolean;
  /**
   * Values that the first byte of the conversation can have (TCP: of whichever end speaks first; UDP: of each datagram), so
   * that an index need not ask `detect` in vain, which rejects all others by itself. Absent where any byte may come first.
   */
  readonly firstBytes?: readonly number[];
  /** Carries clinical data when used as intended. */
  readonly isClinical: boolean;
  detect(sample: DetectionSample): Detection;
  /** May this begin a flow that was agreed on? Absent where whatever comes over it is of this room. */
  fits?(payload: Uint8Array): boolean;
  createStreamParser?(context: ParserContext<R>): StreamParser;
  /** One datagram or frame payload; never throws. */
  parseDatagram?(payload: Uint8Array, direction: Direction, context: ParserContext<R>): void;
  /** The flow whose datagrams came with this context has ended: gives what still waits for an answer. */
  flowEnded?(context: ParserContext<R>): void;
  evidence(record: R): readonly EvidenceDraft[];
}
