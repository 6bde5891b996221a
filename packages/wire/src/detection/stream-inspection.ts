import type { Flow } from '../flow/flow.ts';
import type { Direction, Protocol, StreamParser } from '../protocol.ts';
import { OrderedStream } from '../tcp/ordered-stream.ts';
import type { ReassemblyBudget } from '../tcp/reassembly-budget.ts';
import { detectProtocol, NO_BYTES, sampleOf } from './detect.ts';
import type { ExpectedTransfer } from './expected-flows.ts';
import { createRoomContext, type InspectionSurroundings, type RoomContext } from './room-context.ts';
import { NOTHING_KEPT } from './undecided-bytes.ts';

/** A flow whose protocol is not found within this much is left alone. */
const MAXIMUM_UNDECIDED_BYTES = 8192;
const MAXIMUM_UNDECIDED_CHUNKS = 24;

/** How far a room has come with a stream. */
class Reading {
  skipToServer = 0;
  skipToClient = 0;
  context: RoomContext;
  parser: StreamParser | undefined;

  constructor(context: RoomContext, parser: StreamParser | undefined) {
    this.context = context;
    this.parser = parser;
  }
}

/** Puts a TCP connection in order, finds its protocol by its content, and lets that protocol's room parse it. */
export class StreamInspection extends OrderedStream {
  readonly #flow: Flow;
  readonly #surroundings: InspectionSurroundings;
  #undecided: readonly Protocol[] | undefined;
  /** What was seen while the protocol is not known. */
  #kept = NOTHING_KEPT;
  #keptChunks = 0;
  #keptBytes = 0;
  #hasGap = false;
  /** Detection or a room wants more; an inspector always does. */
  #isHeard = true;
  #reading: Reading | undefined;

  constructor(flow: Flow, surroundings: InspectionSurroundings) {
    super();
    this.#flow = flow;
    this.#surroundings = surroundings;
  }

  protected override get budget(): ReassemblyBudget {
    return this.#surroundings.reassembly;
  }

