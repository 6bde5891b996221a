import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPipelines, type SigmaFile, type SigmaPipeline } from '@sphinx/rules';

const PIPELINES = fileURLToPath(new URL('../../../knowledge/sigma-pipelines', import.meta.url));

export function ownPipelines(): Promise<readonly SigmaPipeline[]> {
  return loadPipelines(PIPELINES);
}

/** @returns the files of every folder `rules…` below a folder that is laid out like SigmaHQ's, with paths from that folder */
export function readRuleFiles(folder: string): readonly SigmaFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith('rules'))
    .flatMap((entry) => filesBelow(join(folder, entry.name)))
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => ({ name: relative(folder, path), content: readFileSync(path, 'utf8') }));
}

/** @returns paths of all files below a folder */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
