// Hot path, guarded by bench/analyze.ts: typed arrays and integer slots, nothing allocated per packet.

import { randomMultipliers } from './random-multipliers.ts';

const NONE = -1;
const KEY_WORDS = 11;
/** Of them, those that flows over IPv4 have: in an array of their own, the others' is never written where there is no IPv6. */
const SHORT_WORDS = 5;
const LONG_WORDS = KEY_WORDS - SHORT_WORDS;
const VERSION_MASK = 0xf00;
const VERSION_6 = 0x600;

/** Which end of a flow: that with the lower address, in the order of the key, or the other. */
export const LOWER = 0;
export const HIGHER = 1;
export type Side = typeof LOWER | typeof HIGHER;

/**
 * Table of bidirectional flows: five-tuple and VLAN → slot number. Counters live in typed arrays indexed by slot, so a
 * packet of a known flow touches no object. Collisions are chained. When the table is full, the slot that a clock hand
 * finds to be worth least among a few is given up.
 */
export class FlowTable {
  readonly capacity: number;
  size = 0;

  /** First words of both addresses, ports, transport with IP version and VLAN, tunnel. */
  readonly #keys: Int32Array;
  /** The other words of both addresses. */
  readonly #longKeys: Int32Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #bucketMask: number;
  readonly #multipliers = randomMultipliers(KEY_WORDS);
  readonly #isUsed: Uint8Array;
  #free: number;
  #hand = 0;

  readonly firstMicros: Float64Array;
  readonly lastMicros: Float64Array;
  /** Number of the last packet within the source. */
  readonly lastPacket: Float64Array;
  readonly packets: [Float64Array, Float64Array];
  readonly bytes: [Float64Array, Float64Array];
  readonly flags: [Uint8Array, Uint8Array];
  /** TCP: sequence number of the SYN of each side; holds where that side's flags have SYN. */
  readonly synSequence: [Uint32Array, Uint32Array];
  /** TCP: what each side sends next, where its `sequenceState` is not 0. */
  readonly nextSequence: [Uint32Array, Uint32Array];
  /** TCP: 0 nothing was sent yet, 1 everything before `nextSequence` was seen, 2 something before it was not. */
  readonly sequenceState: [Uint8Array, Uint8Array];
  /** 1 where a side has sent payload. */
  readonly hasSentData: [Uint8Array, Uint8Array];
  /** What its conversation was told already. */
  readonly reportedBytes: [Float64Array, Float64Array];
  readonly reportedPackets: Float64Array;
  /** 1 when the lower address of the key is the client's. */
  readonly isLowerClient: Uint8Array;

  /** @param capacity largest number of flows at a time */
  constructor(capacity: number) {
    this.capacity = capacity;
    const buckets = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#bucketMask = buckets - 1;
    this.#heads = new Int32Array(buckets).fill(NONE);
    this.#next = new Int32Array(capacity);
    for (let slot = 0; slot < capacity; slot++) this.#next[slot] = slot + 1 < capacity ? slot + 1 : NONE;
    this.#free = 0;
    this.#keys = new Int32Array(capacity * SHORT_WORDS);
    this.#longKeys = new Int32Array(capacity * LONG_WORDS);
    this.#isUsed = new Uint8Array(capacity);
    this.firstMicros = new Float64Array(capacity);
    this.lastMicros = new Float64Array(capacity);
    this.lastPacket = new Float64Array(capacity);
    this.packets = [new Float64Array(capacity), new Float64Array(capacity)];
    this.bytes = [new Float64Array(capacity), new Float64Array(capacity)];
    this.flags = [new Uint8Array(capacity), new Uint8Array(capacity)];
    this.synSequence = [new Uint32Array(capacity), new Uint32Array(capacity)];
    this.nextSequence = [new Uint32Array(capacity), new Uint32Array(capacity)];
    this.sequenceState = [new Uint8Array(capacity), new Uint8Array(capacity)];
    this.hasSentData = [new Uint8Array(capacity), new Uint8Array(capacity)];
    this.reportedBytes = [new Float64Array(capacity), new Float64Array(capacity)];
    this.reportedPackets = new Float64Array(capacity);
    this.isLowerClient = new Uint8Array(capacity);
  }

  /**
   * Key of the packet at hand; filled by the caller before `find` or `insert`: lower address (4), higher address (4), ports,
   * transport with IP version and VLAN, tunnel.
   */
  readonly key = new Int32Array(KEY_WORDS);

  /**
   * @returns bucket of `key`: a multilinear hash (Lemire and Kaser 2014) with multipliers chosen by chance, so that nobody
   * can send flows that all fall into one bucket
   */
  hash(): number {
    const key = this.key;
    const multipliers = this.#multipliers;
    let hash = 0;
    for (let index = 0; index < KEY_WORDS; index++) {
      hash = (hash + Math.imul(key[index] ?? 0, multipliers[index] ?? 1)) | 0;
    }
    return (hash ^ (hash >>> 15)) & this.#bucketMask;
  }

