import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readPipeline, type SigmaPipeline } from './pipeline.ts';

/**
 * Reads the pipelines of a folder in the order of their names; of placeholders with the same name, the last one counts.
 *
 * @param folder with files that end with `.yaml` or `.yml`, such as `knowledge/sigma-pipelines`
 * @throws Error that names every file that does not fit and why
 */
export async function loadPipelines(folder: string): Promise<readonly SigmaPipeline[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const problems: string[] = [];
  const pipelines: SigmaPipeline[] = [];
  for (const name of names) {
    try {
      pipelines.push(readPipeline(parse(await readFile(join(folder, name), 'utf8'))));
    } catch (error) {
      problems.push(`${name}: ${describe(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return pipelines;
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
