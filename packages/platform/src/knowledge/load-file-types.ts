import { join } from 'node:path';
import { type FileTypeDefinition, FileTypeFile } from '@sphinx/schema';
import { SphinxError } from '../errors.ts';
import { loadKnowledgeFiles } from './load-knowledge-files.ts';

/**
 * Reads what tells the types of files, in the order of the names of the files: the first type that fits is the one.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadFileTypes(folder: string): Promise<readonly FileTypeDefinition[]> {
  const files = await loadKnowledgeFiles(join(folder, 'file-types'), FileTypeFile);
  const types = files.flatMap((file) => file.types);
  const ids = types.map(({ id }) => id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  if (twice.size > 0)
    throw new SphinxError('SPX_INVALID_INPUT', [...twice].map((id) => `${id} is there twice`).join('\n'));
  return types;
}
