import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml, SphinxError } from '@sphinx/platform';
import { PatientSafetyClass, type Verdict } from '@sphinx/schema';
import { z } from 'zod';

/** Networks by what they are for; the settings say which VLAN each is. */
export const NetworkName = z.enum(['own', 'restricted', 'quarantine', 'onboarding']);
export type NetworkName = z.infer<typeof NetworkName>;

const Rule = z.strictObject({ network: NetworkName });

/** `knowledge/access-gate/access.yaml`: what follows from each verdict, and who fails open. */
export const AccessPolicy = z.strictObject({
  id: z.literal('access'),
  version: z.string(),
  title: z.string(),
  rationale: z.string().min(30),
  verdicts: z.strictObject({
    trusted: Rule,
    conditional: Rule,
    rejected: Rule,
    'insufficient-evidence': Rule,
    unknown: Rule,
  }),
  failOpen: z.array(PatientSafetyClass),
  references: z.array(z.strictObject({ title: z.string(), url: z.url().optional() })).min(1),
});
export type AccessPolicy = z.infer<typeof AccessPolicy>;

/** @throws SphinxError SPX_INVALID_INPUT that says what does not fit */
export async function loadAccessPolicy(knowledgeFolder: string): Promise<AccessPolicy> {
  const path = join(knowledgeFolder, 'access-gate', 'access.yaml');
  const parsed = AccessPolicy.safeParse(parseYaml(await readFile(path, 'utf8')));
  if (!parsed.success) throw new SphinxError('SPX_INVALID_INPUT', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What the gate knows of a device. */
export interface Device {
  readonly assetId: string;
  readonly name: string;
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly safetyClass: PatientSafetyClass | undefined;
  readonly verdict: Verdict | undefined;
  readonly verificationId: string | undefined;
}
