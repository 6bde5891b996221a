import { z } from 'zod';

/** Weights for the characters of a number, one each; the check digit itself has none, or is the last. */
const Weights = z.array(z.int()).min(2);
/** What becomes of a remainder that is no digit, for example 10 → 0. A remainder that is not in it makes the number invalid. */
const Beyond = z.record(z.string().regex(/^\d+$/), z.int().min(0).max(9)).default({});

/** How the check digits of a number follow from its other characters. Positions count from 0, after separators are gone. */
export const CheckDigits = z.discriminatedUnion('algorithm', [
  z.strictObject({
    algorithm: z.literal('weighted-sum'),
    weights: Weights,
    /** Taken where the remainder of the first is 10 (Estonia, Lithuania). */
    secondWeights: Weights.optional(),
    modulus: z.int().min(2),
    /** Digits of each product are added up, as Luhn does. */
    sumsDigits: z.boolean().default(false),
    /** `zero`: the weights are for the check digit too, and the sum is divisible. Others: what the check character is. */
    result: z.enum(['zero', 'remainder', 'complement']),
    /** What the remainder is taken from for `complement`; the modulus where it is absent. */
    from: z.int().optional(),
    checkAt: z.int().min(0).optional(),
    beyond: Beyond,
    /** Characters that stand for remainders; digits where it is absent. */
    table: z.string().optional(),
    /** Letters become two digits, A = 01. */
    expandsLetters: z.boolean().default(false),
  }),
  z.strictObject({
    algorithm: z.literal('number-modulo'),
    /** Part that is read as one number. */
    digits: z.tuple([z.int().min(0), z.int().min(1)]),
    /** Characters left out of that part. */
    without: z.array(z.int()).default([]),
    /** Letters that stand for digits, for example `2A: 19`. */
    replace: z.record(z.string(), z.string()).default({}),
    /** Digits that may stand before the number (Belgium: 2 for who was born after 1999). */
    prefixes: z.array(z.string()).default(['']),
    modulus: z.int().min(2),
    result: z.enum(['remainder', 'complement']),
    check: z.tuple([z.int().min(0), z.int().min(1)]),
    beyond: Beyond,
    table: z.string().optional(),
  }),
  z.strictObject({
    algorithm: z.literal('positional-tables'),
    /** Value of each character at odd and even places, the first place is odd (Italy). */
    odd: z.record(z.string(), z.int()),
    even: z.record(z.string(), z.int()),
    modulus: z.int().min(2),
    table: z.string(),
  }),
  z.strictObject({ algorithm: z.literal('luhn'), digits: z.tuple([z.int().min(0), z.int().min(2)]).optional() }),
  z.strictObject({
    algorithm: z.literal('verhoeff'),
    digits: z.tuple([z.int().min(0), z.int().min(2)]),
    checkAt: z.int(),
  }),
  z.strictObject({ algorithm: z.literal('iso-7064-mod-11-10') }),
]);
export type CheckDigits = z.infer<typeof CheckDigits>;

type WeightedSum = Extract<CheckDigits, { algorithm: 'weighted-sum' }>;
type NumberModulo = Extract<CheckDigits, { algorithm: 'number-modulo' }>;
type PositionalTables = Extract<CheckDigits, { algorithm: 'positional-tables' }>;

/**
 * @param number upper case, without separators
 * @returns whether its check digits follow from the rest of it
 */
export function holdsCheckDigits(number: string, check: CheckDigits): boolean {
  switch (check.algorithm) {
    case 'weighted-sum':
      return holdsWeightedSum(check.expandsLetters ? expandLetters(number) : number, check);
    case 'number-modulo':
      return check.prefixes.some((prefix) => holdsNumberModulo(number, prefix, check));
    case 'positional-tables':
      return holdsPositionalTables(number, check);
    case 'luhn':
      return holdsLuhn(number.slice(...(check.digits ?? [0])));
    case 'verhoeff':
      return verhoeffOf(number.slice(...check.digits)) === digitAt(number, check.checkAt);
    case 'iso-7064-mod-11-10':
      return holdsIso7064(number);
    default:
      return check satisfies never;
  }
}

/** @returns how likely characters chosen at random hold, 0 to 1 */
export function chanceOfCheckDigits(check: CheckDigits): number {
  switch (check.algorithm) {
    case 'weighted-sum':
    case 'number-modulo':
    case 'positional-tables':
      return 1 / Math.max(10, check.modulus);
    default:
      return 1 / 10;
  }
}

