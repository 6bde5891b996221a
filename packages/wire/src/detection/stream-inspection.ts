import type { Flow } from '../flow/flow.ts';
import type { Direction, Protocol, StreamParser } from '../protocol.ts';
import { type StreamConsumer, StreamHalf } from '../tcp/stream-half.ts';
import { detectProtocol, SAMPLE_BYTES } from './detect.ts';
import { createRoomContext, type InspectionSurroundings, type RoomContext } from './room-context.ts';

/** A flow whose protocol is not found within this much is left alone. */
const MAXIMUM_UNDECIDED_BYTES = 8192;
const MAXIMUM_UNDECIDED_CHUNKS = 24;
const NO_BYTES = new Uint8Array(0);

/** Puts a TCP connection in order, finds its protocol by its content, and lets that protocol's room parse it. */
export class StreamInspection implements StreamConsumer {
  readonly toServer = new StreamHalf('to-server');
  readonly toClient = new StreamHalf('to-client');
  readonly #flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  readonly #skip = { 'to-server': 0, 'to-client': 0 };
  #undecided: readonly Protocol[];
  #chunks: { readonly direction: Direction; readonly bytes: Uint8Array }[] = [];
  #bufferedBytes = 0;
  #context: RoomContext | undefined;
  #parser: StreamParser | undefined;
  /** Detection or a room wants more; an inspector always does. */
  #isHeard = true;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    this.#flow = flow;
    this.#surroundings = surroundings;
    this.#undecided = surroundings.index.candidates('tcp', flow.clientPort, flow.serverPort);
  }

  get lostBytes(): number {
    return this.toServer.lostBytes + this.toClient.lostBytes;
  }

  /** @returns false once nothing more is wanted */
  segment(direction: Direction, sequence: number, bytes: Uint8Array, start: number, end: number): boolean {
    const half = direction === 'to-server' ? this.toServer : this.toClient;
    return half.segment(sequence, bytes, start, end, this);
  }

  end(): void {
    if (!this.toServer.flush(this) || !this.toClient.flush(this)) return;
    if (this.#isHeard) this.#parser?.end();
  }

  bytes(direction: Direction, bytes: Uint8Array): boolean {
    const { inspector } = this.#surroundings;
    inspector?.stream(this.#flow, direction, bytes);
    if (this.#isHeard && !this.#hear(direction, bytes)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  gap(direction: Direction, length: number): boolean {
    const { inspector } = this.#surroundings;
    inspector?.gap?.(this.#flow, direction, length);
    if (this.#isHeard && !this.#hearGap(direction, length)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  #stopHearing(): void {
    this.#isHeard = false;
    this.#chunks = [];
    this.#parser = undefined;
  }

  #hear(direction: Direction, bytes: Uint8Array): boolean {
    const skip = this.#skip[direction];
    if (skip >= bytes.length) {
      this.#skip[direction] = skip - bytes.length;
      return true;
    }
    this.#skip[direction] = 0;
    const wanted = skip === 0 ? bytes : bytes.subarray(skip);
    return this.#parser === undefined ? this.#tryDetection(direction, wanted) : this.#parse(direction, wanted);
  }

  #hearGap(direction: Direction, length: number): boolean {
    const skip = this.#skip[direction];
    if (skip >= length) {
      this.#skip[direction] = skip - length;
      return true;
    }
    this.#skip[direction] = 0;
    if (this.#parser === undefined) return true;
    return this.#parser.gap(direction, length - skip) === 'continue';
  }

  #tryDetection(direction: Direction, bytes: Uint8Array): boolean {
    this.#chunks.push({ direction, bytes: bytes.slice() });
    this.#bufferedBytes += bytes.length;
    const { clientPort, serverPort } = this.#flow;
    const toServer = this.#sampleOf('to-server');
    const toClient = this.#sampleOf('to-client');
    const sample = { transport: 'tcp', clientPort, serverPort, toServer, toClient } as const;
    const { protocol, undecided } = detectProtocol(this.#undecided, sample);
    this.#undecided = undecided;
    if (protocol !== undefined) return this.#begin(protocol);
    const isExhausted =
      undecided.length === 0 ||
      this.#bufferedBytes > MAXIMUM_UNDECIDED_BYTES ||
      this.#chunks.length > MAXIMUM_UNDECIDED_CHUNKS;
    return !isExhausted;
  }

  #begin(protocol: Protocol): boolean {
    const chunks = this.#chunks;
    this.#chunks = [];
    if (!this.#enter(protocol)) return false;
    for (const { direction, bytes } of chunks) if (!this.#hear(direction, bytes)) return false;
    return true;
  }

  #enter(protocol: Protocol): boolean {
    this.#flow.room = protocol;
    this.#context = createRoomContext(this.#flow, this.#surroundings);
    this.#parser = protocol.createStreamParser?.(this.#context);
    return this.#parser !== undefined;
  }

  #parse(direction: Direction, bytes: Uint8Array): boolean {
    const parser = this.#parser;
    if (parser === undefined) return false;
    const state = parser.push(direction, bytes);
    const next = this.#context?.takeHandOver();
    if (next !== undefined) return this.#enter(next);
    if (state !== 'continue') return false;
    this.#skip[direction] = parser.skippable?.(direction) ?? 0;
    return true;
  }

  #sampleOf(direction: Direction): Uint8Array {
    const chunks = this.#chunks.filter((chunk) => chunk.direction === direction);
    const [first] = chunks;
    if (first === undefined) return NO_BYTES;
    if (chunks.length === 1 || first.bytes.length >= SAMPLE_BYTES) return first.bytes.subarray(0, SAMPLE_BYTES);
    const sample = new Uint8Array(SAMPLE_BYTES);
    let length = 0;
    for (const { bytes } of chunks) {
      const part = bytes.subarray(0, SAMPLE_BYTES - length);
      sample.set(part, length);
      length += part.length;
    }
    return sample.subarray(0, length);
  }
}
