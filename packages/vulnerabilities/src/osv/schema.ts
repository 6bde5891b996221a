import { z } from 'zod';

const severity = z.object({ type: z.string(), score: z.string() });
const event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
  limit: z.string().optional(),
});

/** A record of OSV (schema 1.0–1.7): the members that are read. */
export const OSV_RECORD = z.object({
  id: z.string().min(1),
  modified: z.string(),
  schema_version: z.string().optional(),
  published: z.string().optional(),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string()).nullish(),
  summary: z.string().optional(),
  details: z.string().optional(),
  severity: z.array(severity).nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string(), purl: z.string().optional() }).optional(),
        ranges: z
          .array(
            z.object({
              type: z.enum(['GIT', 'SEMVER', 'ECOSYSTEM']),
              repo: z.string().optional(),
              events: z.array(event),
            }),
          )
          .nullish(),
        versions: z.array(z.string()).nullish(),
        severity: z.array(severity).nullish(),
      }),
    )
    .nullish(),
  references: z.array(z.object({ type: z.string().optional(), url: z.string() })).nullish(),
  database_specific: z
    .object({ cwe_ids: z.array(z.string()).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

export type OsvRecord = z.infer<typeof OSV_RECORD>;
export type OsvAffected = NonNullable<OsvRecord['affected']>[number];
