/** Where the bytes of a file come from: memory, or a disk that is asked piece by piece. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** @returns the bytes from `offset` on, fewer than `length` where the file ends */
  read(offset: number, length: number): Uint8Array;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
