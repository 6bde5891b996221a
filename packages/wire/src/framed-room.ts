import { ByteCollector } from './bytes/byte-collector.ts';
import { MessageSearch, type MessageStart } from './message-search.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  EvidenceDraft,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from './protocol.ts';

/** Reads the messages of one flow; may remember requests to tell what an answer answers. */
export interface MessageReader<R extends ProtocolRecord> {
  /**
   * @param message one whole message, or its first `maximumBytes`; valid during the call only
   * @returns false when nothing more of interest will come
   */
  message(message: Uint8Array, direction: Direction, context: ParserContext<R>): boolean;
  /** Whether what the message at hand has beyond `maximumBytes` is wanted too. */
  wantsRest?(direction: Direction): boolean;
  /** Some of it; valid during the call only. */
  rest?(bytes: Uint8Array, direction: Direction): void;
  /** So much of it was lost. */
  lostRest?(length: number, direction: Direction): void;
  /** Messages were lost here, in part or whole: what was begun in this direction will not be complete. */
  lost?(direction: Direction): void;
  /** No message will follow: gives what still waits for an answer. */
  end?(context: ParserContext<R>): void;
}

/** What a room whose messages carry their own length has to say; the rest follows. */
export interface FramedRoom<R extends ProtocolRecord> {
  readonly id: string;
  readonly title: string;
  readonly standards: readonly string[];
  /** TCP carries messages one behind the other, UDP one to a datagram. */
  readonly transports: readonly ('tcp' | 'udp')[];
  readonly usualPorts: readonly number[];
  readonly isEncrypted?: boolean;
  /** Carries clinical data when used as intended. */
  readonly isClinical?: boolean;
  readonly firstBytes?: readonly number[];
  /** Fewest bytes at the start of a message that can tell its length. */
  readonly headerBytes: number;
  /** Longer messages are read as far as this. */
  readonly maximumBytes: number;
  /**
   * @param header the first `headerBytes` of a message, or more after `more`
   * @returns bytes of the whole message, header included; `more` where the header is longer; undefined where no message
   *   starts like this. Of a datagram: at most what it has.
   */
  messageLength(header: Uint8Array, direction: Direction, transport: 'tcp' | 'udp'): number | 'more' | undefined;
  /**
   * Whether the first message of a direction is surely of this protocol: as much of it as is there, at least the header.
   * `undecided` where more is needed.
   */
  recognise(message: Uint8Array, sample: DetectionSample, direction: Direction): Detection;
  /**
   * Where a message can be told from what it carries: the room then goes on behind lost bytes. Without it, a message that
   * was torn is the last one.
   */
  readonly startsAt?: MessageStart;
  createReader(): MessageReader<R>;
  evidence(record: R): readonly EvidenceDraft[];
}

/** A room on TCP, UDP or both, whose messages carry their own length. */
export function defineFramedRoom<R extends ProtocolRecord>(room: FramedRoom<R>): Protocol<R> {
  return {
    id: room.id,
    title: room.title,
    standards: room.standards,
    transports: room.transports,
    usualPorts: room.usualPorts,
    isEncrypted: room.isEncrypted ?? false,
    isClinical: room.isClinical ?? false,
    ...(room.firstBytes === undefined ? {} : { firstBytes: room.firstBytes }),
    detect: (sample) => detectFramed(room, sample),
    ...(room.transports.includes('tcp') ? { createStreamParser: (context) => new FrameParser(room, context) } : {}),
    ...(room.transports.includes('udp') ? datagramsOf(room) : {}),
    evidence: room.evidence,
  };
}

