import type { Flow } from '../flow/flow.ts';
import type { Direction, ParserContext, Protocol } from '../protocol.ts';
import { detectProtocol, NO_BYTES, sampleOf } from './detect.ts';
import { createRoomContext, type InspectionSurroundings } from './room-context.ts';

const MAXIMUM_UNDECIDED_DATAGRAMS = 4;

/** Finds the protocol of a UDP flow by the content of its datagrams, and lets that protocol's room parse them. */
export class DatagramInspection {
  readonly #flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #context: ParserContext | undefined;
  #datagrams = 0;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    this.#flow = flow;
    this.#surroundings = surroundings;
  }

  /** @returns false once nothing more is wanted */
  datagram(direction: Direction, payload: Uint8Array): boolean {
    if (this.#context === undefined) {
      const expected = this.#datagrams === 0 ? this.#surroundings.expectedFlows.take(this.#flow) : undefined;
      const protocol =
        expected === undefined ? this.#detect(direction, payload) : this.#surroundings.index.get(expected.room);
      if (protocol === undefined) {
        this.#datagrams += 1;
        return this.#datagrams < MAXIMUM_UNDECIDED_DATAGRAMS;
      }
      this.#flow.room = protocol;
      this.#context = createRoomContext(this.#flow, this.#surroundings, expected?.transfer);
    }
    const { room } = this.#flow;
    if (room?.parseDatagram === undefined) return false;
    room.parseDatagram(payload, direction, this.#context);
    return true;
  }

  /** The flow is over: its room gives what still waits for an answer. */
  end(): void {
    if (this.#context !== undefined) this.#flow.room?.flowEnded?.(this.#context);
  }

  /** Every datagram stands alone: a room that rejected one may take the next. */
  #detect(direction: Direction, payload: Uint8Array): Protocol | undefined {
    const { index, sample } = this.#surroundings;
    const { clientPort, serverPort } = this.#flow;
    const isToServer = direction === 'to-server';
    const start = sampleOf(payload);
    sample.transport = 'udp';
    sample.clientPort = clientPort;
    sample.serverPort = serverPort;
    sample.toServer = isToServer ? start : NO_BYTES;
    sample.toClient = isToServer ? NO_BYTES : start;
    return detectProtocol(index.candidates('udp', clientPort, serverPort, payload[0] ?? 0), sample).protocol;
  }
}
