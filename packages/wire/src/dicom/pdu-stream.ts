import { ByteCollector } from '../bytes/byte-collector.ts';
import { word16, word32 } from '../bytes/match.ts';
import { MessageSearch } from '../message-search.ts';
import type { Detection } from '../protocol.ts';

/** Of a PDU (type, reserved, length) and of an item (length, context, control). */
const HEADER_BYTES = 6;
const NO_BODY: Uint8Array = new Uint8Array(0);
const DATA_TRANSFER = 0x04;
const LAST_PDU_TYPE = 0x07;
/** Associate PDUs of real systems stay below 64 KiB even with hundreds of presentation contexts. */
const MAXIMUM_BUFFERED_PDU_BYTES = 256 * 1024;
const COMMAND_FLAG = 1;
const LAST_FLAG = 2;

/** What a stream of PDUs holds. */
export interface PduHandler {
  /** A whole PDU other than P-DATA-TF; `body` begins behind its header. */
  pdu(type: number, body: Uint8Array): void;
  /**
   * Part of a command or data set (PS3.8 §9.3.5.1).
   * @param isRest nothing of the item is missing behind it: `fragmentEnd` follows, before the bytes change
   * @returns false when the rest of this item is of no interest
   */
  fragment(contextId: number, isCommand: boolean, bytes: Uint8Array, isRest: boolean): boolean;
  /** The last byte of an item has passed. */
  fragmentEnd(contextId: number, isCommand: boolean, isLast: boolean, itemBytes: number): void;
  /** Bytes were lost, and more than part of one item: no message at hand will be whole. */
  lost?(): void;
}

/**
 * Cuts one direction of an association into PDUs (PS3.8 §9.3). Large objects are never buffered: their items pass through
 * in pieces, and what nobody wants is skipped.
 */
export class PduStream {
  readonly #handler: PduHandler;
  /** Of a header that comes in pieces. */
  #header: Uint8Array | undefined;
  #headerLength = 0;
  #state: 'pdu-header' | 'pdu-body' | 'item-header' | 'item-body' = 'pdu-header';
  #type = 0;
  /** Bytes of the present PDU that are still to come. */
  #pduRemaining = 0;
  readonly #body = new ByteCollector(MAXIMUM_BUFFERED_PDU_BYTES);
  #itemRemaining = 0;
  #itemBytes = 0;
  #contextId = 0;
  #flags = 0;
  #isItemWanted = true;
  /** Since more than part of an item was lost, until a PDU begins. */
  #search: MessageSearch | undefined;
  isBroken = false;

  constructor(handler: PduHandler) {
    this.#handler = handler;
  }

  push(pushed: Uint8Array): void {
    const bytes = this.#search === undefined ? pushed : this.#find(pushed);
    let offset = 0;
    while (offset < bytes.length && !this.isBroken) offset += this.#step(bytes, offset);
  }

  /** Bytes that may pass unseen from here on; the caller skips all of them. */
  takeSkippable(): number {
    if (this.#state !== 'item-body' || this.#isItemWanted) return 0;
    const length = this.#itemRemaining;
    this.#itemRemaining = 0;
    this.#pduRemaining -= length;
    this.#endItem();
    return length;
  }

  /** So many bytes were lost: within an item nothing is lost but them, else the next PDU is looked for. */
  gap(length: number): void {
    if (this.#state !== 'item-body' || length > this.#itemRemaining) {
      this.#tear();
      return;
    }
    this.#isItemWanted = false;
    this.#itemRemaining -= length;
    this.#pduRemaining -= length;
    if (this.#itemRemaining === 0) this.#endItem();
  }

  #tear(): void {
    this.#handler.lost?.();
    this.#state = 'pdu-header';
    this.#headerLength = 0;
    this.#body.clear();
    this.#search = new MessageSearch(startsAt);
  }

  #find(bytes: Uint8Array): Uint8Array {
    const found = this.#search?.push(bytes);
    this.isBroken = found === undefined && this.#search?.isHopeless === true;
    if (found !== undefined) this.#search = undefined;
    return found ?? NO_BODY;
  }

