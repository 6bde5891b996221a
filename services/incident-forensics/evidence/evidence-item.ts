import { z } from 'zod';

export const EvidenceKind = z.enum([
  'alerts',
  'flows',
  'records',
  'files',
  'packets',
  'asset-configuration',
  'decoy-session',
  'decoy-credentials',
  'decoy-replay',
  'decoy-sample',
  'event-log',
  'triage-archive',
  'other',
]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

/** One piece of evidence of a case. Its content is kept under its SHA-256. */
export const EvidenceItem = z
  .object({
    id: z.string(),
    incident: z.string(),
    kind: EvidenceKind,
    /** File name, safe in every file system. */
    name: z.string(),
    about: z.string().meta({ description: 'What it is and where it comes from, in words' }),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    sizeBytes: z.int().nonnegative(),
    mediaType: z.string(),
    isMasked: z.boolean().meta({ description: 'Holds no content that may name a patient' }),
    collectedAt: z.number(),
    collectedBy: z.string(),
  })
  .meta({ id: 'EvidenceItem' });
export type EvidenceItem = z.infer<typeof EvidenceItem>;

/** Evidence before it is kept. */
export interface NewEvidence extends Pick<EvidenceItem, 'kind' | 'name' | 'about' | 'mediaType' | 'isMasked'> {
  readonly content: Uint8Array;
}