/** Readers of flows live as long as the flow's context. */
function datagramsOf<R extends ProtocolRecord>(room: FramedRoom<R>): Pick<Protocol<R>, 'parseDatagram' | 'flowEnded'> {
  const readers = new WeakMap<ParserContext<R>, MessageReader<R>>();
  return {
    parseDatagram: (payload, direction, context) => {
      const length = payload.length < room.headerBytes ? undefined : room.messageLength(payload, direction, 'udp');
      if (length === undefined || length === 'more') return;
      const reader = readers.get(context) ?? room.createReader();
      readers.set(context, reader);
      reader.message(payload.subarray(0, Math.min(length, room.maximumBytes)), direction, context);
    },
    flowEnded: (context) => readers.get(context)?.end?.(context),
  };
}

/** The first message that is there decides; where both ends have spoken, neither may object. */
function detectFramed<R extends ProtocolRecord>(room: FramedRoom<R>, sample: DetectionSample): Detection {
  const first = sample.toServer.length > 0 ? detectSide(room, sample, sample.toServer, 'to-server') : 'undecided';
  if (first === 'reject' || sample.toClient.length === 0) return first;
  const second = detectSide(room, sample, sample.toClient, 'to-client');
  return second === 'undecided' ? first : second;
}

function detectSide<R extends ProtocolRecord>(
  room: FramedRoom<R>,
  sample: DetectionSample,
  bytes: Uint8Array,
  direction: Direction,
): Detection {
  const { transport } = sample;
  if (room.firstBytes?.includes(bytes[0] ?? -1) === false) return 'reject';
  if (bytes.length < room.headerBytes) return transport === 'udp' ? 'reject' : 'undecided';
  const length = room.messageLength(bytes, direction, transport);
  if (length === undefined) return 'reject';
  const detection = length === 'more' ? 'undecided' : room.recognise(bytes.subarray(0, length), sample, direction);
  return detection === 'undecided' && transport === 'udp' ? 'reject' : detection;
}

class FrameParser<R extends ProtocolRecord> implements StreamParser {
  readonly #room: FramedRoom<R>;
  readonly #context: ParserContext<R>;
  readonly #reader: MessageReader<R>;
  readonly #halves = { 'to-server': new FrameHalf(), 'to-client': new FrameHalf() };
  readonly findsWayAgain: boolean;

  constructor(room: FramedRoom<R>, context: ParserContext<R>) {
    this.#room = room;
    this.#context = context;
    this.#reader = room.createReader();
    this.findsWayAgain = room.startsAt !== undefined;
  }

