import type { Flow } from '../flow/flow.ts';
import type { Direction, ParserContext, Protocol } from '../protocol.ts';
import { detectProtocol, SAMPLE_BYTES } from './detect.ts';
import { createRoomContext, type InspectionSurroundings } from './room-context.ts';

const MAXIMUM_UNDECIDED_DATAGRAMS = 4;
const NO_BYTES = new Uint8Array(0);

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
      const protocol = this.#detect(direction, payload);
      if (protocol === undefined) {
        this.#datagrams += 1;
        return this.#datagrams < MAXIMUM_UNDECIDED_DATAGRAMS;
      }
      this.#flow.room = protocol;
      this.#context = createRoomContext(this.#flow, this.#surroundings);
    }
    const { room } = this.#flow;
    if (room?.parseDatagram === undefined) return false;
    room.parseDatagram(payload, direction, this.#context);
    return true;
  }

  /** Every datagram stands alone: a room that rejected one may take the next. */
  #detect(direction: Direction, payload: Uint8Array): Protocol | undefined {
    const { clientPort, serverPort } = this.#flow;
    const isToServer = direction === 'to-server';
    const start = payload.subarray(0, SAMPLE_BYTES);
    const toServer = isToServer ? start : NO_BYTES;
    const toClient = isToServer ? NO_BYTES : start;
    const rooms = this.#surroundings.index.candidates('udp', clientPort, serverPort);
    return detectProtocol(rooms, { transport: 'udp', clientPort, serverPort, toServer, toClient }).protocol;
  }
}
