import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type { MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
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
} from '../protocol.ts';
import { parseSip, type SipMessage } from './message.ts';
import { sipFrames, sipView } from './views.ts';

const MAXIMUM_HEAD = 4096;
/** Bytes of a body over TCP that are read. */
const MAXIMUM_BODY = 16_384;
const FIRST_PROVISIONAL = 100;
const FIRST_FINAL = 200;
const FIRST_FAILURE = 400;
const START =
  /^(?:SIP\/2\.0 \d{3}\b|(?:INVITE|ACK|BYE|CANCEL|OPTIONS|REGISTER|PRACK|SUBSCRIBE|NOTIFY|PUBLISH|INFO|REFER|MESSAGE|UPDATE) (?:sips?|tel):)/;
/** Blank lines keep a connection open (RFC 5626 §3.5.1). */
const LEADING_BLANKS = /^[\r\n\0]+/;

/** A request with its final answer. */
export interface SipRecord extends ProtocolRecord {
  readonly protocol: 'sip';
  readonly activity: 'transaction';
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly outcome: Outcome | undefined;
  /** Programs of both ends. */
  readonly clientSoftware: string;
  readonly serverSoftware: string;
  readonly media: readonly string[];
  readonly durationMs: number | undefined;
}

/** One message: what a log tells of it. */
export interface SipMessageRecord extends ProtocolRecord {
  readonly protocol: 'sip';
  readonly activity: 'request' | 'answer';
  readonly method: string;
  /** 0 for requests. */
  readonly status: number;
  readonly reason: string;
  readonly software: string;
}

function join(request: SipMessage | undefined, answer: SipMessage | undefined, durationMs?: number): SipRecord {
  const method = request?.method ?? answer?.method ?? '';
  const outcome = answer === undefined ? 'unanswered' : answer.status < FIRST_FAILURE ? 'success' : 'failure';
  return {
    protocol: 'sip',
    activity: 'transaction',
    method,
    status: answer?.status ?? 0,
    reason: answer?.reason ?? '',
    // Nobody answers an ACK (RFC 3261 §17.1.1.3).
    outcome: method === 'ACK' ? undefined : outcome,
    clientSoftware: request?.software ?? '',
    serverSoftware: answer?.software ?? '',
    media: request?.media ?? [],
    durationMs,
  };
}

/** Offers and answers (RFC 3264) say where their sender awaits media: they are known for RTP by that. */
function announce({ streams }: SipMessage, context: ParserContext<SipRecord>): void {
  for (const media of streams) {
    const transfer = { name: '', media };
    context.expect?.({ end: { ip: media.ip }, transport: 'udp', port: media.port, room: 'rtp', transfer });
  }
}

const createReader = pairingReader<SipMessage, SipRecord>({
  parse: (bytes, _, context) => {
    const message = parseSip(bytes);
    if (message !== undefined) announce(message, context);
    return message;
  },
  isInterim: ({ status }) => status >= FIRST_PROVISIONAL && status < FIRST_FINAL,
  isRequest: ({ isRequest }) => isRequest,
  keyOf: ({ key, method }) => (method === 'ACK' ? undefined : key),
  join,
  view: (_, message) => sipView(message),
  frames: sipFrames,
  sideRecord: ({ isRequest, method, status, reason, software }): SipMessageRecord => ({
    protocol: 'sip',
    activity: isRequest ? 'request' : 'answer',
    method,
    status,
    reason,
    software,
  }),
});

/** Messages over TCP end where their Content-Length says (RFC 3261 §18.3). */
class SipParser implements StreamParser {
  readonly #context: ParserContext<SipRecord>;
  readonly #reader = createReader();
  readonly #halves = { 'to-server': new SipHalf(), 'to-client': new SipHalf() };

  constructor(context: ParserContext<SipRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const half = this.#halves[direction];
    let offset = half.takeSkipped(bytes.length);
    while (offset < bytes.length) {
      if (half.wanted === 0) {
        offset += half.head.add(bytes, offset);
        const head = half.head.whole();
        if (head === undefined) return half.head.isFull ? this.#broken() : 'continue';
        const length = parseSip(head)?.length;
        if (length === undefined) return this.#broken();
        half.begin(head, length);
      }
      offset += half.takeBody(bytes, offset);
      if (!half.isWhole) return 'continue';
      this.#reader.message(half.message.view(), direction, this.#context);
      half.next();
      offset += half.takeSkipped(bytes.length - offset);
    }
    return 'continue';
  }

