import { z } from 'zod';

export const BUNDLE_FORMAT = 'sphinx-evidence-bundle';
export const MANIFEST_TYPE = 'application/vnd.sphinx.evidence-manifest+json';

/** Names of the files that every bundle has; time stamps of an authority where there are any. */
export const FILES = {
  manifest: 'manifest.json',
  signature: 'manifest.dsse.json',
  keys: 'keys.json',
  ontology: 'case.jsonld',
  custody: 'custody.json',
  timeStamps: 'time-stamps.json',
  timeline: 'timeline.jsonl',
  report: 'report.pdf',
} as const;

/** What a bundle holds: every file but the manifest and its signature. */
export const BundleManifest = z.object({
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(1),
  case: z.object({ id: z.string(), name: z.string(), title: z.string() }),
  createdAt: z.number(),
  createdBy: z.string(),
  isMasked: z.boolean(),
  custodyHead: z.string(),
  files: z.array(
    z.object({ path: z.string(), sha256: z.string(), sizeBytes: z.int().nonnegative(), about: z.string() }),
  ),
});
export type BundleManifest = z.infer<typeof BundleManifest>;
