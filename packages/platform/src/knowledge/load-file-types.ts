import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTypeDefinition, FileTypeFile } from '@sphinx/schema';
import { parse } from 'yaml';
import { z } from 'zod';
import { SphinxError } from '../errors.ts';

/**
 * Reads what tells the types of files, in the order of the names of the files: the first type that fits is the one.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadFileTypes(folder: string): Promise<readonly FileTypeDefinition[]> {
  const types: FileTypeDefinition[] = [];
  const problems: string[] = [];
  const names = (await readdir(join(folder, 'file-types'))).filter((name) => name.endsWith('.yaml')).sort();
  for (const name of names) {
    const parsed = FileTypeFile.safeParse(parse(await readFile(join(folder, 'file-types', name), 'utf8')));
    if (parsed.success) types.push(...parsed.data.types);
    else problems.push(`file-types/${name}: ${z.prettifyError(parsed.error)}`);
  }
  const ids = types.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push(`${id} is there twice`);
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return types;
}
