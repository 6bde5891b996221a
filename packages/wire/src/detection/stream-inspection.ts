import { copyOf } from '../bytes/allocate.ts';
import type { Flow } from '../flow/flow.ts';
import type { Direction, Protocol, StreamParser } from '../protocol.ts';
import { type StreamConsumer, StreamHalf } from '../tcp/stream-half.ts';
import { detectProtocol, NO_BYTES, SAMPLE_BYTES, sampleOf } from './detect.ts';
import type { ExpectedTransfer } from './expected-flows.ts';
import { createRoomContext, type InspectionSurroundings, type RoomContext } from './room-context.ts';

/** A flow whose protocol is not found within this much is left alone. */
const MAXIMUM_UNDECIDED_BYTES = 8192;
const MAXIMUM_UNDECIDED_CHUNKS = 24;

interface Chunk {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

/** Most streams tell their protocol at once: an array of their own is made when they do not. */
const NO_CHUNKS: Chunk[] = [];

/** Puts a TCP connection in order, finds its protocol by its content, and lets that protocol's room parse it. */
export class StreamInspection implements StreamConsumer {
  readonly toServer: StreamHalf;
  readonly toClient: StreamHalf;
  readonly #flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #skipToServer = 0;
  #skipToClient = 0;
  #undecided: readonly Protocol[] | undefined;
  #chunks = NO_CHUNKS;
  #bufferedBytes = 0;
  #hasGap = false;
  #context: RoomContext | undefined;
  #parser: StreamParser | undefined;
  /** Detection or a room wants more; an inspector always does. */
  #isHeard = true;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    this.#flow = flow;
    this.#surroundings = surroundings;
    this.toServer = new StreamHalf('to-server', surroundings.reassembly);
    this.toClient = new StreamHalf('to-client', surroundings.reassembly);
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