  /** @returns slot of the flow with `key`, or -1 */
  find(hash: number): number {
    const keys = this.#keys;
    const key = this.key;
    for (let slot = this.#heads[hash] ?? NONE; slot !== NONE; slot = this.#next[slot] ?? NONE) {
      const base = slot * SHORT_WORDS;
      if (
        keys[base] === key[0] &&
        keys[base + 1] === key[4] &&
        keys[base + 2] === key[8] &&
        keys[base + 3] === key[9] &&
        keys[base + 4] === key[10] &&
        (!isLong(key) || this.#isLongKeyOf(slot))
      ) {
        return slot;
      }
    }
    return NONE;
  }

  /** Takes a slot for the flow with `key`; `isFull` must be false. Counters start at zero. */
  insert(hash: number): number {
    const slot = this.#free;
    this.#free = this.#next[slot] ?? NONE;
    this.#next[slot] = this.#heads[hash] ?? NONE;
    this.#heads[hash] = slot;
    this.#storeKey(slot);
    this.#isUsed[slot] = 1;
    for (const side of [LOWER, HIGHER] as const) {
      clear(this.packets[side], slot);
      clear(this.bytes[side], slot);
      clear(this.flags[side], slot);
      clear(this.sequenceState[side], slot);
      clear(this.hasSentData[side], slot);
      clear(this.reportedBytes[side], slot);
    }
    clear(this.reportedPackets, slot);
    this.size += 1;
    return slot;
  }

  get isFull(): boolean {
    return this.#free === NONE;
  }

  remove(slot: number): void {
    this.#loadKey(slot);
    const hash = this.hash();
    let previous = NONE;
    for (let current = this.#heads[hash] ?? NONE; current !== NONE; current = this.#next[current] ?? NONE) {
      if (current === slot) {
        const following = this.#next[slot] ?? NONE;
        if (previous === NONE) this.#heads[hash] = following;
        else this.#next[previous] = following;
        break;
      }
      previous = current;
    }
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.#isUsed[slot] = 0;
    this.size -= 1;
  }

  isUsed(slot: number): boolean {
    return this.#isUsed[slot] === 1;
  }

  /** The next slot under the clock hand, used or not; called once per packet, it visits every flow again and again. */
  nextUnderHand(): number {
    this.#hand = this.#hand + 1 < this.capacity ? this.#hand + 1 : 0;
    return this.#hand;
  }

  /**
   * @param worthOf how much is lost with the flow of a slot
   * @returns the slot that is worth least among the next 64 used ones under the hand, of several the one that was idle longest
   */
  findDispensable(worthOf: (slot: number) => number): number {
    let found = NONE;
    let least = 0;
    for (let seen = 0; seen < 64; ) {
      const slot = this.nextUnderHand();
      if (!this.isUsed(slot)) continue;
      seen += 1;
      const worth = worthOf(slot);
      const isOlder = (this.lastMicros[slot] ?? 0) < (this.lastMicros[found] ?? 0);
      if (found !== NONE && (worth > least || (worth === least && !isOlder))) continue;
      found = slot;
      least = worth;
    }
    return found;
  }

  *slots(): IterableIterator<number> {
    for (let slot = 0; slot < this.capacity; slot++) if (this.isUsed(slot)) yield slot;
  }

  #isLongKeyOf(slot: number): boolean {
    const { key } = this;
    const keys = this.#longKeys;
    const base = slot * LONG_WORDS;
    return (
      keys[base] === key[1] &&
      keys[base + 1] === key[2] &&
      keys[base + 2] === key[3] &&
      keys[base + 3] === key[5] &&
      keys[base + 4] === key[6] &&
      keys[base + 5] === key[7]
    );
  }

  #storeKey(slot: number): void {
    const { key } = this;
    const keys = this.#keys;
    const base = slot * SHORT_WORDS;
    keys[base] = key[0] ?? 0;
    keys[base + 1] = key[4] ?? 0;
    keys[base + 2] = key[8] ?? 0;
    keys[base + 3] = key[9] ?? 0;
    keys[base + 4] = key[10] ?? 0;
    if (!isLong(key)) return;
    const longKeys = this.#longKeys;
    const longBase = slot * LONG_WORDS;
    for (let word = 0; word < 3; word++) {
      longKeys[longBase + word] = key[1 + word] ?? 0;
      longKeys[longBase + 3 + word] = key[5 + word] ?? 0;
    }
  }

  #loadKey(slot: number): void {
    const { key } = this;
    const keys = this.#keys;
    const base = slot * SHORT_WORDS;
    key[0] = keys[base] ?? 0;
    key[4] = keys[base + 1] ?? 0;
    key[8] = keys[base + 2] ?? 0;
    key[9] = keys[base + 3] ?? 0;
    key[10] = keys[base + 4] ?? 0;
    const longBase = slot * LONG_WORDS;
    const isWhole = isLong(key);
    for (let word = 0; word < 3; word++) {
      key[1 + word] = isWhole ? (this.#longKeys[longBase + word] ?? 0) : 0;
      key[5 + word] = isWhole ? (this.#longKeys[longBase + 3 + word] ?? 0) : 0;
    }
  }
}

function isLong(key: Int32Array): boolean {
  return ((key[9] ?? 0) & VERSION_MASK) === VERSION_6;
}

/** Memory that was never written takes none: counters of those who never answer a flood are not. */
function clear(counters: Float64Array | Uint8Array, slot: number): void {
  if (counters[slot] !== 0) counters[slot] = 0;
}
