const DEFAULT_MAXIMUM_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAXIMUM_BYTES_PER_DIRECTION = 256 * 1024;

/** Memory for segments that wait for an earlier one, or for their protocol to be known, shared by all connections of a sensor. */
export class ReassemblyBudget {
  readonly #maximumBytes: number;
  readonly maximumBytesPerDirection: number;
  #usedBytes = 0;
  /** Connections of which some bytes never came, or were given up for want of memory. */
  incompleteConnections = 0;
  /** Connections whose protocol was not looked for any longer, for want of memory. */
  undecidedShed = 0;
  /** Connections that went on without bytes that might still have come, for want of memory. */
  waitingShed = 0;

  /** @param limits bytes: of all connections, and of one direction of one */
  constructor(limits: { readonly maximumBytes?: number; readonly maximumBytesPerDirection?: number } = {}) {
    this.#maximumBytes = limits.maximumBytes ?? DEFAULT_MAXIMUM_BYTES;
    this.maximumBytesPerDirection = limits.maximumBytesPerDirection ?? DEFAULT_MAXIMUM_BYTES_PER_DIRECTION;
  }

  get isSpent(): boolean {
    return this.#usedBytes > this.#maximumBytes;
  }

  take(bytes: number): void {
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
