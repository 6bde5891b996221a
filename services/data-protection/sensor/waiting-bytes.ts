/** Bytes of all connections that wait to be looked at, behind one another in one buffer: a million short ones are no objects. */
export class WaitingBytes {
  readonly #bytes: Buffer;
  #used = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.alloc(capacity);
  }

  hasRoom(length: number): boolean {
    return this.#used + length <= this.#bytes.length;
  }

  /** Copies bytes for which there is room. @returns where they are */
  add(bytes: Uint8Array): number {
    const start = this.#used;
    this.#bytes.set(bytes, start);
    this.#used += bytes.length;
    return start;
  }

  /** @param places where pieces are and how long each is, by turns. @returns the pieces as one; valid until `clear` */
  joined(places: readonly number[]): Uint8Array {
    const pieces: Buffer[] = [];
    for (let index = 0; index < places.length; index += 2) {
      const start = places[index] ?? 0;
      pieces.push(this.#bytes.subarray(start, start + (places[index + 1] ?? 0)));
    }
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }

  /** Nothing waits any longer. */
  clear(): void {
    this.#used = 0;
  }
}