  #step(bytes: Uint8Array, offset: number): number {
    switch (this.#state) {
      case 'pdu-header':
      case 'item-header':
        return this.#takeHeader(bytes, offset);
      case 'pdu-body':
        return this.#collectBody(bytes, offset);
      case 'item-body':
        return this.#passItem(bytes, offset);
      default:
        return this.#state satisfies never;
    }
  }

  /** Headers of PDUs and of items have the same length; mostly they come in one piece. */
  #takeHeader(bytes: Uint8Array, offset: number): number {
    if (this.#headerLength === 0 && bytes.length - offset >= HEADER_BYTES) {
      this.#endHeader(bytes, offset);
      return HEADER_BYTES;
    }
    const taken = Math.min(HEADER_BYTES - this.#headerLength, bytes.length - offset);
    this.#header ??= new Uint8Array(HEADER_BYTES);
    this.#header.set(bytes.subarray(offset, offset + taken), this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength === HEADER_BYTES) {
      this.#headerLength = 0;
      this.#endHeader(this.#header, 0);
    }
    return taken;
  }

  #endHeader(header: Uint8Array, offset: number): void {
    if (this.#state === 'pdu-header') this.#beginPdu(header[offset] ?? 0, word32(header, offset + 2));
    else this.#beginItem(word32(header, offset), header[offset + 4] ?? 0, header[offset + 5] ?? 0);
  }

  #beginPdu(type: number, length: number): void {
    this.#type = type;
    this.#pduRemaining = length;
    if (this.#type === 0 || this.#type > LAST_PDU_TYPE) {
      this.isBroken = true;
      return;
    }
    if (this.#type === DATA_TRANSFER) {
      this.#state = this.#pduRemaining >= HEADER_BYTES ? 'item-header' : 'pdu-header';
      return;
    }
    if (this.#pduRemaining > MAXIMUM_BUFFERED_PDU_BYTES) {
      this.isBroken = true;
      return;
    }
    this.#state = 'pdu-body';
    if (this.#pduRemaining === 0) this.#endPdu(NO_BODY);
  }

  #collectBody(bytes: Uint8Array, offset: number): number {
    const taken = Math.min(this.#pduRemaining, bytes.length - offset);
    const part = bytes.subarray(offset, offset + taken);
    const isInOnePiece = taken === this.#pduRemaining && this.#body.length === 0;
    this.#pduRemaining -= taken;
    if (isInOnePiece) this.#endPdu(part);
    else {
      this.#body.add(part);
      if (this.#pduRemaining === 0) this.#endPdu(this.#body.view());
    }
    return taken;
  }

  #endPdu(body: Uint8Array): void {
    this.#state = 'pdu-header';
    this.#handler.pdu(this.#type, body);
    this.#body.clear();
  }

  #beginItem(length: number, contextId: number, flags: number): void {
    this.#contextId = contextId;
    this.#flags = flags;
    this.#pduRemaining -= HEADER_BYTES;
    this.#itemRemaining = length - 2;
    this.#itemBytes = this.#itemRemaining;
    if (length < 2 || this.#itemRemaining > this.#pduRemaining) {
      this.isBroken = true;
      return;
    }
    this.#isItemWanted = true;
    this.#state = 'item-body';
    if (this.#itemRemaining === 0) this.#endItem();
  }

  #passItem(bytes: Uint8Array, offset: number): number {
    const taken = Math.min(this.#itemRemaining, bytes.length - offset);
    if (this.#isItemWanted) {
      const isCommand = (this.#flags & COMMAND_FLAG) !== 0;
      const part = bytes.subarray(offset, offset + taken);
      this.#isItemWanted = this.#handler.fragment(this.#contextId, isCommand, part, taken === this.#itemRemaining);
    }
    this.#itemRemaining -= taken;
    this.#pduRemaining -= taken;
    if (this.#itemRemaining === 0) this.#endItem();
    return taken;
  }

  #endItem(): void {
    this.#state = this.#pduRemaining >= HEADER_BYTES ? 'item-header' : 'pdu-header';
    const isCommand = (this.#flags & COMMAND_FLAG) !== 0;
    this.#handler.fragmentEnd(this.#contextId, isCommand, (this.#flags & LAST_FLAG) !== 0, this.#itemBytes);
  }
}

const ASSOCIATE = [0x01, 0x02];
const REJECT = 0x03;
const ENDS = [REJECT, 0x05, 0x06, 0x07];
const END_LENGTH = 4;
const LARGEST_FLAGS = 3;
/** Header, protocol version and what is reserved behind it (PS3.8 §9.3.2, §9.3.3). */
const ASSOCIATE_HEAD_BYTES = 10;
const DATA_HEAD_BYTES = 12;

/**
 * Whether a PDU surely begins there (PS3.8 §9.3). Pixels look like anything: of data only a PDU with a single item counts,
 * whose two lengths agree, as nearly all implementations send them.
 */
function startsAt(bytes: Uint8Array, offset: number): Detection {
  const type = bytes[offset] ?? 0;
  if (type === 0 || type > LAST_PDU_TYPE) return 'reject';
  const isData = type === DATA_TRANSFER;
  if (bytes.length < offset + (isData ? DATA_HEAD_BYTES : ASSOCIATE_HEAD_BYTES)) return 'undecided';
  if (bytes[offset + 1] !== 0) return 'reject';
  const length = word32(bytes, offset + 2);
  if (isData) return isSingleItem(bytes, offset + HEADER_BYTES, length) ? 'match' : 'reject';
  if (ENDS.includes(type))
    return length === END_LENGTH && isEnd(type, bytes, offset + HEADER_BYTES) ? 'match' : 'reject';
  const isVersion = word16(bytes, offset + HEADER_BYTES) === 1 && word16(bytes, offset + HEADER_BYTES + 2) === 0;
  return ASSOCIATE.includes(type) && isVersion && length <= MAXIMUM_BUFFERED_PDU_BYTES ? 'match' : 'reject';
}

function isSingleItem(bytes: Uint8Array, item: number, pduLength: number): boolean {
  const isOdd = (bytes[item + 4] ?? 0) % 2 === 1;
  return (
    word32(bytes, item) + 4 === pduLength &&
    pduLength > HEADER_BYTES &&
    isOdd &&
    (bytes[item + 5] ?? 255) <= LARGEST_FLAGS
  );
}

/** Release: four reserved bytes. Reject and abort: one, or two, then source and reason (§9.3.4, §9.3.6 to §9.3.8). */
function isEnd(type: number, bytes: Uint8Array, body: number): boolean {
  const [first, result = 0, source = 0, reason = 0] = bytes.subarray(body, body + END_LENGTH);
  if (first !== 0) return false;
  if (type === REJECT) return result >= 1 && result <= 2 && source >= 1 && source <= 3 && reason >= 1 && reason <= 10;
  return type === 0x07 ? result === 0 && source <= 2 && reason <= 6 : word16(bytes, body + 2) === 0 && result === 0;
}
