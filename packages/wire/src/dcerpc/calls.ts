import type { TransactionDetail } from '../inspector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { DATAGRAM_HEADER_BYTES, HEADER_BYTES, parseDatagramPdu, pduFormat, TYPES, uuidAt } from './parse.ts';

const LAST_FRAGMENT = 2;
const CALL_HEADER_BYTES = 24;
const CONTEXT_BYTES = 24;
const SYNTAX_BYTES = 20;
const ACTIVITY_OFFSET = 40;
const MAXIMUM_CONTEXTS = 64;
const MAXIMUM_CALLS = 64;
const REQUESTS: readonly string[] = ['request', 'bind', 'alter-context'];
const RESPONSES: readonly string[] = [
  'response',
  'fault',
  'bind-acknowledgement',
  'bind-refusal',
  'alter-context-response',
];

/** One side of a call, fragments put together. */
export interface RpcSide {
  /** Of its PDUs, as the standard names it. */
  readonly type: string;
  readonly fragments: number;
  /** Bytes of arguments or results, as EVE counts them: behind the head of a request, behind the common header of an answer. */
  readonly stubBytes: number;
}

/** An interface that was asked for, with what became of that. */
export interface RpcInterface {
  readonly uuid: string;
  readonly version: string;
  /** 0 for accepted; undefined before an answer (C706 §12.6.4.4). */
  readonly result: number | undefined;
}

/** A call or a bind with its answer. */
export interface RpcDetail extends TransactionDetail {
  readonly protocol: 'dce-rpc';
  readonly isDatagram: boolean;
  /** Call id; over datagrams the sequence number. */
  readonly callId: number;
  readonly minorVersion: number;
  readonly operation: number;
  /** Over datagrams. */
  readonly activity: string | undefined;
  readonly request: RpcSide | undefined;
  readonly response: RpcSide | undefined;
  /** Of the call, or that a bind asks for. */
  readonly interfaces: readonly RpcInterface[];
}

interface Context {
  readonly id: number;
  readonly callId: number;
  readonly uuid: string;
  readonly version: string;
  result: number | undefined;
}

interface Call {
  readonly callId: number;
  readonly minorVersion: number;
  contextId: number;
  operation: number;
  activity?: string;
  request?: { type: string; fragments: number; stubBytes: number };
  response?: { type: string; fragments: number; stubBytes: number };
}

/** Puts requests and answers together out of PDUs (C706 §12.6), for who writes a log. */
export class RpcCalls {
  readonly #context: ParserContext;
  readonly #calls = new Map<number, Call>();
  readonly #contexts: Context[] = [];

  constructor(context: ParserContext) {
    this.#context = context;
  }

  /** @param bytes a PDU, perhaps cut at its end */
  pdu(bytes: Uint8Array, direction: Direction): void {
    const { u16, u32 } = pduFormat(bytes);
    const type = TYPES[bytes[2] ?? 255] ?? '';
    const isRequest = REQUESTS.includes(type);
    if (!isRequest && !RESPONSES.includes(type)) return;
    const flags = bytes[3] ?? 0;
    const call = this.#call(u32(12), bytes[1] ?? 0);
    if (type === 'bind' || type === 'alter-context') this.#bind(bytes, call.callId);
    if (type === 'bind-acknowledgement' || type === 'alter-context-response') this.#accept(bytes, call.callId);
    if (type === 'request') [call.contextId, call.operation] = [u16(20), u16(22)];
    const isCall = type === 'request' || type === 'response';
    const stubBytes = isCall ? Math.max(0, u16(8) - (isRequest ? CALL_HEADER_BYTES : HEADER_BYTES)) : 0;
    const side = isRequest ? 'request' : 'response';
    const known = call[side] ?? { type, fragments: 0, stubBytes: 0 };
    call[side] = { type, fragments: known.fragments + 1, stubBytes: known.stubBytes + stubBytes };
    const isLast = (flags & LAST_FRAGMENT) !== 0;
    if (!isRequest && isLast) this.#tell(call, direction);
  }

  /** §12.5.2. */
  datagram(bytes: Uint8Array, direction: Direction): void {
    const pdu = parseDatagramPdu(bytes);
    if (pdu === undefined || (pdu.type !== 'request' && pdu.type !== 'response')) return;
    const call = this.#call(pdu.callId, 0);
    call.activity = uuidAt(bytes, ACTIVITY_OFFSET, pduFormat(bytes).isLittle);
    const side = { type: pdu.type, fragments: 1, stubBytes: bytes.length - DATAGRAM_HEADER_BYTES };
    if (pdu.type === 'request') Object.assign(call, { request: side, operation: pdu.operation });
    else call.response = side;
    if (pdu.type === 'response') this.#tell(call, direction);
  }

  end(): void {
    for (const call of [...this.#calls.values()]) this.#tell(call, 'to-server');
  }

  #call(callId: number, minorVersion: number): Call {
    const known = this.#calls.get(callId);
    if (known !== undefined) return known;
    const [oldest] = this.#calls.size < MAXIMUM_CALLS ? [] : this.#calls.values();
    if (oldest !== undefined) this.#tell(oldest, 'to-server');
    const call: Call = { callId, minorVersion, contextId: -1, operation: -1 };
    this.#calls.set(callId, call);
    return call;
  }

  /** §12.6.4.3: of each context its id, number of transfer syntaxes, interface and version. */
  #bind(bytes: Uint8Array, callId: number): void {
    const { u16, isLittle } = pduFormat(bytes);
    const count = bytes[CALL_HEADER_BYTES] ?? 0;
    let offset = 28;
    for (let index = 0; index < count && offset + CONTEXT_BYTES <= bytes.length; index++) {
      const uuid = uuidAt(bytes, offset + 4, isLittle);
      const version = `${u16(offset + 20)}.${u16(offset + 22)}`;
      if (this.#contexts.length >= MAXIMUM_CONTEXTS) this.#contexts.shift();
      this.#contexts.push({ id: u16(offset), callId, uuid, version, result: undefined });
      offset += CONTEXT_BYTES + (bytes[offset + 2] ?? 0) * SYNTAX_BYTES;
    }
  }

  /** §12.6.4.4: secondary address, padding, number of results, then a result for each context in the order of the bind. */
  #accept(bytes: Uint8Array, callId: number): void {
    const { u16 } = pduFormat(bytes);
    let offset = CALL_HEADER_BYTES + 2 + u16(CALL_HEADER_BYTES);
    offset += (4 - (offset % 4)) % 4;
    const asked = this.#contexts.filter((context) => context.callId === callId);
    for (const [index, context] of asked.entries()) {
      const at = offset + 4 + index * CONTEXT_BYTES;
      if (index < (bytes[offset] ?? 0) && at + 2 <= bytes.length) context.result = u16(at);
    }
  }

  #tell(call: Call, direction: Direction): void {
    this.#calls.delete(call.callId);
    const { callId, minorVersion, operation, activity, request, response } = call;
    const isCall = request?.type === 'request';
    const contexts = this.#contexts.filter((each) => (isCall ? each.id === call.contextId : each.callId === callId));
    const isBind = request?.type === 'bind';
    const detail: RpcDetail = {
      protocol: 'dce-rpc',
      isDatagram: activity !== undefined,
      callId,
      minorVersion,
      operation,
      activity,
      request,
      response,
      interfaces: isCall || isBind ? contexts.map(({ uuid, version, result }) => ({ uuid, version, result })) : [],
    };
    this.#context.detail?.(direction, detail);
  }
}
