import { littleWord16 } from '../bytes/match.ts';
import type { TransactionDetail, TransactionView } from '../inspector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { CONFIRM, RESPONSE, WITHOUT_ANSWER } from './functions.ts';
import { checksum, HEADER_BYTES, userData, userDataIsRight } from './link-frame.ts';
import { type Dnp3Objects, readObjects } from './objects.ts';
import { Segments } from './segments.ts';

/** Requests in a row that nobody answers, from which on Suricata speaks of a flood. */
const FLOOD_REQUESTS = 32;
const SHORTEST_REQUEST = 2;
const SHORTEST_RESPONSE = 4;
/** What the octet of the link carries: user data, confirmed or not (IEEE 1815 §9.2.4.1.3). */
const USER_DATA: readonly number[] = [3, 4];
const PRIMARY = 0x40;

/** One message of the application layer with all that is in it. */
export interface Dnp3Detail extends TransactionDetail {
  readonly protocol: 'dnp3';
  /** Octet of the link frame that began it (§9.2.4.1.3). */
  readonly linkControl: number;
  readonly source: number;
  readonly destination: number;
  /** Octet of the application layer (§4.2.2.4). */
  readonly control: number;
  readonly function: number;
  /** Internal indications of an answer (§4.2.2.6); undefined for a request. */
  readonly indications: number | undefined;
  readonly content: Dnp3Objects;
}

/** Puts messages together out of link frames, for who looks on or writes a log. */
export class Dnp3Messages {
  readonly #segments: Readonly<Record<Direction, Segments>> = {
    'to-server': new Segments(),
    'to-client': new Segments(),
  };
  #unanswered = 0;

  frame(frame: Uint8Array, direction: Direction, context: ParserContext): void {
    const linkControl = frame[3] ?? 0;
    const isUserData = (linkControl & PRIMARY) !== 0 && USER_DATA.includes(linkControl & 0x0f);
    if (checksum(frame.subarray(0, 8)) !== littleWord16(frame, 8)) tell(context, direction, 'bad_link_crc');
    else if (isUserData && !userDataIsRight(frame)) tell(context, direction, 'bad_transport_crc');
    else if (isUserData && frame.length <= HEADER_BYTES) tell(context, direction, 'len_too_small');
    else if (isUserData) this.#userData(frame, direction, context);
  }

  #userData(frame: Uint8Array, direction: Direction, context: ParserContext): void {
    const segments = this.#segments[direction];
    const state = segments.add(userData(frame), frame);
    if (state === 'too-long') tell(context, direction, 'too_long_reassembly');
    if (state === 'complete') this.#message(segments.message(), segments.firstFrame(), direction, context);
  }

  #message(application: Uint8Array, header: Uint8Array, direction: Direction, context: ParserContext): void {
    const [control = 0, code = 0] = application;
    const isAnswer = code >= RESPONSE;
    if (application.length < (isAnswer ? SHORTEST_RESPONSE : SHORTEST_REQUEST)) {
      tell(context, direction, 'malformed');
      return;
    }
    if (code === CONFIRM) return;
    const indications = isAnswer ? ((application[2] ?? 0) << 8) | (application[3] ?? 0) : undefined;
    const content = readObjects(application.subarray(isAnswer ? SHORTEST_RESPONSE : SHORTEST_REQUEST), code);
    const events = [content.event, this.#flood(code)].filter((event) => event !== undefined);
    context.inspect?.(direction, viewOf(application, code, indications, content, events));
    const detail: Dnp3Detail = {
      protocol: 'dnp3',
      linkControl: header[3] ?? 0,
      destination: littleWord16(header, 4),
      source: littleWord16(header, 6),
      control,
      function: code,
      indications,
      content,
    };
    context.detail?.(direction, detail);
  }

  /** Told once for as many requests. */
  #flood(code: number): 'flooded' | undefined {
    if (code >= RESPONSE) this.#unanswered = 0;
    else if (!WITHOUT_ANSWER.has(code)) this.#unanswered += 1;
    return this.#unanswered === FLOOD_REQUESTS + 1 && code < RESPONSE ? 'flooded' : undefined;
  }
}

function viewOf(
  application: Uint8Array,
  code: number,
  indications: number | undefined,
  { objects }: Dnp3Objects,
  events: readonly string[],
): TransactionView {
  return {
    protocol: 'dnp3',
    buffers: { dnp3_data: [application.slice()] },
    numbers: {
      dnp3_func: [code],
      dnp3_obj: objects.map(({ group, variation }) => (group << 8) | variation),
      ...(indications === undefined ? {} : { dnp3_ind: [indications] }),
    },
    events: events.map((event) => `dnp3.${event}`),
  };
}

function tell(context: ParserContext, direction: Direction, event: string): void {
  context.inspect?.(direction, { protocol: 'dnp3', buffers: {}, events: [`dnp3.${event}`] });
}
