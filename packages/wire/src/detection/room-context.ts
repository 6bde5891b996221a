import type { FlowFiles } from '../files/flow-files.ts';
import type { Flow } from '../flow/flow.ts';
import type { Inspector, TransactionDetail, TransactionView } from '../inspector.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord, TunnelContext } from '../protocol.ts';
import type { ConnectionWatches } from '../tcp/connection-watches.ts';
import type { ReassemblyBudget } from '../tcp/reassembly-budget.ts';
import type { Sample } from './detect.ts';
import type { ExpectedFlows, ExpectedTransfer } from './expected-flows.ts';
import type { ProtocolIndex } from './protocol-index.ts';
import type { UndecidedBytes } from './undecided-bytes.ts';

/** What an inspection tells about its flow. */
export interface InspectionListener {
  record(flow: Flow, record: ProtocolRecord, direction: Direction): void;
}

/** What inspections of all flows share. */
export interface InspectionSurroundings {
  readonly index: ProtocolIndex;
  readonly listener: InspectionListener;
  readonly inspector: Inspector | undefined;
  readonly reassembly: ReassemblyBudget;
  /** How connections open, talk and close; absent where nobody may look. */
  readonly connections: ConnectionWatches | undefined;
  /** @returns where the rooms of the flow hand over files; absent where nobody looks at them */
  readonly filesOf: ((flow: Flow) => FlowFiles) | undefined;
  readonly expectedFlows: ExpectedFlows;
  /** Filled anew for each detection. */
  readonly sample: Sample;
  readonly undecidedBytes: UndecidedBytes;
}

/** @param expected what was agreed on for it. @returns what the room of this flow may know and do */
export function createRoomContext(
  flow: Flow,
  surroundings: InspectionSurroundings,
  expected?: ExpectedTransfer,
): RoomContext {
  const { inspector } = surroundings;
  if (inspector === undefined) return new RoomContext(flow, surroundings, expected);
  return inspector.detail === undefined
    ? new InspectedRoomContext(flow, surroundings, expected, inspector)
    : new LoggedRoomContext(flow, surroundings, expected, inspector);
}

export class RoomContext implements ParserContext {
  readonly transport: 'tcp' | 'udp';
  readonly clientPort: number;
  readonly serverPort: number;
  readonly files: FlowFiles | undefined;
  readonly expected: ExpectedTransfer | undefined;
  protected readonly flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #next: { readonly room: Protocol; readonly rest: Uint8Array | undefined } | undefined;

  constructor(flow: Flow, surroundings: InspectionSurroundings, expected: ExpectedTransfer | undefined) {
    this.transport = flow.transport === 'udp' ? 'udp' : 'tcp';
    this.clientPort = flow.clientPort;
    this.serverPort = flow.serverPort;
    this.flow = flow;
    this.files = surroundings.filesOf?.(flow);
    this.expected = expected;
    this.#surroundings = surroundings;
  }

  emit(record: ProtocolRecord, direction: Direction): void {
    this.#surroundings.listener.record(this.flow, record, direction);
  }

  /** Of the last packet of the flow: what waited for an earlier segment is told with the time at which it was heard. */
  timeMicros(): number {
    return this.flow.lastMicros;
  }

  expect(expected: Parameters<NonNullable<ParserContext['expect']>>[0]): void {
    const { end, port, room, transfer } = expected;
    const { clientIp, serverIp, lastMicros } = this.flow;
    const transport = expected.transport ?? this.flow.transport;
    const ip = typeof end === 'string' ? (end === 'client' ? clientIp : serverIp) : end.ip;
    this.#surroundings.expectedFlows.expect(transport, ip, port, { room, transfer }, lastMicros);
  }

  handOver(protocolId: string, rest?: Uint8Array): void {
    const room = this.#surroundings.index.get(protocolId);
    this.#next = room === undefined ? undefined : { room, rest };
  }

  /** @returns the room that the parser asked to go on with, once */
  takeHandOver(): { readonly room: Protocol; readonly rest: Uint8Array | undefined } | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}

class InspectedRoomContext extends RoomContext {
  protected readonly inspector: Inspector;

  constructor(
    flow: Flow,
    surroundings: InspectionSurroundings,
    expected: ExpectedTransfer | undefined,
    inspector: Inspector,
  ) {
    super(flow, surroundings, expected);
    this.inspector = inspector;
    if (inspector.wantsFrames === true) this.frame = (direction, name, bytes) => this.#show(direction, name, bytes);
    this.tunnel = {
      candidates: (firstByte) => surroundings.index.candidates('tcp', this.clientPort, this.serverPort, firstByte),
      enter: (room) => this.#enter(room),
    };
  }

  readonly tunnel: TunnelContext;

  readonly frame: ParserContext['frame'];

  #enter(room: Protocol | undefined): ParserContext {
    this.inspector.entered?.(this.flow, room?.id ?? 'unknown');
    const { transport, clientPort, serverPort, files, frame } = this;
    const detail = this.inspector.detail?.bind(this.inspector, this.flow);
    return {
      transport,
      clientPort,
      serverPort,
      files,
      ...(frame === undefined ? {} : { frame }),
      emit: (record, direction) => {
        if (direction === 'to-server') this.emit(record, direction);
        else this.inspector.record?.(this.flow, direction, record);
      },
      inspect: (direction, view) => this.inspect(direction, view),
      ...(detail === undefined ? {} : { detail }),
      timeMicros: () => this.timeMicros(),
      handOver: () => {},
    };
  }

  #show(direction: Direction, type: string, bytes: Uint8Array): void {
    const protocol = this.flow.protocol ?? 'unknown';
    const frame = { type, length: bytes.length };
    this.inspector.transaction(this.flow, direction, { protocol, buffers: { [`frame.${type}`]: [bytes] }, frame });
  }

  inspect(direction: Direction, view: TransactionView): void {
    this.inspector.transaction(this.flow, direction, view);
  }
}

class LoggedRoomContext extends InspectedRoomContext {
  override emit(record: ProtocolRecord, direction: Direction): void {
    super.emit(record, direction);
    this.inspector.record?.(this.flow, direction, record);
  }

  detail(direction: Direction, detail: TransactionDetail): void {
    this.inspector.detail?.(this.flow, direction, detail);
  }
}
