import { z } from 'zod';
import { CheckDigits, chanceOfCheckDigits, holdsCheckDigits } from './check-digits.ts';

/** Where a number holds the date of birth of its owner. */
const BirthDate = z.strictObject({
  at: z.int().min(0),
  order: z.enum(['yymmdd', 'ddmmyy', 'yyyymmdd', 'ddmm', 'yymm']),
  /** Added to the month or to the day for some owners: sex, century, provisional numbers. */
  monthOffsets: z.array(z.int()).default([0]),
  dayOffsets: z.array(z.int()).default([0]),
});
type BirthDate = z.infer<typeof BirthDate>;

/** A kind of number that names one person, as knowledge/patient-identifiers describes it. */
export const IdentifierDefinition = z.strictObject({
  id: z.string().regex(/^[a-z]{2}(-[a-z0-9]+)+$/),
  title: z.string().min(1),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
  kind: z.enum(['national', 'health', 'social-security', 'tax']),
  /** Regular expression of how it is written, separators included. */
  pattern: z.string().min(3),
  /** Left out before anything is computed. */
  separators: z.string().default(' .-/'),
  /** So many at the end are the number; what may stand before them (a century, a country) is left out. */
  lastCharacters: z.int().positive().optional(),
  birthDate: BirthDate.optional(),
  /** All of them must hold. */
  checks: z.array(CheckDigits).default([]),
  /** What stands before it or over its column, in lower case. */
  words: z.array(z.string().min(2)).min(1),
  source: z.strictObject({ title: z.string(), url: z.url() }),
  examples: z.strictObject({ valid: z.array(z.string()).min(1), invalid: z.array(z.string()).min(1) }),
});
export type IdentifierDefinition = z.infer<typeof IdentifierDefinition>;

/** File of knowledge/patient-identifiers. */
export const IdentifierFile = z.strictObject({ identifiers: z.array(IdentifierDefinition).min(1) });

/** Days that a date within a century can have, of those that six digits can write. */
const CHANCE_OF_DATE = { yymmdd: 0.0365, ddmmyy: 0.0365, yyyymmdd: 0.0005, ddmm: 0.0365, yymm: 0.12 } as const;
const CHANCE_OF_TEN_LETTERS_OR_MORE = 1e-6;

/** Looks for one kind of number. */
export class Identifier {
  readonly definition: IdentifierDefinition;
  /** How likely characters that are written like one are one by chance, 0 to 1. */
  readonly chance: number;
  readonly #pattern: RegExp;
  readonly #separators: RegExp;

  constructor(definition: IdentifierDefinition) {
    this.definition = definition;
    this.#pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${definition.pattern})(?![\\p{L}\\p{N}])`, 'gu');
    this.#separators = new RegExp(`[${definition.separators.replace(/[\\\]^-]/g, '\\$&')}]`, 'g');
    this.chance = chanceOf(definition);
  }

  /** @returns what is written like one, with its place and whether it can be one */
  *find(text: string): Generator<{ readonly at: number; readonly number: string; readonly isValid: boolean }> {
    for (const match of text.matchAll(this.#pattern)) {
      const number = this.#normal(match[0]);
      yield { at: match.index, number, isValid: this.#isNumber(number) };
    }
  }

  /** @param text one number and nothing else */
  isValid(text: string): boolean {
    const [found] = this.find(text);
    return found !== undefined && found.at === 0 && this.#normal(text) === found.number && found.isValid;
  }

  #normal(text: string): string {
    const { separators, lastCharacters } = this.definition;
    const number = (separators === '' ? text : text.replace(this.#separators, '')).toUpperCase();
    return lastCharacters === undefined ? number : number.slice(-lastCharacters);
  }

  #isNumber(number: string): boolean {
    const { birthDate, checks } = this.definition;
    // 0000000000 and 1111111111 fulfil many a sum, and are what people type where they have no number.
    if (/^(.)\1*$/.test(number)) return false;
    if (birthDate !== undefined && !holdsDate(number, birthDate)) return false;
    return checks.every((check) => holdsCheckDigits(number, check));
  }
}

function chanceOf({ birthDate, checks, pattern }: IdentifierDefinition): number {
  // Letters in fixed places make it unlike anything else.
  const letters = pattern.includes('[A-Z]{6}') ? CHANCE_OF_TEN_LETTERS_OR_MORE : 1;
  const date = birthDate === undefined ? 1 : CHANCE_OF_DATE[birthDate.order] * birthDate.monthOffsets.length;
  return checks.reduce((chance, check) => chance * chanceOfCheckDigits(check), Math.min(1, date) * letters);
}

function holdsDate(number: string, { at, order, monthOffsets, dayOffsets }: BirthDate): boolean {
  const part = (from: number, length: number) => Number(number.slice(at + from, at + from + length));
  const isYearFirst = order.startsWith('y');
  const yearLength = order.startsWith('yyyy') ? 4 : 2;
  const year = part(0, 4);
  if (yearLength === 4 && (year < 1880 || year > 2100)) return false;
  const month = part(isYearFirst ? yearLength : 2, 2);
  if (!monthOffsets.some((offset) => month - offset >= 1 && month - offset <= 12)) return false;
  if (order === 'yymm') return true;
  const day = part(isYearFirst ? yearLength + 2 : 0, 2);
  return dayOffsets.some((offset) => day - offset >= 1 && day - offset <= 31);
}
