import { ByteCollector } from './bytes/byte-collector.ts';
import type { MessageReader } from './framed-room.ts';
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

/**
 * What a room has to say whose messages end at one byte and prove themselves, by a checksum or a form that nothing else has:
 * the serial interfaces of devices, which terminal servers carry over TCP. Either end may speak first.
 */
export interface DelimitedRoom<R extends ProtocolRecord> {
  readonly id: string;
  readonly title: string;
  readonly standards: readonly string[];
  /** Each message begins with one of these; what comes before is passed over. */
  readonly firstBytes: readonly number[];
  /** Ends each message. */
  readonly delimiter: number;
  /** Longer ones are none. */
  readonly maximumBytes: number;
  /** @returns whether bytes are no part of messages (waveforms between them) */
  isBetween?(byte: number): boolean;
  /** @returns whether bytes without a delimiter may be the beginning of one; absent where any may */
  mayBegin?(start: Uint8Array): boolean;
  /** @param message without its delimiter. @returns whether it surely is one */
  isMessage(message: Uint8Array): boolean;
  createReader(): MessageReader<R>;
  evidence(record: R): readonly EvidenceDraft[];
}

/** A clinical room on TCP, whose messages end at a delimiter. */
export function defineDelimitedRoom<R extends ProtocolRecord>(room: DelimitedRoom<R>): Protocol<R> {
  return {
    id: room.id,
    title: room.title,
    standards: room.standards,
    transports: ['tcp'],
    usualPorts: [],
    isEncrypted: false,
    isClinical: true,
    firstBytes: room.firstBytes,
    detect: (sample) => detectDelimited(room, sample),
    createStreamParser: (context) => new DelimitedParser(room, context),
    evidence: room.evidence,
  };
}

/** The first message of either end decides, once it is whole. */
function detectDelimited<R extends ProtocolRecord>(
  room: DelimitedRoom<R>,
  { toServer, toClient }: DetectionSample,
): Detection {
  const sides = [toServer, toClient].filter((bytes) => bytes.length > 0).map((bytes) => detectSide(room, bytes));
  if (sides.includes('match')) return 'match';
  return sides.includes('reject') ? 'reject' : 'undecided';
}

function detectSide<R extends ProtocolRecord>(room: DelimitedRoom<R>, bytes: Uint8Array): Detection {
  if (!room.firstBytes.includes(bytes[0] ?? -1)) return 'reject';
  // Where a message begins with what ends it, that byte does not end it.
  const end = bytes.indexOf(room.delimiter, 1);
  if (end < 0) return bytes.length < room.maximumBytes && room.mayBegin?.(bytes) !== false ? 'undecided' : 'reject';
  return room.isMessage(bytes.subarray(0, end)) ? 'match' : 'reject';
}

class DelimitedParser<R extends ProtocolRecord> implements StreamParser {
  readonly findsWayAgain = true;
  readonly #room: DelimitedRoom<R>;
  readonly #context: ParserContext<R>;
  readonly #reader: MessageReader<R>;
  readonly #halves: Readonly<Record<Direction, ByteCollector>>;
  /** Lines that prove nothing, one after the other, of each direction: too many and it is another protocol. */
  readonly #strays = { 'to-server': 0, 'to-client': 0 };

  constructor(room: DelimitedRoom<R>, context: ParserContext<R>) {
    this.#room = room;
    this.#context = context;
    this.#reader = room.createReader();
    // One byte more than a message tells that it is longer.
    const half = () => new ByteCollector(room.maximumBytes + 1);
    this.#halves = { 'to-server': half(), 'to-client': half() };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const { delimiter, isBetween } = this.#room;
    const half = this.#halves[direction];
    const content = isBetween !== undefined && bytes.some(isBetween) ? bytes.filter((byte) => !isBetween(byte)) : bytes;
    let offset = 0;
    while (offset < content.length) {
      const end = content.indexOf(delimiter, offset);
      half.add(content.subarray(offset, end < 0 ? content.length : end));
      if (half.isFull) half.clear();
      if (end < 0) return 'continue';
      const state = this.#line(half.view(), direction);
      half.clear();
      if (state !== 'continue') return state;
      offset = end + 1;
    }
    return 'continue';
  }

  /** What was lost tears the line in which it was lost. */
  gap(direction: Direction): StreamState {
    this.#halves[direction].clear();
    return 'continue';
  }

  end(): void {
    this.#reader.end?.(this.#context);
  }

  #line(line: Uint8Array, direction: Direction): StreamState {
    const { firstBytes, delimiter, isMessage } = this.#room;
    // Flags that begin messages too are no part of the line.
    const isFlagged = firstBytes.includes(delimiter);
    const start = isFlagged && line.length > 0 ? 0 : line.findIndex((byte) => firstBytes.includes(byte));
    if (start < 0) return 'continue';
    const message = line.subarray(start);
    if (!isMessage(message)) {
      this.#strays[direction] += 1;
      if (this.#strays[direction] < MAXIMUM_STRAYS) return 'continue';
      this.end();
      return 'failed';
    }
    this.#strays[direction] = 0;
    if (this.#reader.message(message, direction, this.#context)) return 'continue';
    this.end();
    return 'finished';
  }
}

const MAXIMUM_STRAYS = 64;
