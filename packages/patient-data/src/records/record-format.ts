import { z } from 'zod';

const Expression = z.string().refine(
  (text) => {
    try {
      return new RegExp(text, 'giu') !== undefined;
    } catch {
      return false;
    }
  },
  { message: 'This is no regular expression.' },
);

/** A form that medical records are written in, as knowledge/record-formats describes it. */
export const RecordFormatDefinition = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string().min(1),
  /** Regular expressions that all occur in it, upper and lower case alike, `^` at the begin of any line. */
  signs: z.array(Expression).min(1),
  /** Occurs once for each person that it tells of; absent where it cannot be told. */
  person: Expression.optional(),
  source: z.strictObject({ title: z.string(), url: z.url() }),
});
export type RecordFormatDefinition = z.infer<typeof RecordFormatDefinition>;

/** File of knowledge/record-formats. */
export const RecordFormatFile = z.strictObject({ formats: z.array(RecordFormatDefinition).min(1) });

/** Looks for one form of records. */
export class RecordFormat {
  readonly definition: RecordFormatDefinition;
  readonly #signs: readonly RegExp[];
  readonly #person: RegExp | undefined;

  constructor(definition: RecordFormatDefinition) {
    this.definition = definition;
    this.#signs = definition.signs.map((sign) => new RegExp(sign, 'imu'));
    this.#person = definition.person === undefined ? undefined : new RegExp(definition.person, 'gimu');
  }

  /** @returns persons that it tells of; at least 1; undefined where the text is none of this form */
  personsIn(text: string): number | undefined {
    if (!this.#signs.every((sign) => sign.test(text))) return undefined;
    if (this.#person === undefined) return 1;
    const persons = text.match(this.#person)?.length ?? 0;
    return persons === 0 ? undefined : persons;
  }
}
