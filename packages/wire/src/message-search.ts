import type { Detection } from './protocol.ts';

/** Whether a message surely begins at `offset`; `undecided` only where at most `MAXIMUM_HELD` bytes more would decide. */
export type MessageStart = (bytes: Uint8Array, offset: number) => Detection;

/** No header that is looked for is longer. */
export const MAXIMUM_HELD = 64;
/** Who has not found a message in so many bytes looks at something else: what was encrypted meanwhile, or an object. */
const MAXIMUM_SEARCHED = 4 * 1024 * 1024;
const NOTHING: Uint8Array = new Uint8Array(0);

/** Looks for where a message begins behind bytes that were lost, whatever pieces the bytes come in. */
export class MessageSearch {
  readonly #startsAt: MessageStart;
  /** End of what was searched, where a message may begin. */
  #held = NOTHING;
  #searched = 0;

  constructor(startsAt: MessageStart) {
    this.#startsAt = startsAt;
  }

  get isHopeless(): boolean {
    return this.#searched > MAXIMUM_SEARCHED;
  }

  /** @returns what there is from the beginning of a message on; undefined where none was found yet */
  push(bytes: Uint8Array): Uint8Array | undefined {
    const searched = this.#held.length === 0 ? bytes : joined(this.#held, bytes);
    this.#searched += bytes.length;
    for (let offset = 0; offset < searched.length; offset++) {
      const detection = this.#startsAt(searched, offset);
      if (detection === 'reject') continue;
      const rest = searched.subarray(offset);
      if (detection === 'match') return rest;
      if (rest.length > MAXIMUM_HELD) continue;
      this.#held = rest.slice();
      return undefined;
    }
    this.#held = NOTHING;
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
