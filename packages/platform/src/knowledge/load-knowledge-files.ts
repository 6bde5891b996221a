import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import { parseYaml } from './parse-yaml.ts';

/**
 * Reads the YAML files of one folder of knowledge, in the order of their names.
 *
 * @param folder for example `knowledge/cloud-services`
 * @param schema what each file holds
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadKnowledgeFiles<T>(folder: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const files: T[] = [];
  const problems: string[] = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.yaml')).sort()) {
    const parsed = schema.safeParse(parseYaml(await readFile(join(folder, name), 'utf8')));
    if (parsed.success) files.push(parsed.data);
    else problems.push(`${join(folder, name)}: ${z.prettifyError(parsed.error)}`);
  }
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return files;
}
