import { RuleError } from './rule-error.ts';

const PIPE = 0x7c;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const SPACE = 0x20;
const ESCAPABLE = new Set(Buffer.from(':;\\"'));

/**
 * Bytes of a `content` value: text with `|hex|` parts and backslash escapes (Suricata user guide, "Payload Keywords").
 *
 * @param text value without its quotes
 * @throws RuleError when a hexadecimal part is damaged or nothing is left
 */
export function parseContentPattern(text: string): Buffer {
  const source = Buffer.from(text);
  const bytes = Buffer.allocUnsafe(source.length);
  let size = 0;
  let isHex = false;
  let digit = -1;
  for (let index = 0; index < source.length; index++) {
    const code = source[index] ?? 0;
    if (code === PIPE) {
      if (digit >= 0) throw new RuleError('content: a hexadecimal part ends within a byte');
      isHex = !isHex;
    } else if (isHex) {
      if (code <= SPACE) continue;
      const value = Number.parseInt(String.fromCharCode(code), 16);
      if (Number.isNaN(value)) throw new RuleError(`content: '${String.fromCharCode(code)}' is not hexadecimal`);
      if (digit >= 0) bytes[size++] = digit * 16 + value;
      digit = digit < 0 ? value : -1;
    } else if (code === BACKSLASH) {
      index += 1;
      const escaped = source[index];
      if (escaped === undefined || !ESCAPABLE.has(escaped)) throw new RuleError('content: it has a bad escape');
      bytes[size++] = escaped;
    } else if (code === QUOTE) throw new RuleError('content: a quotation mark is not escaped');
    else bytes[size++] = code;
  }
  if (isHex) throw new RuleError('content: a hexadecimal part is not closed');
  if (size === 0) throw new RuleError('content: it is empty');
  if (size > 0xffff) throw new RuleError('content: it is longer than 65,535 bytes');
  return kept(bytes.subarray(0, size));
}

/** @returns copy with ASCII letters in lower case, other bytes as they are */
export function lowerCase(bytes: Uint8Array): Buffer {
  const lower = kept(bytes);
  for (let index = 0; index < lower.length; index++) lower[index] = LOWER[lower[index] ?? 0] ?? 0;
  return lower;
}

/** Patterns of a published set, a dozen bytes each, fill about twenty of these. */
const SLAB_BYTES = 64 * 1024;
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabUsed = 0;

/**
 * Copies bytes to where only patterns are. The pool of Node.js would put them among what is thrown away at once, and keep
 * all of that as long as one pattern in it: thirteen times as much for 18,000 rules.
 */
function kept(bytes: Uint8Array): Buffer {
  if (bytes.length > SLAB_BYTES / 4) return Buffer.concat([bytes]);
  if (slabUsed + bytes.length > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const copy = slab.subarray(slabUsed, slabUsed + bytes.length);
  copy.set(bytes);
  slabUsed += bytes.length;
  return copy;
}

/** Lower case of every byte. */
export const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x41 && code <= 0x5a ? code + 0x20 : code,
);
