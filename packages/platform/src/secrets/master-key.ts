import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SphinxError } from '../errors.ts';
import { MASTER_KEY_BYTES } from './sealed-secrets.ts';

/**
 * Reads the master key, creating it on first use with access for its owner only.
 *
 * @param file path of the key file; may lie on another volume than the data
 * @returns 32 bytes
 * @throws SphinxError SPX_SECRET_UNREADABLE when the file is damaged or readable by others
 */
export async function ensureMasterKey(file: string): Promise<Uint8Array> {
  const existing = await readExisting(file);
  if (existing !== undefined) return existing;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const key = randomBytes(MASTER_KEY_BYTES);
  // Under its name only once it is whole: a power cut while it is made must not leave a key that is none.
  const unfinished = `${file}.new`;
  await rm(unfinished, { force: true });
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(key.toString('base64'));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  return key;
}

async function readExisting(file: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new SphinxError('SPX_SECRET_UNREADABLE', `Others can read the master key. Run: chmod 600 ${file}`);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== MASTER_KEY_BYTES) {
    throw new SphinxError('SPX_SECRET_UNREADABLE', `${file} holds no master key of ${MASTER_KEY_BYTES} bytes.`);
  }
  return key;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
