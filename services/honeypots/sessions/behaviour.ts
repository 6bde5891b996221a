import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import { type SessionEvent, SessionEventKind } from './session-event.ts';

/** What steps of a session show: a file of knowledge/decoys/behaviour.yaml. */
export const Behaviour = z.object({
  version: z.string(),
  source: z.string(),
  /** Worst first where several fit. */
  signs: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]+$/),
        title: z.string(),
        kinds: z.array(SessionEventKind).min(1),
        /** Expression that the text must fit, without regard to case. */
        text: z.string().optional(),
        /** Values that the data must have; `*` for any. */
        data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
        techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)),
        severity: Severity,
        isMalware: z.boolean().default(false),
      }),
    )
    .min(1),
  /** Words in the names of tools that look around, and of those that guess passwords. */
  scanners: z.array(z.string()).min(1),
  guessers: z.array(z.string()).min(1),
});
export type Behaviour = z.infer<typeof Behaviour>;

export interface Sign {
  readonly id: string;
  readonly title: string;
  readonly techniques: readonly string[];
  readonly severity: Severity;
  readonly isMalware: boolean;
}

/** Finds the signs in a step of a session. */
export class SignReader {
  readonly #signs: readonly { readonly sign: Behaviour['signs'][number]; readonly text: RegExp | undefined }[];

  /** @throws SyntaxError when an expression is none */
  constructor({ signs }: Behaviour) {
    this.#signs = signs.map((sign) => ({
      sign,
      text: sign.text === undefined ? undefined : new RegExp(sign.text, 'i'),
    }));
  }

  read({ kind, text, data }: SessionEvent): readonly Sign[] {
    return this.#signs
      .filter(
        ({ sign, text: expression }) =>
          sign.kinds.includes(kind) &&
          (expression?.test(text) ?? true) &&
          Object.entries(sign.data ?? {}).every(
            ([name, value]) => data?.[name] !== undefined && (value === '*' || data[name] === value),
          ),
      )
      .map(({ sign }) => sign);
  }
}
