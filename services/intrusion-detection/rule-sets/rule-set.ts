import { z } from 'zod';

/** A group of rules that comes and goes together. */
export const RuleSet = z
  .object({
    id: z.string(),
    title: z.string(),
    origin: z.enum(['own', 'file', 'url']).meta({ description: '`own`: comes with SPHINX' }),
    url: z.string().nullable(),
    isSigned: z.boolean().meta({ description: 'Its updates are checked against a public key' }),
    isEnabled: z.boolean(),
    loaded: z.int().meta({ description: 'Rules that were loaded' }),
    rejected: z.int().meta({ description: 'Rules that were not, see /rule-sets/{id}/rejected' }),
    updatedAt: z.number().nullable(),
    message: z.string().meta({ description: 'Why the last update failed; empty when all is well' }),
  })
  .meta({ id: 'RuleSet' });
export type RuleSet = z.infer<typeof RuleSet>;

export const RejectedRule = z
  .object({ file: z.string(), line: z.int(), sid: z.int().nullable(), reason: z.string() })
  .meta({ id: 'RejectedRule' });
export type RejectedRule = z.infer<typeof RejectedRule>;

export const NewRuleSet = z
  .object({
    title: z.string().min(1).max(120),
    content: z.string().max(64_000_000).optional().meta({ description: 'Text of the rules' }),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ description: 'Rule file or archive (.tar.gz) to fetch' }),
    publicKey: z.string().max(2000).optional().meta({
      description:
        'Ed25519 public key (PEM); the signature of the file is then fetched from the URL with .sig behind it',
    }),
  })
  .refine(({ content, url }) => (content === undefined) !== (url === undefined), {
    message: 'Give either the text of the rules or a URL.',
  })
  .meta({ id: 'NewRuleSet' });
export type NewRuleSet = z.infer<typeof NewRuleSet>;

/** What was decided about one rule. */
export const RuleTuning = z
  .object({
    isEnabled: z.boolean().default(true),
    /** Asset groups, as networks, for which the rule is not told. */
    quietFor: z.array(z.string()).max(1000).default([]).meta({
      description: 'Networks or addresses of asset groups: matches with one of them at either end are not told',
    }),
    note: z.string().max(500).default(''),
  })
  .meta({ id: 'RuleTuning' });
export type RuleTuning = z.infer<typeof RuleTuning>;

export const RuleView = z
  .object({
    id: z.string().meta({ description: 'Group and number: `1:2019401`' }),
    set: z.string(),
    revision: z.int(),
    title: z.string(),
    class: z.string(),
    priority: z.int(),
    text: z.string(),
    tuning: RuleTuning,
    hits: z.int(),
    lastHit: z.number().nullable(),
    looks: z.int().meta({ description: 'How often its conditions were looked at' }),
    milliseconds: z.number().meta({ description: 'Processor time that it has cost' }),
  })
  .meta({ id: 'RuleView' });
export type RuleView = z.infer<typeof RuleView>;
