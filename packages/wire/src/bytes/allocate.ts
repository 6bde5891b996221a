/**
 * Memory from Node's pool, many times cheaper than a buffer of its own when it is small.
 *
 * @returns bytes with any content; not a Buffer, whose `slice` does not copy
 */
export function allocateUninitialised(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}

/** @returns a copy */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = allocateUninitialised(bytes.length);
  copy.set(bytes);
  return copy;
}
