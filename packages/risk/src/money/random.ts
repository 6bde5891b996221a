/** Numbers that follow from a seed: the same seed gives the same numbers on every machine. */
export interface Random {
  /** @returns 0 to 1, without 1 */
  next(): number;
}

/**
 * sfc32 of the PractRand suite (Doty-Humphrey), seeded by FNV-1a over the text. For simulations, not for secrets.
 *
 * @param seed any text
 */
export function seededRandom(seed: string): Random {
  let [a, b, c, counter] = [hashOf(`${seed}/a`), hashOf(`${seed}/b`), hashOf(`${seed}/c`), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let index = 0; index < 15; index++) next();
  return { next };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}

/** @returns a number of the normal distribution with mean 0 and deviation 1 (Box and Muller 1958) */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** @param shape at least 1 @returns a number of the gamma distribution with scale 1 (Marsaglia and Tsang 2000) */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Least, likeliest and greatest, as an expert states them. */
export interface ThreePoint {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** @returns a number of the PERT distribution: a beta distribution over the range, whose likeliest counts four times (Malcolm et al. 1959) */
export function pert({ low, likely, high }: ThreePoint, random: Random): number {
  if (high <= low) return low;
  const a = gamma(1 + (4 * (likely - low)) / (high - low), random);
  const b = gamma(1 + (4 * (high - likely)) / (high - low), random);
  return low + ((high - low) * a) / (a + b);
}

/** Products of more factors than this would be too small to tell from 0. */
const MOST_AT_ONCE = 200;

/** @param mean events in a year @returns events of one year (Poisson; Knuth, The Art of Computer Programming, vol. 2, §3.4.1) */
export function poisson(mean: number, random: Random): number {
  let count = 0;
  // A sum of Poisson numbers is one: what is large is drawn in parts.
  for (let left = mean; left > 0; left -= MOST_AT_ONCE) {
    const limit = Math.exp(-Math.min(left, MOST_AT_ONCE));
    for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  }
  return count;
}
