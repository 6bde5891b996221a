import type { Flow } from '../flow/flow.ts';
import type { Inspector, TransactionView } from '../inspector.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord } from '../protocol.ts';
import type { ReassemblyBudget } from '../tcp/reassembly-budget.ts';
import type { Sample } from './detect.ts';
import type { ProtocolIndex } from './protocol-index.ts';

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
  /** Filled anew for each detection. */
  readonly sample: Sample;
}

/** @returns what the room of this flow may know and do */
export function createRoomContext(flow: Flow, surroundings: InspectionSurroundings): RoomContext {
  const { inspector } = surroundings;
  return inspector === undefined
    ? new RoomContext(flow, surroundings)
    : new InspectedRoomContext(flow, surroundings, inspector);
}

export class RoomContext implements ParserContext {
  readonly transport: 'tcp' | 'udp';
  readonly clientPort: number;
  readonly serverPort: number;
  protected readonly flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #next: Protocol | undefined;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    this.transport = flow.transport === 'udp' ? 'udp' : 'tcp';
    this.clientPort = flow.clientPort;
    this.serverPort = flow.serverPort;
    this.flow = flow;
    this.#surroundings = surroundings;
  }

  emit(record: ProtocolRecord, direction: Direction): void {
    this.#surroundings.listener.record(this.flow, record, direction);
  }

  /** Of the last packet of the flow: what waited for an earlier segment is told with the time at which it was heard. */
  timeMicros(): number {
    return this.flow.lastMicros;
  }

  handOver(protocolId: string): void {
    this.#next = this.#surroundings.index.get(protocolId);
  }

  /** @returns the room that the parser asked to go on with, once */
  takeHandOver(): Protocol | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}

class InspectedRoomContext extends RoomContext {
  readonly #inspector: Inspector;

  constructor(flow: Flow, surroundings: InspectionSurroundings, inspector: Inspector) {
    super(flow, surroundings);
    this.#inspector = inspector;
  }

  inspect(direction: Direction, view: TransactionView): void {
    this.#inspector.transaction(this.flow, direction, view);
  }
}
