import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readModel } from '@sphinx/learning';
import { SphinxError } from '@sphinx/platform';

/** A model file that unpacks to more is none of ours. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/**
 * Reads the model that was chosen.
 *
 * @param name as the settings have it; empty for none
 * @returns undefined where none was chosen
 * @throws SphinxError for a model that is not there, cannot be read or does not judge flows
 */
export async function loadModel(
  name: string,
  knowledgeFolder: string,
): Promise<{ readonly name: string; readonly content: string } | undefined> {
  if (name === '') return undefined;
  const file = join(knowledgeFolder, 'models', `${name}.json.gz`);
  const packed = await readFile(file).catch((cause: unknown) => {
    throw new SphinxError('SPX_SETTINGS_INVALID', `There is no model ${name}: ${file} cannot be read.`, { cause });
  });
  const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
  const content = (await unpack(packed, { maxOutputLength: MAXIMUM_BYTES })).toString('utf8');
  const reading = readModel(content);
  if (!reading.isRead) throw new SphinxError('SPX_SETTINGS_INVALID', `${file}: ${reading.problem}`);
  if (reading.model.kind !== 'flows') {
    throw new SphinxError(
      'SPX_SETTINGS_INVALID',
      `The model ${name} judges rows of ${reading.model.kind}, not flows. Choose one of kind flows.`,
    );
  }
  return { name, content };
}