function holdsWeightedSum(number: string, check: WeightedSum): boolean {
  const sumWith = (weights: readonly number[]) => {
    let sum = 0;
    for (let at = 0; at < Math.min(weights.length, number.length); at++) {
      const weight = weights[at] ?? 0;
      const product = weight === 0 ? 0 : weight * valueAt(number, at, check.table);
      sum += check.sumsDigits ? Math.floor(product / 10) + (product % 10) : product;
    }
    return modulo(sum, check.modulus);
  };
  let remainder = sumWith(check.weights);
  if (remainder === 10 && check.secondWeights !== undefined) remainder = sumWith(check.secondWeights);
  if (check.result === 'zero') return remainder === 0;
  const expected = check.result === 'remainder' ? remainder : complementOf(remainder, check);
  return isCharacter(number.charAt(check.checkAt ?? check.weights.length), expected, check);
}

function complementOf(remainder: number, { from, modulus }: WeightedSum): number {
  return from === undefined ? modulus - remainder : modulo(from - remainder, modulus);
}

/** A letter among the digits counts as its place in the table of check characters (Ireland). */
function valueAt(number: string, at: number, table: string | undefined): number {
  const digit = digitAt(number, at);
  if (!Number.isNaN(digit) || table === undefined) return digit;
  const place = table.indexOf(number.charAt(at));
  return place < 0 ? Number.NaN : place;
}

function holdsNumberModulo(number: string, prefix: string, check: NumberModulo): boolean {
  let part = '';
  for (let at = check.digits[0]; at < check.digits[1]; at++) if (!check.without.includes(at)) part += number.charAt(at);
  for (const [letters, digits] of Object.entries(check.replace)) part = part.replace(letters, digits);
  if (!/^\d{1,18}$/.test(part)) return false;
  const remainder = Number(BigInt(prefix + part) % BigInt(check.modulus));
  const expected = check.result === 'remainder' ? remainder : check.modulus - remainder;
  const written = number.slice(...check.check);
  if (check.table === undefined && written.length > 1) return Number(written) === expected;
  return isCharacter(written, expected, check);
}

function isCharacter(written: string, expected: number, check: WeightedSum | NumberModulo): boolean {
  if (check.table !== undefined) return written !== '' && check.table.charAt(expected) === written;
  return Number.parseInt(written, 10) === (expected < 10 ? expected : check.beyond[String(expected)]);
}

function holdsPositionalTables(number: string, check: PositionalTables): boolean {
  let sum = 0;
  for (let at = 0; at < number.length - 1; at++) {
    sum += (at % 2 === 0 ? check.odd : check.even)[number.charAt(at)] ?? Number.NaN;
  }
  return check.table.charAt(sum % check.modulus) === number.at(-1);
}

/** ISO/IEC 7812-1, annex B. */
function holdsLuhn(number: string): boolean {
  let sum = 0;
  for (let at = number.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = digitAt(number, at) * (isDoubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10: the last digit checks those before it. */
function holdsIso7064(number: string): boolean {
  let carry = 10;
  for (let at = 0; at < number.length - 1; at++) {
    const sum = (carry + digitAt(number, at)) % 10;
    carry = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (carry + digitAt(number, number.length - 1)) % 10 === 1;
}

/** J. Verhoeff, Error Detecting Decimal Codes, 1969: multiplication in the dihedral group D5, and the permutation of places. */
const DIHEDRAL = ['0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432']
  .concat(['7659821043', '8765932104', '9876543210'])
  .map((row) => [...row].map(Number));
const PERMUTATION = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415']
  .concat(['7046913258'])
  .map((row) => [...row].map(Number));
const INVERSE = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

/** @returns check digit of these digits */
function verhoeffOf(digits: string): number {
  let check = 0;
  for (let place = 1; place <= digits.length; place++) {
    const permuted = PERMUTATION[place % 8]?.[digitAt(digits, digits.length - place)] ?? 0;
    check = DIHEDRAL[check]?.[permuted] ?? 0;
  }
  return INVERSE[check] ?? 0;
}

function expandLetters(number: string): string {
  return number.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 64).padStart(2, '0'));
}

/** @returns NaN where there is no digit: a sum with it holds nothing */
function digitAt(number: string, at: number): number {
  const digit = number.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
