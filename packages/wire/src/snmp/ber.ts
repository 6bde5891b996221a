import type { ByteCursor } from '../bytes/byte-cursor.ts';

/** One element of ASN.1 basic encoding rules (ITU-T X.690 §8.1) with definite length. */
export interface BerElement {
  readonly tag: number;
  readonly content: ByteCursor;
}

/** @returns undefined when the element is not whole */
export function readBer(cursor: ByteCursor): BerElement | undefined {
  const tag = cursor.uint8();
  const first = cursor.uint8();
  let length = first;
  if ((first & 0x80) !== 0) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + cursor.uint8();
  }
  if (cursor.isBroken || length > cursor.remaining) return undefined;
  return { tag, content: cursor.nested(length) };
}

/** @returns the value of a non-negative integer of at most 32 bits */
export function berInteger(element: BerElement | undefined): number | undefined {
  if (element?.tag !== 2 || element.content.remaining > 5) return undefined;
  let value = 0;
  while (element.content.remaining > 0) value = value * 256 + element.content.uint8();
  return value;
}

/** @returns an object identifier in dots, or undefined */
export function berObjectIdentifier(element: BerElement | undefined): string | undefined {
  if (element?.tag !== 6) return undefined;
  const first = element.content.uint8();
  const parts = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
  for (let value = 0; element.content.remaining > 0 && parts.length < 64; ) {
    const byte = element.content.uint8();
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      parts.push(value);
      value = 0;
    }
  }
  return parts.join('.');
}
