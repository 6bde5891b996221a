import type { Flow } from '../flow/flow.ts';
import type { Direction, ParserContext, Protocol } from '../protocol.ts';
import { detectProtocol, NO_BYTES, sampleOf } from './detect.ts';
import type { ExpectedFlow } from './expected-flows.ts';
import { createRoomContext, type InspectionSurroundings } from './room-context.ts';

const MAXIMUM_UNDECIDED_DATAGRAMS = 4;
/** Of a datagram that told nothing: a header. */
const REMEMBERED_BYTES = 32;
const MEDIA_VERSION = 2;

/** Finds the protocol of a UDP flow by the content of its datagrams, and lets that protocol's room parse them. */
export class DatagramInspection {
  readonly #flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #context: ParserContext | undefined;
  #datagrams = 0;
  #before: { readonly direction: Direction; readonly start: Uint8Array } | undefined;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    this.#flow = flow;
    this.#surroundings = surroundings;
  }

  /** @returns false once nothing more is wanted */
  datagram(direction: Direction, payload: Uint8Array): boolean {
    if (this.#context === undefined) {
      const { expectedFlows, index } = this.#surroundings;
      const isFitting = ({ room }: ExpectedFlow) => index.get(room)?.fits?.(payload) !== false;
      const expected = this.#datagrams === 0 ? expectedFlows.take(this.#flow, isFitting) : undefined;
      const protocol = expected === undefined ? this.#detect(direction, payload) : index.get(expected.room);
      if (protocol === undefined) {
        this.#datagrams += 1;
        this.#remember(direction, payload);
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

  /** The one before may tell what one alone does not: media begin all alike (RFC 3550 §5.1). */
  #remember(direction: Direction, payload: Uint8Array): void {
    if ((payload[0] ?? 0) >>> 6 !== MEDIA_VERSION) return;
    this.#before = { direction, start: payload.slice(0, REMEMBERED_BYTES) };
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
    sample.before = this.#before?.direction === direction ? this.#before.start : undefined;
    return detectProtocol(index.candidates('udp', clientPort, serverPort, payload[0] ?? 0), sample).protocol;
  }
}
