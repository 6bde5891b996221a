import { z } from 'zod';

/** How it is proved that a download is what its publisher made. */
export const DownloadCheck = z.enum(['none', 'md5', 'sha256', 'signature']).meta({
  description:
    '`md5`, `sha256`: checksum published beside it (URL with .md5 or .sha256 behind it), which finds damage only; ' +
    '`signature`: Ed25519 or minisign, which also finds forgery',
});
export type DownloadCheck = z.infer<typeof DownloadCheck>;

/** How many rules came, changed and went. */
export const ChangeCounts = z.object({ added: z.int(), changed: z.int(), removed: z.int() });
export type ChangeCounts = z.infer<typeof ChangeCounts>;

/** A group of rules that comes and goes together. */
export const RuleSet = z
  .object({
    id: z.string(),
    title: z.string(),
    origin: z
      .enum(['own', 'local', 'file', 'url'])
      .meta({ description: '`own`: comes with SPHINX; `local`: written here' }),
    url: z.string().nullable(),
    check: DownloadCheck,
    isEnabled: z.boolean(),
    loaded: z.int().meta({ description: 'Rules that were loaded' }),
    rejected: z.int().meta({ description: 'Rules that were not, see /rule-sets/{id}/rejected' }),
    digest: z.string().meta({ description: 'SHA-256 of what was taken; empty where SPHINX made it' }),
    updatedAt: z.number().nullable(),
    checkedAt: z.number().nullable().meta({ description: 'When its URL was last asked' }),
    updateHours: z.int().min(0).max(8760).nullable().meta({
      description: 'Hours between updates, 0 for none; null for what the setting says',
    }),
    isReviewed: z.boolean().meta({ description: 'Updates wait until somebody takes them' }),
    waiting: ChangeCounts.extend({ digest: z.string(), foundAt: z.number() })
      .nullable()
      .meta({ description: 'An update that was found and waits for a person' }),
    lastChange: ChangeCounts.nullable(),
    previousAt: z.number().nullable().meta({ description: 'Time of the version that undo brings back' }),
    message: z.string().meta({ description: 'Why the last update failed; empty when all is well' }),
  })
  .meta({ id: 'RuleSet' });
export type RuleSet = z.infer<typeof RuleSet>;

export const RejectedRule = z
  .object({ file: z.string(), line: z.int(), sid: z.int().nullable(), reason: z.string() })
  .meta({ id: 'RejectedRule' });
export type RejectedRule = z.infer<typeof RejectedRule>;

/** A set with why rules of it were not loaded, the most frequent reason first. */
export const RuleSetReport = RuleSet.extend({
  reasons: z.array(z.object({ reason: z.string(), count: z.int() })),
}).meta({ id: 'RuleSetReport' });

export const NewRuleSet = z
  .object({
    title: z.string().trim().min(1).max(120),
    content: z.string().max(15_000_000).optional().meta({ description: 'Text of the rules' }),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .meta({ description: 'Rule file or archive (.tar.gz) to fetch; http:// only with a signature' }),
    check: DownloadCheck.default('none'),
    publicKey: z.string().max(2000).optional().meta({
      description:
        'Ed25519 public key: as PEM, then the signature is at the URL with .sig behind it, or of minisign, then .minisig',
    }),
    updateHours: RuleSet.shape.updateHours.default(null),
    isReviewed: z.boolean().default(false),
  })
  .refine(({ content, url }) => (content === undefined) !== (url === undefined), {
    message: 'Give either the text of the rules or a URL.',
  })
  .refine(({ check, publicKey }) => (check === 'signature') === (publicKey !== undefined), {
    message: 'A signature is checked with a public key, and a public key checks a signature: give both or none.',
  })
  .meta({ id: 'NewRuleSet' });
export type NewRuleSet = z.infer<typeof NewRuleSet>;

export const RuleSetChange = z
  .object({
    isEnabled: z.boolean().optional(),
    updateHours: RuleSet.shape.updateHours.optional(),
    isReviewed: z.boolean().optional(),
  })
  .strict();
export type RuleSetChange = z.infer<typeof RuleSetChange>;

/** What a set would be, compared with what it is. */
export const RuleChanges = ChangeCounts.extend({
  digest: z.string().meta({ description: 'SHA-256 of what was looked at; give it when it is taken' }),
  loaded: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  rules: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        change: z.enum(['added', 'changed', 'removed']),
        before: z.string().nullable().meta({ description: 'Text as it is' }),
        after: z.string().nullable().meta({ description: 'Text as it would be' }),
      }),
    )
    .meta({ description: 'At most 500 of them' }),
  rejections: z.array(RejectedRule).meta({ description: 'At most 500 of them' }),
}).meta({ id: 'RuleChanges' });
export type RuleChanges = z.infer<typeof RuleChanges>;
