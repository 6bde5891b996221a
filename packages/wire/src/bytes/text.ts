/** @returns the bytes as Latin-1; every byte is a character, so that nothing on the wire can make this fail */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, Math.min(end, bytes.length) - start)).toString(
    'latin1',
  );
}

/** Text that a person may read: without control characters and surrounding space, cut to `maximumLength` characters. */
export function cleanText(text: string, maximumLength = 256): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maximumLength);
}

/** @returns whether `bytes` begins with the ASCII text, as far as both go; `undecided` when too short to tell */
export function startsWithText(bytes: Uint8Array, text: string): 'yes' | 'no' | 'undecided' {
  const length = Math.min(bytes.length, text.length);
  for (let index = 0; index < length; index++) if (bytes[index] !== text.charCodeAt(index)) return 'no';
  return bytes.length >= text.length ? 'yes' : 'undecided';
}
