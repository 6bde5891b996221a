import { readFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';

/**
 * Reads the public keys that somebody brought along for a check.
 *
 * @param command that prints such a file, for the message
 * @throws SphinxError SPX_INVALID_INPUT
 */
export async function readTrustedKeys(path: string, command: string) {
  const { TrustedKeys } = await import('@sphinx/platform/signing');
  try {
    return TrustedKeys.parse(JSON.parse(await readFile(path, 'utf8'))).keys;
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${path} holds no keys as "${command}" prints them.`, { cause });
  }
}
