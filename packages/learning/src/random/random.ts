/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** Whole number in [0, below). */
  readonly below: (below: number) => number;
  /** From the normal distribution with mean 0 and variance 1. */
  readonly normal: () => number;
}

/**
 * Mulberry32 (Tommy Ettinger, 2017, public domain): 32 bits of state, passes gjrand. Good enough to draw samples and
 * start weights; not for secrets.
 *
 * @param seed any whole number; the same seed gives the same sequence on every machine
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (below) => Math.floor(next() * below),
    // Box and Muller, 1958; one minus, since the logarithm of zero has no value.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Fisher and Yates: puts the values in another order, in place, every order equally likely. */
export function shuffle(values: { [index: number]: number; readonly length: number }, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = kept;
  }
}

/** @returns 0 to count − 1 in another order */
export function shuffledIndexes(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  shuffle(order, random);
  return order;
}
