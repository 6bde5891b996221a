import { ByteCursor } from '../bytes/byte-cursor.ts';

export const HEADER_BYTES = 28;
export const VERSION_1 = 0x10;
const MAXIMUM_PAYLOADS = 32;
const VENDOR_ID_1 = 13;
const VENDOR_ID_2 = 43;
const KEY_EXCHANGE_1 = 4;
const KEY_EXCHANGE_2 = 34;
const NONCE = [10, 40];
const ASSOCIATION = [1, 33];
const ENCRYPTED_2 = 46;
const IS_ENCRYPTED_1 = 1;

/** What the payloads of a message say: in the clear only. */
export interface Payloads {
  readonly vendors: readonly string[];
  readonly keyExchange: Uint8Array | undefined;
  readonly nonce: Uint8Array | undefined;
  readonly association: Uint8Array | undefined;
  /** Types of the payloads, the encrypted one included, in their order. */
  readonly types: readonly number[];
}

/** Chain of payloads: next, reserved, length, body (RFC 7296 §3.2); it ends where encryption begins. */
export function readPayloads(message: Uint8Array): Payloads {
  const isEncrypted = message[17] === VERSION_1 && ((message[19] ?? 0) & IS_ENCRYPTED_1) !== 0;
  const types: number[] = [];
  const vendors: string[] = [];
  let keyExchange: Uint8Array | undefined;
  let nonce: Uint8Array | undefined;
  let association: Uint8Array | undefined;
  let type = isEncrypted ? 0 : (message[16] ?? 0);
  const cursor = new ByteCursor(message, HEADER_BYTES);
  for (
    let count = 0;
    type !== 0 && type !== ENCRYPTED_2 && cursor.remaining >= 4 && count < MAXIMUM_PAYLOADS;
    count++
  ) {
    types.push(type);
    const next = cursor.uint8();
    cursor.skip(1);
    const body = cursor.slice(cursor.uint16() - 4);
    if (cursor.isBroken) break;
    if (type === VENDOR_ID_1 || type === VENDOR_ID_2) vendors.push(Buffer.from(body.subarray(0, 32)).toString('hex'));
    // The number of the group stands before the key of IKEv2 (RFC 7296 §3.4).
    if (type === KEY_EXCHANGE_1) keyExchange = body;
    else if (type === KEY_EXCHANGE_2) keyExchange = body.subarray(4);
    if (NONCE.includes(type)) nonce = body;
    if (ASSOCIATION.includes(type)) association ??= body;
    type = next;
  }
  if (type === ENCRYPTED_2) types.push(type);
  return { vendors, keyExchange, nonce, association, types };
}
