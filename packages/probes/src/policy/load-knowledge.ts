import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { type Credential, PROBES } from '../index.ts';
import { ProbePolicy } from './probe-policy.ts';

const Credentials = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    product: z.string().min(1),
    protocol: z.enum(['ftp', 'http', 'mqtt', 'snmp']),
    user: z.string().max(40),
    password: z.string().max(40),
    source: z.url(),
  }),
);

export interface ProbingKnowledge {
  readonly policies: readonly ProbePolicy[];
  readonly credentials: readonly Credential[];
}

/**
 * Reads `probe-policies` and `default-credentials`.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names the file that does not fit and why
 */
export async function loadProbingKnowledge(folder: string): Promise<ProbingKnowledge> {
  const policies = await loadProbePolicies(folder);
  const credentials = await readEach(join(folder, 'default-credentials'), Credentials);
  return { policies, credentials: credentials.flat() };
}

/**
 * Reads `probe-policies` alone.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names the file that does not fit and why
 */
export async function loadProbePolicies(folder: string): Promise<readonly ProbePolicy[]> {
  const policies = await readEach(join(folder, 'probe-policies'), ProbePolicy);
  requireKnownProbes(policies);
  if (!policies.some(({ coversUnclassified }) => coversUnclassified)) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      'No policy of knowledge/probe-policies covers devices of unknown class.',
    );
  }
  return policies;
}

async function readEach<Entry>(folder: string, schema: z.ZodType<Entry>): Promise<Entry[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const parsed = schema.safeParse(parseYaml(await readFile(join(folder, name), 'utf8')));
      if (parsed.success) return parsed.data;
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `${join(folder, name)} does not fit: ${z.prettifyError(parsed.error)}`,
      );
    }),
  );
}

function requireKnownProbes(policies: readonly ProbePolicy[]): void {
  const known = new Set(PROBES.map(({ id }) => id));
  for (const { id, probes } of policies) {
    const unknown = [...probes.except, ...probes.also].find((probe) => !known.has(probe));
    if (unknown !== undefined)
      throw new SphinxError('SPX_INVALID_INPUT', `The probe policy ${id} names "${unknown}", which is no probe.`);
  }
}
