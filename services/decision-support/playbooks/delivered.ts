import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import { type Playbook, type Problem, readPlaybook } from '@sphinx/playbooks';

/** Folder of playbooks below `knowledge/`. */
const FOLDER = 'playbooks';

/**
 * The playbooks that SPHINX comes with, each a file of CACAO 2.0.
 *
 * @param knowledgeFolder folder `knowledge`
 * @throws SphinxError SPX_INVALID_INPUT that names every file with an error, and every error
 */
export async function loadDeliveredPlaybooks(knowledgeFolder: string): Promise<readonly Playbook[]> {
  const folder = join(knowledgeFolder, FOLDER);
  const playbooks = new Map<string, Playbook>();
  const problems: string[] = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json')).sort()) {
    const path = join(folder, name);
    const reading = readPlaybook(await readFile(path, 'utf8'));
    if (reading.playbook === undefined)
      problems.push(...problemLines(reading.problems).map((line) => `${path}: ${line}`));
    else if (playbooks.has(reading.playbook.id))
      problems.push(`${path}: another file has the id ${reading.playbook.id}`);
    else playbooks.set(reading.playbook.id, reading.playbook);
  }
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return [...playbooks.values()];
}

/** @returns problems, one a line, as a person reads them */
export function problemLines(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ level, path, message }) => `${level}: ${path === '' ? '' : `${path}: `}${message}`);
}
