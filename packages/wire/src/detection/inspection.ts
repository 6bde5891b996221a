import type { DetectionSample, Direction, ParserContext, Protocol, ProtocolRecord, StreamParser } from '../protocol.ts';
import { type StreamConsumer, StreamHalf } from '../tcp/stream-half.ts';

/** Bytes of each direction that detection may look at. */
const SAMPLE_BYTES = 512;
/** A flow whose protocol is not found within this much is left alone. */
const MAXIMUM_UNDECIDED_BYTES = 8192;
const MAXIMUM_UNDECIDED_CHUNKS = 24;
const MAXIMUM_UNDECIDED_DATAGRAMS = 4;

/** What an inspection tells about its flow. */
export interface InspectionListener {
  record(record: ProtocolRecord, direction: Direction): void;
  protocol(protocol: Protocol): void;
  /** Time of the packet at hand, microseconds since the epoch. */
  timeMicros(): number;
}

export interface InspectedFlow {
  readonly transport: 'tcp' | 'udp';
  readonly clientPort: number;
  readonly serverPort: number;
}

/** The rooms for one transport, those that expect a port first. */
export class ProtocolIndex {
  readonly #byTransport: Readonly<Record<'tcp' | 'udp', readonly Protocol[]>>;
  readonly #byId: ReadonlyMap<string, Protocol>;
  readonly #orders = new Map<string, readonly Protocol[]>();

  constructor(protocols: readonly Protocol[]) {
    const on = (transport: 'tcp' | 'udp') => protocols.filter(({ transports }) => transports.includes(transport));
    this.#byTransport = { tcp: on('tcp'), udp: on('udp') };
    this.#byId = new Map(protocols.map((protocol) => [protocol.id, protocol]));
  }

  get(id: string): Protocol | undefined {
    return this.#byId.get(id);
  }

  candidates({ transport, serverPort, clientPort }: InspectedFlow): readonly Protocol[] {
    const all = this.#byTransport[transport];
    const expects = (protocol: Protocol) =>
      protocol.usualPorts.includes(serverPort) || protocol.usualPorts.includes(clientPort);
    const expected = all.filter(expects);
    if (expected.length === 0) return all;
    const key = `${transport}|${expected.map(({ id }) => id).join()}`;
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const order = [...expected, ...all.filter((protocol) => !expects(protocol))];
    this.#orders.set(key, order);
    return order;
  }
}

const NO_BYTES = new Uint8Array(0);

/** Finds the protocol of one flow by its content, then lets the room parse it. */
abstract class Inspection {
  protected readonly index: ProtocolIndex;
  protected readonly flow: InspectedFlow;
  protected readonly listener: InspectionListener;
  protected undecided: readonly Protocol[];
  protected protocolFound: Protocol | undefined;
  #handedOverTo: Protocol | undefined;

  constructor(index: ProtocolIndex, flow: InspectedFlow, listener: InspectionListener) {
    this.index = index;
    this.flow = flow;
    this.listener = listener;
    this.undecided = index.candidates(flow);
  }

  protected detect(toServer: Uint8Array, toClient: Uint8Array): Protocol | undefined {
    const sample: DetectionSample = { ...this.flow, toServer, toClient };
    const remaining: Protocol[] = [];
    for (const protocol of this.undecided) {
      const detection = protocol.detect(sample);
      if (detection === 'match') return protocol;
      if (detection === 'undecided') remaining.push(protocol);
    }
    this.undecided = remaining;
    return undefined;
  }

  protected found(protocol: Protocol): void {
    this.protocolFound = protocol;
    this.listener.protocol(protocol);
  }

  protected context(): ParserContext {
    return {
      ...this.flow,
      emit: (record, direction) => this.listener.record(record, direction),
      timeMicros: () => this.listener.timeMicros(),
      handOver: (id) => {
        this.#handedOverTo = this.index.get(id);
      },
    };
  }

  protected takeHandOver(): Protocol | undefined {
    const next = this.#handedOverTo;
    this.#handedOverTo = undefined;
    return next;
  }
}

/** Inspection of a TCP connection. `segment` and `end` return false once nothing more is wanted. */
export class StreamInspection extends Inspection {
  readonly #halves = { 'to-server': new StreamHalf(), 'to-client': new StreamHalf() };
  readonly #consumers: Readonly<Record<Direction, StreamConsumer>>;
  readonly #skip = { 'to-server': 0, 'to-client': 0 };
  #chunks: { direction: Direction; bytes: Uint8Array }[] = [];
  #bufferedBytes = 0;
  #parser: StreamParser | undefined;