  bytes(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean {
    const { inspector } = this.#surroundings;
    inspector?.stream(this.#flow, direction, buffer.subarray(start, end));
    if (this.#isHeard && !this.#hear(direction, buffer, start, end)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  /** Nothing more is wanted: what waits is given up. */
  release(): void {
    this.toServer.release();
    this.toClient.release();
    this.#forgetChunks();
  }

  gap(direction: Direction, length: number): boolean {
    const { inspector, reassembly } = this.#surroundings;
    if (!this.#hasGap) reassembly.incompleteConnections += 1;
    this.#hasGap = true;
    inspector?.gap?.(this.#flow, direction, length);
    if (this.#isHeard && !this.#hearGap(direction, length)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  #stopHearing(): void {
    this.#isHeard = false;
    this.#forgetChunks();
    this.#parser = undefined;
    this.#flow.files?.end();
  }

  #forgetChunks(): void {
    this.#surroundings.reassembly.giveBack(this.#bufferedBytes);
    this.#bufferedBytes = 0;
    this.#chunks = NO_CHUNKS;
  }

  #hear(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean {
    const isToServer = direction === 'to-server';
    const skip = isToServer ? this.#skipToServer : this.#skipToClient;
    const skipped = Math.min(skip, end - start);
    if (skipped > 0) this.#skip(direction, skip, skipped);
    if (skip >= end - start) return true;
    const wanted = buffer.subarray(start + skipped, end);
    return this.#parser === undefined ? this.#tryDetection(direction, wanted) : this.#parse(direction, wanted);
  }

  #skip(direction: Direction, wanted: number, skipped: number): void {
    this.#setSkip(direction, wanted - skipped);
    this.#parser?.skipped?.(direction, skipped);
  }

  #setSkip(direction: Direction, length: number): void {
    if (direction === 'to-server') this.#skipToServer = length;
    else this.#skipToClient = length;
  }

  #hearGap(direction: Direction, length: number): boolean {
    const skip = direction === 'to-server' ? this.#skipToServer : this.#skipToClient;
    if (skip > 0) this.#skip(direction, skip, Math.min(skip, length));
    if (skip >= length) return true;
    if (this.#parser === undefined) return true;
    return this.#parser.gap(direction, length - skip) === 'continue';
  }

  /** Nothing is copied where the first bytes tell the protocol, as they mostly do. */
  #tryDetection(direction: Direction, bytes: Uint8Array): boolean {
    const { index, sample, expectedFlows, reassembly } = this.#surroundings;
    const { clientPort, serverPort } = this.#flow;
    if (this.#undecided === undefined) {
      const expected = expectedFlows.take(this.#flow);
      const room = expected === undefined ? undefined : index.get(expected.room);
      if (room !== undefined) return this.#begin(room, direction, bytes, expected?.transfer);
    }
    this.#undecided ??= index.candidates('tcp', clientPort, serverPort, bytes[0] ?? 0);
    sample.transport = 'tcp';
    sample.clientPort = clientPort;
    sample.serverPort = serverPort;
    sample.toServer = this.#sampleOf('to-server', direction, bytes);
    sample.toClient = this.#sampleOf('to-client', direction, bytes);
    const { protocol, undecided } = detectProtocol(this.#undecided, sample);
    if (protocol !== undefined) return this.#begin(protocol, direction, bytes);
    if (undecided.length === 0) return false;
    this.#undecided = undecided;
    // Arrays that grow have room for 16 more: of a million flows whose first bytes say nothing, each would have one.
    this.#chunks = this.#chunks.concat({ direction, bytes: copyOf(bytes) });
    this.#bufferedBytes += bytes.length;
    reassembly.take(bytes.length);
    const isEnough = this.#bufferedBytes > MAXIMUM_UNDECIDED_BYTES || this.#chunks.length > MAXIMUM_UNDECIDED_CHUNKS;
    if (!isEnough && !reassembly.isSpent) return true;
    if (!isEnough) reassembly.undecidedShed += 1;
    return false;
  }

  #begin(protocol: Protocol, direction: Direction, bytes: Uint8Array, expected?: ExpectedTransfer): boolean {
    const chunks = this.#chunks;
    this.#forgetChunks();
    if (!this.#enter(protocol, expected)) return false;
    for (const chunk of chunks) {
      if (!this.#hear(chunk.direction, chunk.bytes, 0, chunk.bytes.length)) return false;
    }
    return this.#hear(direction, bytes, 0, bytes.length);
  }

  #enter(protocol: Protocol, expected?: ExpectedTransfer): boolean {
    this.#flow.room = protocol;
    this.#context = createRoomContext(this.#flow, this.#surroundings, expected);
    this.#parser = protocol.createStreamParser?.(this.#context);
    return this.#parser !== undefined;
  }

  #parse(direction: Direction, bytes: Uint8Array): boolean {
    const parser = this.#parser;
    if (parser === undefined) return false;
    const state = parser.push(direction, bytes);
    const next = this.#context?.takeHandOver();
    if (next !== undefined) {
      if (!this.#enter(next.room)) return false;
      return next.rest === undefined || next.rest.length === 0 || this.#parse(direction, next.rest);
    }
    if (state !== 'continue') return false;
    if (parser.skippable !== undefined) this.#setSkip(direction, parser.skippable(direction));
    return true;
  }

  #sampleOf(direction: Direction, latestDirection: Direction, latest: Uint8Array): Uint8Array {
    if (this.#chunks.length === 0) return direction === latestDirection ? sampleOf(latest) : NO_BYTES;
    const chunks = this.#chunks.filter((chunk) => chunk.direction === direction).map(({ bytes }) => bytes);
    if (direction === latestDirection) chunks.push(latest);
    const [first] = chunks;
    if (first === undefined) return NO_BYTES;
    if (chunks.length === 1 || first.length >= SAMPLE_BYTES) return sampleOf(first);
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const sample = Buffer.concat(chunks, Math.min(length, SAMPLE_BYTES));
    return new Uint8Array(sample.buffer, sample.byteOffset, sample.length);
  }
}
