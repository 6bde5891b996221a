/**
 * The shapes of `packages/wire/src/inspector.ts`, said again because packages/rules knows packages/schema only: an engine
 * is an `Inspector` by its form, and the compiler checks it where both meet (services, scripts).
 */
export type Direction = 'to-server' | 'to-client';

export interface InspectedFlowState {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: string;
  readonly protocol: string | undefined;
  readonly isEstablished: boolean;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  /** Bytes of whole packets. */
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  notes: unknown;
}

/** What rules have noted on a flow for each other. */
export interface FlowVariables {
  readonly bits: Iterable<string>;
  readonly numbers: Iterable<readonly [string, number]>;
  readonly flowTexts: readonly (readonly [string, string])[];
  readonly packetTexts: readonly (readonly [string, string])[];
}

export interface InspectedPacket {
  readonly bytes: Uint8Array;
  readonly linkOffset: number;
  readonly ipOffset: number;
  readonly ipVersion: 4 | 6;
  readonly ipProtocol: number;
  readonly transportOffset: number;
  readonly payloadOffset: number;
  readonly payloadEnd: number;
  readonly isFragment: boolean;
  readonly timeMicros: number;
  readonly packetNumber: number;
  readonly direction: Direction;
  readonly flow: InspectedFlowState | undefined;
  decoderEvents(): readonly string[];
}

export interface TransactionView {
  readonly protocol: string;
  readonly buffers: Readonly<Record<string, readonly Uint8Array[]>>;
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  readonly events?: readonly string[];
  readonly frame?: { readonly type: string; readonly length: number };
  /** The same side of the same transaction as the view before, now whole. */
  readonly isContinuation?: boolean;
}