  gap(): StreamState {
    this.end();
    return 'finished';
  }

  end(): void {
    this.#reader.end?.(this.#context);
  }

  #broken(): StreamState {
    this.end();
    return 'failed';
  }
}

/** Collects one head, byte for byte as far as its blank line, so that nothing behind it is swallowed. */
class HeadCollector {
  readonly #bytes = new ByteCollector(MAXIMUM_HEAD);
  #blankLines = 0;
  #isWhole = false;

  get isFull(): boolean {
    return this.#bytes.isFull;
  }

  /** @returns how many bytes were taken */
  add(bytes: Uint8Array, offset: number): number {
    let end = offset;
    while (end < bytes.length && !this.#isWhole && end - offset + this.#bytes.length < MAXIMUM_HEAD) {
      const byte = bytes[end++];
      if (byte === 0x0a) this.#blankLines += 1;
      else if (byte !== 0x0d) this.#blankLines = 0;
      this.#isWhole = this.#blankLines === 2;
    }
    this.#bytes.add(bytes.subarray(offset, end));
    return Math.max(1, end - offset);
  }

  whole(): Uint8Array | undefined {
    return this.#isWhole ? this.#bytes.view() : undefined;
  }

  clear(): void {
    this.#bytes.clear();
    this.#blankLines = 0;
    this.#isWhole = false;
  }
}

class SipHalf {
  readonly head = new HeadCollector();
  /** Head and body. */
  readonly message = new ByteCollector(MAXIMUM_HEAD + MAXIMUM_BODY);
  /** Bytes of it that are gathered; 0 while its head is not whole. */
  wanted = 0;
  skip = 0;
  #length = 0;

  begin(head: Uint8Array, length: number): void {
    this.message.add(head);
    this.#length = Math.max(head.length, length);
    this.wanted = Math.min(this.#length, head.length + MAXIMUM_BODY);
    this.head.clear();
  }

  get isWhole(): boolean {
    return this.message.length >= this.wanted;
  }

  /** @returns how many bytes were taken */
  takeBody(bytes: Uint8Array, offset: number): number {
    const taken = Math.min(this.wanted - this.message.length, bytes.length - offset);
    this.message.add(bytes.subarray(offset, offset + taken));
    return taken;
  }

  next(): void {
    this.skip = this.#length - this.wanted;
    this.wanted = 0;
    this.message.clear();
  }

  takeSkipped(available: number): number {
    const skipped = Math.min(this.skip, available);
    this.skip -= skipped;
    return skipped;
  }
}

const readers = new WeakMap<ParserContext<SipRecord>, MessageReader<SipRecord>>();

function detectSip({ toServer, toClient, transport }: DetectionSample): Detection {
  const bytes = toServer.length > 0 ? toServer : toClient;
  if (bytes.length === 0) return 'undecided';
  const text = latin1(bytes, 0, 64).replace(LEADING_BLANKS, '');
  if (START.test(text)) return 'match';
  const isShort = transport === 'tcp' && text.length < 16 && /^[A-Z/2. ]*(?:sips?|tel)?$/.test(text);
  return isShort ? 'undecided' : 'reject';
}

export const sip: Protocol<SipRecord> = {
  id: 'sip',
  title: 'SIP',
  standards: [
    'RFC 3261 §7 (messages), §17 (transactions), §18.3 (framing)',
    'RFC 8866 §5, §6.6 (session descriptions)',
    'RFC 3264 (offer and answer)',
  ],
  transports: ['udp', 'tcp'],
  usualPorts: [5060],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [...'SIABCORPNUM\r\n\0'].map((character) => character.charCodeAt(0)),
  detect: detectSip,
  createStreamParser: (context) => new SipParser(context),
  parseDatagram: (payload, direction, context) => {
    const reader = readers.get(context) ?? createReader();
    readers.set(context, reader);
    reader.message(payload, direction, context);
  },
  flowEnded: (context) => readers.get(context)?.end?.(context),
  evidence: ({ clientSoftware, serverSoftware, outcome, method }): readonly EvidenceDraft[] => [
    ...draft('sip.user-agent', clientSoftware, 'client'),
    ...draft('sip.user-agent', serverSoftware, 'server'),
    ...(method === 'REGISTER' && outcome === 'success' ? draft('sip.registrar', 'true', 'server') : []),
  ],
};
