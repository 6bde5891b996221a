import { join } from './binary.ts';

// Basic encoding rules, as far as SNMP needs them (ITU-T X.690 §8; RFC 3417 §8).

export const TAG = { integer: 2, octets: 4, nothing: 5, objectId: 6, sequence: 0x30 } as const;

export function ber(tag: number, ...parts: readonly (number | string | Uint8Array)[]): Buffer {
  const body = join(...parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return join(tag, Buffer.from(length), body);
}

/** @param value of at most 31 bits, not negative */
export function berInteger(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 8) {
    bytes.unshift(rest & 255);
    if (rest < 128) break;
  }
  return ber(TAG.integer, Buffer.from(bytes));
}

/** @param text dotted numbers below 128 after the first two */
export function berObjectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return ber(TAG.objectId, Buffer.from([first * 40 + second, ...rest]));
}
