/** @returns whether `bytes` has the text at `offset` */
export function hasText(bytes: Uint8Array, text: string, offset = 0): boolean {
  if (bytes.length < offset + text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** @returns whether `bytes` has these byte values at `offset` */
export function hasBytes(bytes: Uint8Array, values: readonly number[], offset = 0): boolean {
  if (bytes.length < offset + values.length) return false;
  for (let index = 0; index < values.length; index++) if (bytes[offset + index] !== values[index]) return false;
  return true;
}

/** Big-endian number of two bytes; missing ones are 0. */
export function word16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** Big-endian number of four bytes; missing ones are 0. */
export function word32(bytes: Uint8Array, offset: number): number {
  return word16(bytes, offset) * 0x10000 + word16(bytes, offset + 2);
}

/** Little-endian number of two bytes; missing ones are 0. */
export function littleWord16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset] ?? 0);
}

/** Little-endian number of four bytes; missing ones are 0. */
export function littleWord32(bytes: Uint8Array, offset: number): number {
  return littleWord16(bytes, offset + 2) * 0x10000 + littleWord16(bytes, offset);
}
