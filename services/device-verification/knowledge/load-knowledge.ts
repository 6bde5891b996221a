import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import { canonicalJson } from '@sphinx/platform/signing';
import { parse } from 'yaml';
import { z } from 'zod';
import { Check } from '../checks/check.ts';
import { EndOfLifeProduct } from './end-of-life.ts';
import { VerificationPolicy } from './policy.ts';

/** All that a verdict rests on besides the asset. */
export interface VerificationKnowledge {
  readonly checks: readonly Check[];
  readonly policies: readonly VerificationPolicy[];
  readonly endOfLife: readonly EndOfLifeProduct[];
  /** SHA-256, hexadecimal, of all of it: another digest means that assets have to be judged anew. */
  readonly digest: string;
}

/**
 * Reads `checks`, `verification-policies` and `end-of-life`.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadVerificationKnowledge(folder: string): Promise<VerificationKnowledge> {
  const [checks, policies, endOfLife] = await Promise.all([
    readEntries(join(folder, 'checks'), Check),
    readEntries(join(folder, 'verification-policies'), VerificationPolicy),
    readEntries(join(folder, 'end-of-life'), EndOfLifeProduct),
  ]);
  requireKnownChecks(checks, policies);
  const judged = checks.map(({ tests: _tests, ...check }) => check);
  const digest = createHash('sha256')
    .update(canonicalJson({ checks: judged, policies, endOfLife }))
    .digest('hex');
  return { checks, policies, endOfLife, digest };
}

async function readEntries<Entry extends { readonly id: string }>(
  folder: string,
  schema: z.ZodType<Entry>,
): Promise<readonly Entry[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const problems: string[] = [];
  const entries = new Map<string, Entry>();
  for (const name of names) {
    const path = join(folder, name);
    const parsed = schema.safeParse(parseYaml(await readFile(path, 'utf8'), problems, path));
    if (!parsed.success) problems.push(`${path}: ${z.prettifyError(parsed.error)}`);
    else if (name !== `${parsed.data.id}.yaml`)
      problems.push(`${path}: its id is ${parsed.data.id}; name the file after it`);
    else entries.set(parsed.data.id, parsed.data);
  }
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return [...entries.values()];
}

function parseYaml(text: string, problems: string[], path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** A policy that names a check that nobody wrote would silently be weaker than it looks. */
function requireKnownChecks(checks: readonly Check[], policies: readonly VerificationPolicy[]): void {
  const known = new Set(checks.map((check) => check.id));
  const unknown = policies.flatMap((policy) =>
    [...(policy.rejects.checks ?? []), ...(policy.conditions.checks ?? [])]
      .filter((id) => !known.has(id))
      .map((id) => `The policy ${policy.id} names the check ${id}, which is not in knowledge/checks`),
  );
  if (unknown.length > 0) throw new SphinxError('SPX_INVALID_INPUT', unknown.join('\n'));
}
