import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml, SphinxError } from '@sphinx/platform';
import { canonicalJson } from '@sphinx/platform/signing';
import { z } from 'zod';
import { Check } from '../checks/check.ts';
import { type Declaration, Declarations } from '../occasions/declaration.ts';
import { OccasionPolicy } from '../occasions/occasion.ts';
import { EndOfLifeProduct } from './end-of-life.ts';
import { VerificationPolicy } from './policy.ts';
import { requireSound } from './sound-knowledge.ts';
import { Standard } from './standard.ts';

/** All that a verdict rests on besides the asset. */
export interface VerificationKnowledge {
  readonly checks: readonly Check[];
  readonly policies: readonly VerificationPolicy[];
  readonly endOfLife: readonly EndOfLifeProduct[];
  /** One for every occasion. */
  readonly occasions: readonly OccasionPolicy[];
  readonly declarations: readonly Declaration[];
  readonly standards: readonly Standard[];
  /** SHA-256, hexadecimal, of all of it: another digest means that assets have to be judged anew. */
  readonly digest: string;
}

/**
 * Reads `checks`, `verification-policies`, `verification-occasions`, `declarations`, `standards` and `end-of-life`.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadVerificationKnowledge(folder: string): Promise<VerificationKnowledge> {
  const read = <Entry extends { readonly id: string }>(name: string, schema: z.ZodType<Entry>) =>
    readEntries(join(folder, name), schema);
  const [checks, policies, endOfLife, occasions, declarationLists, standards] = await Promise.all([
    read('checks', Check),
    read('verification-policies', VerificationPolicy),
    read('end-of-life', EndOfLifeProduct),
    read('verification-occasions', OccasionPolicy),
    read('declarations', Declarations),
    read('standards', Standard),
  ]);
  const declarations = declarationLists.flatMap((list) => list.declarations);
  const known = { checks, policies, endOfLife, occasions, declarations, standards };
  requireSound(known);
  const judged = checks.map(({ tests: _tests, ...check }) => check);
  const digest = createHash('sha256')
    .update(canonicalJson({ checks: judged, policies, endOfLife, occasions }))
    .digest('hex');
  return { ...known, digest };
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
    const parsed = schema.safeParse(readYaml(await readFile(path, 'utf8'), problems, path));
    if (!parsed.success) problems.push(`${path}: ${z.prettifyError(parsed.error)}`);
    else if (name !== `${parsed.data.id}.yaml`)
      problems.push(`${path}: its id is ${parsed.data.id}; name the file after it`);
    else entries.set(parsed.data.id, parsed.data);
  }
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return [...entries.values()];
}

function readYaml(text: string, problems: string[], path: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