  push(direction: Direction, pushed: Uint8Array): StreamState {
    const half = this.#halves[direction];
    const bytes = half.search === undefined ? pushed : half.find(pushed);
    if (bytes === undefined) return half.search?.isHopeless === true ? this.#broken() : 'continue';
    const { headerBytes, maximumBytes } = this.#room;
    let offset = this.#passRest(half, bytes, 0, direction);
    while (offset < bytes.length) {
      const length = half.bytes.length === 0 ? this.#wholeLength(bytes, offset, direction) : 0;
      let state: StreamState;
      if (length > 0) {
        const read = Math.min(length, maximumBytes);
        state = this.#read(bytes.subarray(offset, offset + read), direction);
        half.skip = length - read;
        offset += read;
      } else {
        offset += half.take(bytes, offset, headerBytes, maximumBytes);
        state = this.#tryMessage(half, direction);
      }
      if (state !== 'continue') return state;
      offset += this.#passRest(half, bytes, offset, direction);
    }
    return 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    const half = this.#halves[direction];
    if (half.bytes.length === 0 && length <= half.skip) {
      half.skip -= length;
      if (this.#reader.wantsRest?.(direction) === true) this.#reader.lostRest?.(length, direction);
      return 'continue';
    }
    const { startsAt } = this.#room;
    if (startsAt === undefined) {
      this.end();
      return 'finished';
    }
    if (this.#reader.wantsRest?.(direction) === true) this.#reader.lostRest?.(half.skip, direction);
    this.#reader.lost?.(direction);
    half.tear(new MessageSearch(startsAt));
    return 'continue';
  }

  end(): void {
    this.#reader.end?.(this.#context);
  }

  skippable(direction: Direction): number {
    const half = this.#halves[direction];
    const { skip } = half;
    if (this.#reader.wantsRest?.(direction) === true) return 0;
    half.skip = 0;
    return skip;
  }

  /** @returns bytes that belong to what is not read of the message before */
  #passRest(half: FrameHalf, bytes: Uint8Array, offset: number, direction: Direction): number {
    const length = half.takeSkipped(bytes.length - offset);
    if (length > 0 && this.#reader.wantsRest?.(direction) === true) {
      this.#reader.rest?.(bytes.subarray(offset, offset + length), direction);
    }
    return length;
  }

  /** @returns length of the message at `offset` where all of it that is read lies in `bytes`; else 0 */
  #wholeLength(bytes: Uint8Array, offset: number, direction: Direction): number {
    const { headerBytes, maximumBytes } = this.#room;
    if (bytes.length - offset < headerBytes) return 0;
    const length = this.#room.messageLength(bytes.subarray(offset, offset + headerBytes), direction, 'tcp');
    const isWhole = typeof length === 'number' && Math.min(length, maximumBytes) <= bytes.length - offset;
    return isWhole ? length : 0;
  }

  #tryMessage(half: FrameHalf, direction: Direction): StreamState {
    const { headerBytes, maximumBytes } = this.#room;
    if (half.length === 0) {
      const needed = Math.max(headerBytes, half.headerBytes);
      if (half.bytes.length < needed) return 'continue';
      const length = this.#room.messageLength(half.bytes.view(), direction, 'tcp');
      if (length === undefined || length === 0) return this.#broken();
      half.headerBytes = length === 'more' ? needed + 1 : 0;
      if (length === 'more') return 'continue';
      half.length = length;
    }
    const read = Math.min(half.length, maximumBytes);
    if (half.bytes.length < read) return 'continue';
    const state = this.#read(half.bytes.view().subarray(0, read), direction);
    half.next(read);
    return state;
  }

  #read(message: Uint8Array, direction: Direction): StreamState {
    if (this.#reader.message(message, direction, this.#context)) return 'continue';
    this.end();
    return 'finished';
  }

  /** What was asked before the damage was asked all the same. */
  #broken(): StreamState {
    this.end();
    return 'failed';
  }
}

const LARGEST_FRAME = 64 * 1024;

class FrameHalf {
  readonly bytes = new ByteCollector(LARGEST_FRAME);
  /** Of the message at hand; 0 until its header is whole. */
  length = 0;
  /** Bytes that the header at hand is known to need. */
  headerBytes = 0;
  /** Bytes of the message before that are not read. */
  skip = 0;
  /** Since bytes were lost, until a message begins. */
  search: MessageSearch | undefined;

  /** What was begun is not whole any more. */
  tear(search: MessageSearch): void {
    this.bytes.clear();
    this.length = 0;
    this.headerBytes = 0;
    this.skip = 0;
    this.search = search;
  }

  /** @returns bytes from where a message begins; undefined while none does */
  find(bytes: Uint8Array): Uint8Array | undefined {
    const found = this.search?.push(bytes);
    if (found !== undefined) this.search = undefined;
    return found;
  }

  /** @returns how many of `available` bytes belong to what is not read */
  takeSkipped(available: number): number {
    const skipped = Math.min(this.skip, available);
    this.skip -= skipped;
    return skipped;
  }

  /** Collects what the message at hand still needs. @returns bytes taken, at least one */
  take(bytes: Uint8Array, offset: number, headerBytes: number, maximumBytes: number): number {
    const needed = this.length > 0 ? Math.min(this.length, maximumBytes) : Math.max(headerBytes, this.headerBytes);
    const taken = Math.min(Math.max(needed - this.bytes.length, 1), bytes.length - offset);
    this.bytes.add(bytes.subarray(offset, offset + taken));
    return taken;
  }

  /** The message at hand was read: what lies behind the part that was read is skipped. */
  next(read: number): void {
    this.skip = this.length - read;
    this.length = 0;
    this.bytes.drop(read);
  }
}
