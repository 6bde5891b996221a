import { z } from 'zod';
import { Identifier, type IdentifierDefinition } from '../identifiers/identifier.ts';
import { RecordFormat, type RecordFormatDefinition } from '../records/record-format.ts';
import { type HealthTermFile, HealthTerms } from '../terms/health-terms.ts';

/** What the scanner knows: plain data, survives a structured clone. */
export interface PatientDataKnowledge {
  readonly identifiers: readonly IdentifierDefinition[];
  readonly formats: readonly RecordFormatDefinition[];
  readonly terms: readonly HealthTermFile[];
}

/** What a text holds: kinds and counts, never a value. */
export const PatientDataCounts = z.object({
  identifiers: z.record(z.string(), z.int()).meta({ description: 'Different numbers of each kind, by id of the kind' }),
  records: z
    .record(z.string(), z.int())
    .meta({ description: 'Persons that records of each form tell of, by id of the form' }),
  terms: z.int().meta({ description: 'Different terms of medicine, of the language that has most of them' }),
});
export type PatientDataCounts = Readonly<z.infer<typeof PatientDataCounts>>;

/** Written like a number and valid less often than this by chance: one is enough to believe it. */
const CERTAIN_BY_ITSELF = 0.0015;
/** How far before a number the word for it stands, characters: a label, or the head of a column of a short table. */
const WORD_DISTANCE = 60;
/** A column of numbers is one of identifiers where so many different ones are valid … */
const COLUMN_MINIMUM = 5;
/** … and so large a part of all that are written like one. */
const COLUMN_VALID_SHARE = 0.8;
/** Chance of validity above which a column says nothing. */
const COLUMN_CHANCE = 0.2;
/** Six digits with what may stand between them, or the letters and digits of the numbers that have fewer together. */
const MAY_HOLD_NUMBERS = /\d(?:[ ./-]?\d){5}|[A-Za-z]{6}[0-9L-V]{2}[A-Za-z]|\d{3}[A-Za-z]/;
/** Shorter than any record, and than any text that has enough words of medicine to matter. */
const SHORTEST_TEXT = 24;
/** Numbers of one kind that are looked at in one text. */
const MAXIMUM_CANDIDATES = 5000;

/**
 * Finds data of patients in text: numbers that name persons, forms that records are written in, words of medicine.
 *
 * A number counts where what is written so is hardly ever valid by chance, where a word for it stands before it, or where a
 * whole column of different numbers is valid far more often than chance allows.
 */
export class PatientDataScanner {
  readonly #identifiers: readonly { readonly identifier: Identifier; readonly words: RegExp }[];
  readonly #formats: readonly RecordFormat[];
  readonly #terms: HealthTerms;

  constructor({ identifiers, formats, terms }: PatientDataKnowledge) {
    this.#identifiers = identifiers.map((definition) => ({
      identifier: new Identifier(definition),
      words: wordsExpression(definition.words),
    }));
    this.#formats = formats.map((definition) => new RecordFormat(definition));
    this.#terms = new HealthTerms(terms);
  }

  /** @param text as people read it; bytes that are no text do no harm. */
  scan(text: string): PatientDataCounts {
    const records: Record<string, number> = {};
    if (text.length < SHORTEST_TEXT) return { identifiers: this.#identifiersIn(text), records, terms: 0 };
    for (const format of this.#formats) {
      const persons = format.personsIn(text);
      if (persons !== undefined) records[format.definition.id] = persons;
    }
    return { identifiers: this.#identifiersIn(text), records, terms: this.#terms.differentIn(text) };
  }

  #identifiersIn(text: string): Record<string, number> {
    const counts: Record<string, number> = {};
    if (!MAY_HOLD_NUMBERS.test(text)) return counts;
    for (const { identifier, words } of this.#identifiers) {
      const count = countIdentifiers(text, identifier, words);
      if (count > 0) counts[identifier.definition.id] = count;
    }
    return counts;
  }
}

function countIdentifiers(text: string, identifier: Identifier, words: RegExp): number {
  const all = new Set<string>();
  const valid = new Set<string>();
  const named = new Set<string>();
  for (const { at, number, isValid } of identifier.find(text)) {
    if (all.size >= MAXIMUM_CANDIDATES) break;
    all.add(number);
    if (!isValid) continue;
    valid.add(number);
    if (words.test(text.slice(Math.max(0, at - WORD_DISTANCE), at))) named.add(number);
  }
  if (identifier.chance <= CERTAIN_BY_ITSELF) return valid.size;
  const isColumn =
    valid.size >= COLUMN_MINIMUM && identifier.chance <= COLUMN_CHANCE && valid.size / all.size >= COLUMN_VALID_SHARE;
  if (isColumn) return valid.size;
  return named.size;
}

/** Words stand by themselves; what is written together or with `_` between is a name of a field and counts too. */
function wordsExpression(words: readonly string[]): RegExp {
  const choices = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[\\s_-]*'));
  return new RegExp(`(?<!\\p{L})(?:${choices.join('|')})(?!\\p{L})`, 'iu');
}

/** @returns the counts of several texts together: numbers in more than one of them are counted more than once */
export function addCounts(left: PatientDataCounts, right: PatientDataCounts): PatientDataCounts {
  const added = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) => {
    const sum: Record<string, number> = { ...one };
    for (const [id, count] of Object.entries(other)) sum[id] = (sum[id] ?? 0) + count;
    return sum;
  };
  return {
    identifiers: added(left.identifiers, right.identifiers),
    records: added(left.records, right.records),
    terms: Math.max(left.terms, right.terms),
  };
}
