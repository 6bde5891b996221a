import { word16, word32 } from '../bytes/match.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';
import { MESSAGES_1, MESSAGES_2, MESSAGES_PRIME, USER_DATA } from './messages.ts';

const CONTROL_PORT = 2123;
const USER_PORT = 2152;
const CHARGING_PORT = 3386;
const HEADER_BYTES = 8;
const SAMPLE_BYTES = 512;
const IS_NOT_PRIME = 0x10;
const HAS_OPTIONS_1 = 0x07;
const HAS_TUNNEL_2 = 0x08;
const CAUSE_1 = 1;
const CAUSE_2 = 2;
/** Values from which on a cause accepts (TS 29.060 §7.7.1), and those between which it does (TS 29.274 §8.4). */
const ACCEPTED_1 = 128;
const REFUSED_1 = 192;
const ACCEPTED_2 = 16;
const REFUSED_2 = 64;

/** A request between nodes of a mobile network with its answer. Subscribers, their numbers and their places are never read. */
export interface GtpRecord extends ProtocolRecord {
  readonly protocol: 'gtp';
  /** `create-session`, `echo`, `data-record-transfer`, `user-data` …; that of the answer where no request was seen. */
  readonly activity: string;
  /** `GTP v1`, `GTP-C v2`, `GTP'`. */
  readonly variant: string;
  readonly outcome: Outcome | undefined;
  /** Cause of the answer; undefined where it has none. */
  readonly cause: number | undefined;
  readonly durationMs: number | undefined;
}

interface Message {
  readonly variant: string;
  readonly activity: string;
  readonly isRequest: boolean;
  readonly isAnswer: boolean;
  readonly sequence: number | undefined;
  readonly cause: number | undefined;
}

/** TS 29.060 §6, TS 29.274 §5, TS 32.295 §6. */
function parseMessage(bytes: Uint8Array): Message | undefined {
  const [flags = 0, type = 0] = bytes;
  const version = flags >>> 5;
  if (version === 2) return messageOf('GTP-C v2', MESSAGES_2[type], sequence2(bytes), cause2(bytes));
  if ((flags & IS_NOT_PRIME) === 0) return messageOf("GTP'", MESSAGES_PRIME[type], word16(bytes, 4), undefined);
  const hasSequence = (flags & HAS_OPTIONS_1) !== 0;
  const start = hasSequence ? HEADER_BYTES + 4 : HEADER_BYTES;
  const cause = bytes[start] === CAUSE_1 ? bytes[start + 1] : undefined;
  return messageOf('GTP v1', MESSAGES_1[type], hasSequence ? word16(bytes, HEADER_BYTES) : undefined, cause);
}

function messageOf(
  variant: string,
  name: string | undefined,
  sequence: number | undefined,
  cause: number | undefined,
): Message | undefined {
  if (name === undefined) return undefined;
  const [, activity = name, side] = /^(.*)-(request|response)$/.exec(name) ?? [];
  return { variant, activity, isRequest: side === 'request', isAnswer: side === 'response', sequence, cause };
}

function startOf2(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) & HAS_TUNNEL_2) === 0 ? 4 : 8;
}

function sequence2(bytes: Uint8Array): number {
  return word32(bytes, startOf2(bytes)) >>> 8;
}

/** Mostly the first element of an answer: type, length, instance, value. */
function cause2(bytes: Uint8Array): number | undefined {
  const at = startOf2(bytes) + 4;
  return bytes[at] === CAUSE_2 ? bytes[at + 4] : undefined;
}

function join(request: Message | undefined, answer: Message | undefined, durationMs?: number): GtpRecord {
  const { variant = '', activity = '', isRequest = false, isAnswer = false } = request ?? answer ?? {};
  const cause = answer?.cause;
  return {
    protocol: 'gtp',
    activity,
    variant,
    outcome: isRequest || isAnswer ? outcomeOf(answer) : undefined,
    cause,
    durationMs,
  };
}

function outcomeOf(answer: Message | undefined): Outcome {
  if (answer === undefined) return 'unanswered';
  const { cause, variant } = answer;
  const [first, end] = variant === 'GTP-C v2' ? [ACCEPTED_2, REFUSED_2] : [ACCEPTED_1, REFUSED_1];
  return cause === undefined || (cause >= first && cause < end) ? 'success' : 'failure';
}

const pairing = pairingReader<Message, GtpRecord>({
  parse: parseMessage,
  isRequest: ({ isRequest }) => isRequest,
  keyOf: ({ sequence, isRequest, isAnswer }) => (isRequest || isAnswer ? sequence : undefined),
  join,
});

/** Signalling is paired; that there is user data is told once, and what it carries is traffic of its own. */
class GtpReader implements MessageReader<GtpRecord> {
  readonly #pairs = pairing();
  #hasUserData = false;

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<GtpRecord>): boolean {
    const isUserData = bytes[1] === USER_DATA && (bytes[0] ?? 0) >>> 5 === 1 && ((bytes[0] ?? 0) & IS_NOT_PRIME) !== 0;
    if (!isUserData) return this.#pairs.message(bytes, direction, context);
    if (!this.#hasUserData) context.emit(join(USER_DATA_MESSAGE, undefined), direction);
    this.#hasUserData = true;
    return true;
  }

  end(context: ParserContext<GtpRecord>): void {
    this.#pairs.end?.(context);
  }
}

const USER_DATA_MESSAGE: Message = {
  variant: 'GTP v1',
  activity: 'user-data',
  isRequest: false,
  isAnswer: false,
  sequence: undefined,
  cause: undefined,
};

export const gtp = defineFramedRoom<GtpRecord>({
  id: 'gtp',
  title: 'GTP',
  standards: ['3GPP TS 29.060 §6, §7 (GTPv1)', '3GPP TS 29.274 §5, §6 (GTPv2-C)', "3GPP TS 32.295 §6 (GTP')"],
  transports: ['udp'],
  usualPorts: [CONTROL_PORT, USER_PORT, CHARGING_PORT],
  headerBytes: HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header) => header.length,
  recognise: (bytes, { serverPort, clientPort }) => {
    const isAt = (port: number) => serverPort === port || clientPort === port;
    const version = (bytes[0] ?? 0) >>> 5;
    const length = word16(bytes, 2);
    if (isAt(CONTROL_PORT)) {
      const isWhole = version === 1 && length + HEADER_BYTES === bytes.length;
      return isWhole || (version === 2 && length + 4 <= bytes.length) ? 'match' : 'reject';
    }
    if (isAt(CHARGING_PORT)) return version <= 2 && length > 0 ? 'match' : 'reject';
    const isUser = isAt(USER_PORT) && version === 1 && ((bytes[0] ?? 0) & IS_NOT_PRIME) !== 0;
    const isWhole = length + HEADER_BYTES === bytes.length || bytes.length === SAMPLE_BYTES;
    return isUser && isWhole ? 'match' : 'reject';
  },
  createReader: () => new GtpReader(),
  evidence: () => [],
});
