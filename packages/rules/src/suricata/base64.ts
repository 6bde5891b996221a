const INVALID = 255;
const SKIPPED = 254;
const VALUES = buildValues();

/**
 * Decodes base64 as far as it goes: line ends and blanks are passed over, the first other foreign byte ends it
 * (RFC 4648 §3.3; RFC 2045 §6.8 for what is passed over).
 */
export function decodeBase64(bytes: Uint8Array): Buffer {
  const output = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    const value = VALUES[byte] ?? INVALID;
    if (value === SKIPPED) continue;
    if (value === INVALID) break;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    output[length] = (bits >>> count) & 0xff;
    length += 1;
  }
  return output.subarray(0, length);
}

function buildValues(): Uint8Array {
  const values = new Uint8Array(256).fill(INVALID);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index;
  for (const blank of ' \t\r\n') values[blank.charCodeAt(0)] = SKIPPED;
  return values;
}
