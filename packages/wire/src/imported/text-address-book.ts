import { Address } from '../flow/address-book.ts';

/** Beyond as many the book is begun anew. */
const MAXIMUM_ADDRESSES = 262_144;

/** Addresses that come as text, each made once: what observers know of a host hangs at its address. */
export class TextAddressBook {
  readonly #addresses = new Map<string, Address>();

  address(text: string): Address {
    const known = this.#addresses.get(text);
    if (known !== undefined) return known;
    if (this.#addresses.size >= MAXIMUM_ADDRESSES) this.#addresses.clear();
    const address = new Address(text, isUnicast(text));
    this.#addresses.set(text, address);
    return address;
  }
}

function isUnicast(text: string): boolean {
  if (text.includes(':')) return !text.startsWith('ff') && text !== '::';
  const first = Number.parseInt(text, 10);
  return first > 0 && first < 224;
}
