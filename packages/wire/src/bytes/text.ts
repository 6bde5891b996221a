/** Of Node's Buffer, but it reads any bytes: no Buffer has to be made around them. */
const latin1Slice: (this: Uint8Array, start: number, end: number) => string = Reflect.get(
  Buffer.prototype,
  'latin1Slice',
);
const SPACE = 0x20;
const DELETE = 0x7f;
const LAST_C1_CONTROL = 0x9f;

/** @returns the bytes as Latin-1; every byte is a character, so that nothing on the wire can make this fail */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const stop = Math.min(end, bytes.length);
  return start >= stop ? '' : latin1Slice.call(bytes, start, stop);
}

/** Text that a person may read: without control characters and surrounding space, cut to `maximumLength` characters. */
export function cleanText(text: string, maximumLength = 256): string {
  if (text.length <= maximumLength && isClean(text)) return text;
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maximumLength);
}

/** Most texts are. */
function isClean(text: string): boolean {
  const last = text.length - 1;
  if (last < 0) return true;
  for (let index = 0; index <= last; index++) {
    const code = text.charCodeAt(index);
    // Beyond Latin-1 there are further kinds of space, which only `trim` knows.
    if (code < SPACE || (code >= DELETE && code <= LAST_C1_CONTROL) || code > 0xff) return false;
  }
  return isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(last));
}

function isInk(code: number): boolean {
  return code !== SPACE && code !== 0xa0;
}

/** @returns whether `bytes` begins with the ASCII text, as far as both go; `undecided` when too short to tell */
export function startsWithText(bytes: Uint8Array, text: string): 'yes' | 'no' | 'undecided' {
  const length = Math.min(bytes.length, text.length);
  for (let index = 0; index < length; index++) if (bytes[index] !== text.charCodeAt(index)) return 'no';
  return bytes.length >= text.length ? 'yes' : 'undecided';
}

/** @returns the bytes as UTF-8, with a replacement character for each that is none */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
