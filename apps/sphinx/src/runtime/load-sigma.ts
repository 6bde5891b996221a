import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SphinxError } from '@sphinx/platform/errors';
import type { CompiledSigma, SigmaFile, SigmaPipeline } from '@sphinx/rules';

/** The rules for hospitals that SPHINX comes with. */
export const OWN_RULES = fileURLToPath(new URL('../../../../knowledge/sigma-rules', import.meta.url));
const PIPELINES = fileURLToPath(new URL('../../../../knowledge/sigma-pipelines', import.meta.url));

/**
 * Compiles the Sigma rules of files and folders.
 *
 * @param rules files, or folders that are searched for `.yml` and `.yaml`
 * @param pipelines folders of pipelines beside those that SPHINX comes with; they come later and so win
 * @throws SphinxError SPX_NOT_FOUND for a path that is not there, SPX_INVALID_INPUT for a pipeline that does not fit
 */
export async function loadSigma(rules: readonly string[], pipelines: readonly string[]): Promise<CompiledSigma> {
  const { compileSigma } = await import('@sphinx/rules');
  const loaded: SigmaPipeline[] = [];
  for (const folder of [PIPELINES, ...pipelines]) loaded.push(...(await loadFolder(folder)));
  const files = (await Promise.all(rules.map(readRuleFiles))).flat();
  return compileSigma(files, loaded);
}

async function loadFolder(folder: string): Promise<readonly SigmaPipeline[]> {
  const { loadPipelines } = await import('@sphinx/rules');
  try {
    return await loadPipelines(folder);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const message = cause instanceof Error ? cause.message : String(cause);
    if (isMissing) throw new SphinxError('SPX_NOT_FOUND', `There is no folder ${folder} of pipelines.`, { cause });
    throw new SphinxError('SPX_INVALID_INPUT', `The pipelines of ${folder} do not fit:\n${message}`, { cause });
  }
}

/** Files, or those of folders. @throws SphinxError SPX_NOT_FOUND for a path that is not there */
export async function readRuleFiles(path: string): Promise<readonly SigmaFile[]> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw new SphinxError('SPX_NOT_FOUND', `${path} cannot be read. Is the name right?`, { cause });
  });
  if (!entry.isDirectory()) return [{ name: path, content: await readFile(path, 'utf8') }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((each) => each.isFile() && /\.ya?ml$/.test(each.name))
    .map((each) => join(each.parentPath, each.name))
    .sort();
  const files: SigmaFile[] = [];
  for (const name of names) files.push({ name, content: await readFile(name, 'utf8') });
  return files;
}
