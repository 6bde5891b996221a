import type { FlowVariables, InspectedFlowState } from '../../inspector.ts';
import type { Direction } from '../../protocol.ts';
import { type Acknowledgement, Acknowledgements } from './acknowledgements.ts';
import type { EveBody, EveFlow, EveMembers } from './eve-event.ts';
import type { FlowMemory, IcmpKind } from './flow-event.ts';
import { HttpRequests } from './http-requests.ts';
import type { HopCounts } from './netflow-event.ts';
import type { EveSession } from './record-events.ts';

/** Where an event was complete. */
export interface Place {
  readonly flow: EveFlow;
  readonly timeMicros: number;
  readonly packetNumber: number;
}

/** An alert or a file, which waits for what its protocol tells. */
export interface WaitingEvent {
  readonly event: EveMembers;
  readonly packetNumber: number;
  readonly flow: EveFlow | InspectedFlowState;
  readonly acknowledgement: Acknowledgement | undefined;
  readonly isFile: boolean;
  /** Of a file: it has no name but the last part of its address. */
  readonly isNamedByAddress?: boolean;
  /** An alert about bytes of a stream, not about a transaction. */
  readonly isPayload?: boolean;
}

/** What is remembered of a flow until it is over. */
export class FlowLog implements FlowMemory {
  readonly acknowledgements = new Acknowledgements();
  readonly httpRequests = new HttpRequests();
  hasAlerted = false;
  icmpAsked: IcmpKind | undefined;
  icmpAnswered: IcmpKind | undefined;
  transactions = 0;
  sides = 0;
  waiting: WaitingEvent[] = [];
  session: EveSession | undefined;
  lastPlace: Place | undefined;
  lastBody: EveBody | undefined;
  /** Where it has more than one. */
  vlans: number[] | undefined;
  variables: FlowVariables | undefined;
  /** Of each direction. */
  readonly hops: Partial<Record<Direction, HopCounts>> = {};
  /** Of the side at hand: what its record leaves out. */
  content: { readonly protocol: string; readonly members: EveMembers } | undefined;
  originalProtocol: string | undefined;
  enteredProtocol: string | undefined;

  /** Transactions are counted anew. */
  enter(from: string, room: string): void {
    this.originalProtocol ??= from;
    this.enteredProtocol = room;
    this.transactions = 0;
    this.sides = 0;
  }
}
