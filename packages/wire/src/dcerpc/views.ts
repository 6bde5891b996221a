import { ByteCollector } from '../bytes/byte-collector.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { DATAGRAM_HEADER_BYTES, pduFormat, type RpcPdu, TYPES, uuidAt } from './parse.ts';

const FIRST_FRAGMENT = 1;
const LAST_FRAGMENT = 2;
const HAS_OBJECT = 0x80;
const CALL_HEADER_BYTES = 24;
const OBJECT_BYTES = 16;
const AUTHENTICATION_HEADER_BYTES = 8;
const CONTEXT_BYTES = 24;
const SYNTAX_BYTES = 20;
const MAXIMUM_CONTEXTS = 256;
const MAXIMUM_CALLS = 16;
/** Bytes of one side of a call that rules look at. */
const MAXIMUM_STUB = 64 * 1024;

interface Context {
  readonly iface: string;
  isAccepted: boolean;
}

interface Call {
  readonly operation: number;
  readonly iface: string | undefined;
}

/**
 * What rules see of calls on one connection (C706 §12.6): the interface that was bound and accepted, the operation and the
 * stub data of request and answer, fragments put together. Buffers `dcerpc.*`.
 */
export class RpcViews {
  readonly #protocol: string;
  readonly #show: (direction: Direction, view: TransactionView) => void;
  readonly #contexts = new Map<number, Context>();
  /** Context ids that the last bind asked for, in its order. */
  #asked: number[] = [];
  readonly #calls = new Map<number, Call>();
  readonly #stubs: Record<Direction, ByteCollector> = {
    'to-server': new ByteCollector(MAXIMUM_STUB),
    'to-client': new ByteCollector(MAXIMUM_STUB),
  };

  /** @param protocol the room in whose name they are shown */
  constructor(protocol: string, show: (direction: Direction, view: TransactionView) => void) {
    this.#protocol = protocol;
    this.#show = show;
  }

  pdu(bytes: Uint8Array, direction: Direction): void {
    switch (TYPES[bytes[2] ?? 255]) {
      case 'bind':
      case 'alter-context':
        this.#bind(bytes);
        break;
      case 'bind-acknowledgement':
      case 'alter-context-response':
        this.#accept(bytes);
        break;
      case 'request':
        this.#request(bytes, direction);
        break;
      case 'response':
        this.#response(bytes, direction);
        break;
      default:
    }
  }

  /** Fragments were lost: the stub at hand will not be whole. */
  lost(direction: Direction): void {
    this.#stubs[direction].clear();
  }

  /** A connectionless call names its interface itself (§12.5.2). */
  datagram({ type, operation, interfaces }: RpcPdu, bytes: Uint8Array, direction: Direction): void {
    if (type !== 'request') return;
    const stub = bytes.slice(DATAGRAM_HEADER_BYTES);
    this.#tell({ operation, iface: `${interfaces.get(0)}/0.0` }, pduFormat(bytes).isLittle, stub, direction);
  }

  /** §12.6.4.3: of each context its id, number of transfer syntaxes, interface and version. */
  #bind(bytes: Uint8Array): void {
    const { u16, isLittle } = pduFormat(bytes);
    this.#asked = [];
    // `dcerpc.iface` asks for the first fragment of a bind, unless it says `any_frag`.
    const later = ((bytes[3] ?? 0) & FIRST_FRAGMENT) === 0 ? '/later' : '';
    const count = bytes[CALL_HEADER_BYTES] ?? 0;
    let offset = 28;
    for (let index = 0; index < count && offset + CONTEXT_BYTES <= bytes.length; index++) {
      const id = u16(offset);
      const iface = `${uuidAt(bytes, offset + 4, isLittle)}/${u16(offset + 20)}.${u16(offset + 22)}${later}`;
      this.#asked.push(id);
      if (this.#contexts.size < MAXIMUM_CONTEXTS) this.#contexts.set(id, { iface, isAccepted: false });
      offset += CONTEXT_BYTES + (bytes[offset + 2] ?? 0) * SYNTAX_BYTES;
    }
  }

  /** §12.6.4.4: secondary address, padding, number of results, then a result for each context in the order of the bind. */
  #accept(bytes: Uint8Array): void {
    const { u16 } = pduFormat(bytes);
    let offset = CALL_HEADER_BYTES + 2 + u16(CALL_HEADER_BYTES);
    offset += (4 - (offset % 4)) % 4;
    const count = bytes[offset] ?? 0;
    for (let index = 0; index < count; index++) {
      const context = this.#contexts.get(this.#asked[index] ?? -1);
      if (context !== undefined) context.isAccepted = u16(offset + 4 + index * CONTEXT_BYTES) === 0;
    }
  }

  #request(bytes: Uint8Array, direction: Direction): void {
    const { u16, u32 } = pduFormat(bytes);
    const context = this.#contexts.get(u16(20));
    const call = { operation: u16(22), iface: context?.isAccepted === true ? context.iface : undefined };
    if (this.#calls.size < MAXIMUM_CALLS) this.#calls.set(u32(12), call);
    const hasObject = ((bytes[3] ?? 0) & HAS_OBJECT) !== 0;
    this.#stub(bytes, CALL_HEADER_BYTES + (hasObject ? OBJECT_BYTES : 0), call, direction);
  }

  #response(bytes: Uint8Array, direction: Direction): void {
    const id = pduFormat(bytes).u32(12);
    const isLast = ((bytes[3] ?? 0) & LAST_FRAGMENT) !== 0;
    this.#stub(bytes, CALL_HEADER_BYTES, this.#calls.get(id), direction);
    if (isLast) this.#calls.delete(id);
  }

  #stub(bytes: Uint8Array, start: number, call: Call | undefined, direction: Direction): void {
    const { u16, isLittle } = pduFormat(bytes);
    const authentication = u16(10);
    const trailer = authentication === 0 ? 0 : authentication + AUTHENTICATION_HEADER_BYTES;
    const flags = bytes[3] ?? 0;
    const stub = this.#stubs[direction];
    if ((flags & FIRST_FRAGMENT) !== 0) stub.clear();
    const end = Math.min(bytes.length, u16(8) - trailer);
    if (end > start) stub.add(bytes.subarray(start, end));
    if ((flags & LAST_FRAGMENT) === 0 && !stub.isFull) return;
    this.#tell(call, isLittle, stub.view().slice(), direction);
    stub.clear();
  }

  #tell(call: Call | undefined, isLittle: boolean, stub: Uint8Array, direction: Direction): void {
    const buffers = {
      ...(call?.iface === undefined ? {} : { 'dcerpc.iface': [Buffer.from(call.iface, 'latin1')] }),
      ...(stub.length === 0 ? {} : { 'dcerpc.stub_data': [stub] }),
    };
    const numbers = {
      'dcerpc.is-little-endian': [isLittle ? 1 : 0],
      ...(call === undefined ? {} : { 'dcerpc.opnum': [call.operation] }),
    };
    this.#show(direction, { protocol: this.#protocol, buffers, numbers });
  }
}