  /** Whether something is waited for without which hearing can go on. */
  mayMiss(direction: Direction): boolean {
    return this.isWaiting(direction) && (!this.#isHeard || this.#reading?.parser?.findsWayAgain === true);
  }

  end(): void {
    if (this.flush() && this.#isHeard) this.#reading?.parser?.end();
  }

  protected override bytes(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean {
    const { inspector } = this.#surroundings;
    inspector?.stream(this.#flow, direction, buffer.subarray(start, end));
    if (this.#isHeard && !this.#hear(direction, buffer, start, end)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  /** Nothing more is wanted: what waits is given up. */
  override release(): void {
    super.release();
    this.#forgetKept();
  }

  protected override gap(direction: Direction, length: number, next: number): boolean {
    const { inspector, reassembly, connections } = this.#surroundings;
    if (!this.#hasGap) reassembly.incompleteConnections += 1;
    this.#hasGap = true;
    connections?.gap(this.#flow, direction, next);
    inspector?.gap?.(this.#flow, direction, length);
    if (this.#isHeard && !this.#hearGap(direction, length)) this.#stopHearing();
    return this.#isHeard || inspector !== undefined;
  }

  #stopHearing(): void {
    this.#isHeard = false;
    this.#forgetKept();
    this.#reading = undefined;
    this.#flow.files?.end();
  }

  #forgetKept(): void {
    const { reassembly, undecidedBytes } = this.#surroundings;
    reassembly.giveBack(this.#keptBytes);
    undecidedBytes.forget(this.#kept);
    this.#kept = NOTHING_KEPT;
    this.#keptChunks = 0;
    this.#keptBytes = 0;
  }

  #hear(direction: Direction, buffer: Uint8Array, start: number, end: number): boolean {
    const reading = this.#reading;
    if (reading === undefined) return this.#tryDetection(direction, buffer.subarray(start, end));
    const skip = direction === 'to-server' ? reading.skipToServer : reading.skipToClient;
    const skipped = Math.min(skip, end - start);
    if (skipped > 0) skipBytes(reading, direction, skip, skipped);
    if (skip >= end - start) return true;
    return this.#parse(reading, direction, buffer.subarray(start + skipped, end));
  }

  #hearGap(direction: Direction, length: number): boolean {
    const reading = this.#reading;
    if (reading === undefined) return true;
    const skip = direction === 'to-server' ? reading.skipToServer : reading.skipToClient;
    if (skip > 0) skipBytes(reading, direction, skip, Math.min(skip, length));
    if (skip >= length || reading.parser === undefined) return true;
    return reading.parser.gap(direction, length - skip) === 'continue';
  }

  /** Nothing is copied where the first bytes tell the protocol, as they mostly do. */
  #tryDetection(direction: Direction, bytes: Uint8Array): boolean {
    const { index, sample, expectedFlows, reassembly, undecidedBytes } = this.#surroundings;
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
    this.#undecided = index.sharedList(undecided);
    this.#kept = undecidedBytes.add(this.#kept, direction, bytes);
    this.#keptChunks += 1;
    this.#keptBytes += bytes.length;
    reassembly.take(bytes.length);
    const isEnough = this.#keptBytes > MAXIMUM_UNDECIDED_BYTES || this.#keptChunks > MAXIMUM_UNDECIDED_CHUNKS;
    if (!isEnough && !reassembly.isSpent) return true;
    if (!isEnough) reassembly.undecidedShed += 1;
    return false;
  }

  #begin(protocol: Protocol, direction: Direction, bytes: Uint8Array, expected?: ExpectedTransfer): boolean {
    const chunks = this.#surroundings.undecidedBytes.chunks(this.#kept);
    this.#forgetKept();
    if (!this.#enter(protocol, expected)) return false;
    for (const chunk of chunks) {
      if (!this.#hear(chunk.direction, chunk.bytes, 0, chunk.bytes.length)) return false;
    }
    return this.#hear(direction, bytes, 0, bytes.length);
  }

  #enter(protocol: Protocol, expected?: ExpectedTransfer): boolean {
    this.#flow.room = protocol;
    this.#undecided = undefined;
    const context = createRoomContext(this.#flow, this.#surroundings, expected);
    const parser = protocol.createStreamParser?.(context);
    if (this.#reading === undefined) this.#reading = new Reading(context, parser);
    else {
      this.#reading.context = context;
      this.#reading.parser = parser;
    }
    return parser !== undefined;
  }

  #parse(reading: Reading, direction: Direction, bytes: Uint8Array): boolean {
    const { parser, context } = reading;
    if (parser === undefined) return false;
    const state = parser.push(direction, bytes);
    const next = context.takeHandOver();
    if (next !== undefined) {
      this.#surroundings.inspector?.entered?.(this.#flow, next.room.id);
      if (!this.#enter(next.room)) return false;
      return next.rest === undefined || next.rest.length === 0 || this.#parse(reading, direction, next.rest);
    }
    if (state !== 'continue') return false;
    if (parser.skippable !== undefined) setSkip(reading, direction, parser.skippable(direction));
    return true;
  }

  #sampleOf(direction: Direction, latestDirection: Direction, latest: Uint8Array): Uint8Array {
    if (this.#kept === NOTHING_KEPT) return direction === latestDirection ? sampleOf(latest) : NO_BYTES;
    const { sample, undecidedBytes } = this.#surroundings;
    const start = direction === 'to-server' ? sample.startToServer : sample.startToClient;
    let length = undecidedBytes.copyStart(this.#kept, direction, start);
    if (direction === latestDirection && length < start.length) {
      const fresh = latest.length <= start.length - length ? latest : latest.subarray(0, start.length - length);
      start.set(fresh, length);
      length += fresh.length;
    }
    return start.subarray(0, length);
  }
}

function skipBytes(reading: Reading, direction: Direction, wanted: number, skipped: number): void {
  setSkip(reading, direction, wanted - skipped);
  reading.parser?.skipped?.(direction, skipped);
}

function setSkip(reading: Reading, direction: Direction, length: number): void {
  if (direction === 'to-server') reading.skipToServer = length;
  else reading.skipToClient = length;
}
