import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Names one thing; never empty, so that whatever refers to it can be found again. */
export const Identifier = z.string().min(1);

/**
 * Identifier that depends only on its parts, so that reading the same capture twice yields the same ids.
 *
 * @param prefix short kind of thing, for example `ast`
 * @param parts what makes the thing unique, in a fixed order
 * @returns `<prefix>_<26 characters>`: 130 bits of SHA-256 in Crockford base 32
 */
export function deterministicId(prefix: string, ...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return `${prefix}_${encodeBase32(digest).slice(0, 26)}`;
}

const CROCKFORD_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD_ALPHABET[(buffer >>> bits) & 31];
      buffer &= (1 << bits) - 1;
    }
  }
  return text;
}
