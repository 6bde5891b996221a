const BASE64_LINE = 76;

/**
 * Hash under which search engines of devices list icons: MurmurHash3 (x86, 32 bits, seed 0) of the icon in base 64 with a line
 * break after every 76 characters (RFC 2045 §6.8) and at the end.
 *
 * @returns a signed 32-bit number
 */
export function faviconHash(icon: Uint8Array): number {
  const text = Buffer.from(icon).toString('base64');
  const lines = text.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? [];
  return murmur3(Buffer.from(lines.map((line) => `${line}\n`).join('')));
}

/** MurmurHash3_x86_32 by Austin Appleby, who placed it in the public domain; seed 0. @returns a signed 32-bit number */
export function murmur3(bytes: Buffer): number {
  const blocks = bytes.length & ~3;
  let hash = 0;
  for (let at = 0; at < blocks; at += 4) {
    hash ^= scramble(bytes.readInt32LE(at));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks; at -= 1) tail = (tail << 8) | (bytes[at] ?? 0);
  if (bytes.length > blocks) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
