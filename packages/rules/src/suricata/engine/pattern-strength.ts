import { LOWER } from '../content-pattern.ts';

const FREQUENT = new Set(Buffer.from(' etaoinsrhld/.=:-'));
/** Bytes of a long pattern beyond these make it no rarer. */
const COUNTED_BYTES = 16;

/** How common a byte is in traffic, as a rough logarithm; letters in lower case. */
export function commonness(byte: number): number {
  if (byte === 0) return 8;
  if (FREQUENT.has(byte)) return 5;
  if ((byte >= 0x61 && byte <= 0x7a) || byte === 0x0d || byte === 0x0a || byte === 0xff) return 4;
  return byte >= 0x30 && byte <= 0x39 ? 3 : 2;
}

/** @returns how rare a pattern is likely to be; the rarest of a rule is looked for first */
export function patternStrength(pattern: Uint8Array): number {
  let strength = 0;
  for (let index = 0; index < Math.min(pattern.length, COUNTED_BYTES); index++)
    strength += 9 - commonness(LOWER[pattern[index] ?? 0] ?? 0);
  return pattern.length === 1 ? strength - 8 : strength;
}