  constructor(index: ProtocolIndex, flow: InspectedFlow, listener: InspectionListener) {
    super(index, flow, listener);
    const consumerOf = (direction: Direction): StreamConsumer => ({
      bytes: (bytes) => this.#bytes(direction, bytes),
      gap: (length) => this.#gap(direction, length),
    });
    this.#consumers = { 'to-server': consumerOf('to-server'), 'to-client': consumerOf('to-client') };
  }

  get lostBytes(): number {
    return this.#halves['to-server'].lostBytes + this.#halves['to-client'].lostBytes;
  }

  synchronise(direction: Direction, sequence: number): void {
    this.#halves[direction].synchronise(sequence);
  }

  segment(direction: Direction, sequence: number, bytes: Uint8Array, start: number, end: number): boolean {
    return this.#halves[direction].segment(sequence, bytes, start, end, this.#consumers[direction]);
  }

  end(): void {
    for (const direction of ['to-server', 'to-client'] as const) {
      if (!this.#halves[direction].flush(this.#consumers[direction])) return;
    }
    this.#parser?.end();
  }

  #bytes(direction: Direction, bytes: Uint8Array): boolean {
    const skip = this.#skip[direction];
    if (skip >= bytes.length) {
      this.#skip[direction] = skip - bytes.length;
      return true;
    }
    this.#skip[direction] = 0;
    const wanted = skip === 0 ? bytes : bytes.subarray(skip);
    return this.#parser === undefined ? this.#tryDetection(direction, wanted) : this.#parse(direction, wanted);
  }

  #gap(direction: Direction, length: number): boolean {
    const skip = this.#skip[direction];
    if (skip >= length) {
      this.#skip[direction] = skip - length;
      return true;
    }
    this.#skip[direction] = 0;
    if (this.#parser === undefined) return this.protocolFound === undefined;
    return this.#parser.gap(direction, length - skip) === 'continue';
  }

  #tryDetection(direction: Direction, bytes: Uint8Array): boolean {
    this.#chunks.push({ direction, bytes: bytes.slice() });
    this.#bufferedBytes += bytes.length;
    const protocol = this.detect(this.#sampleOf('to-server'), this.#sampleOf('to-client'));
    if (protocol !== undefined) return this.#begin(protocol);
    const isExhausted =
      this.undecided.length === 0 ||
      this.#bufferedBytes > MAXIMUM_UNDECIDED_BYTES ||
      this.#chunks.length > MAXIMUM_UNDECIDED_CHUNKS;
    return !isExhausted;
  }

  #begin(protocol: Protocol): boolean {
    this.found(protocol);
    this.#parser = protocol.createStreamParser?.(this.context());
    if (this.#parser === undefined) return false;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const { direction, bytes } of chunks) if (!this.#bytes(direction, bytes)) return false;
    return true;
  }

  #parse(direction: Direction, bytes: Uint8Array): boolean {
    const parser = this.#parser;
    if (parser === undefined) return false;
    const state = parser.push(direction, bytes);
    const next = this.takeHandOver();
    if (next !== undefined) {
      this.found(next);
      this.#parser = next.createStreamParser?.(this.context());
      return this.#parser !== undefined;
    }
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

/** Inspection of a UDP flow. */
export class DatagramInspection extends Inspection {
  #datagrams = 0;

  /** @returns false once nothing more is wanted */
  datagram(direction: Direction, payload: Uint8Array): boolean {
    if (this.protocolFound === undefined) {
      const isToServer = direction === 'to-server';
      const sample = payload.subarray(0, SAMPLE_BYTES);
      // Every datagram stands alone: a room that rejected one may take the next.
      this.undecided = this.index.candidates(this.flow);
      const protocol = this.detect(isToServer ? sample : NO_BYTES, isToServer ? NO_BYTES : sample);
      if (protocol === undefined) {
        this.#datagrams += 1;
        return this.#datagrams < MAXIMUM_UNDECIDED_DATAGRAMS;
      }
      this.found(protocol);
    }
    if (this.protocolFound?.parseDatagram === undefined) return false;
    this.protocolFound.parseDatagram(payload, direction, this.context());
    return true;
  }
}
