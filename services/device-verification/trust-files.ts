import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DsseEnvelope, type SigningKey, trustedKeyOf } from '@sphinx/platform/signing';
import { signRevocationList } from './certificate/revocation-list.ts';
import type { VerificationStore } from './store.ts';

/** Whoever checks offline should fetch a new list after this time at the latest. */
const NEXT_UPDATE_MS = 7 * 86_400_000;

/** The revocation list of this moment, signed. */
export async function currentRevocationList(
  store: VerificationStore,
  key: SigningKey,
  now: number,
): Promise<DsseEnvelope> {
  const revoked = await store.revocations(now);
  return signRevocationList(
    { issuedAt: new Date(now).toISOString(), nextUpdate: new Date(now + NEXT_UPDATE_MS).toISOString(), revoked },
    key,
  );
}

/**
 * Writes `keys.json` and `revocations.json` for whoever checks certificates without asking SPHINX. Each file is replaced
 * as a whole, so a reader never sees half of one.
 *
 * @throws when the folder cannot be written
 */
export async function writeTrustFiles(
  folder: string,
  store: VerificationStore,
  key: SigningKey,
  now: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, 'keys.json'), { keys: [trustedKeyOf(key)] });
  await replaceFile(join(folder, 'revocations.json'), await currentRevocationList(store, key, now));
}

async function replaceFile(path: string, content: object): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`);
  await rename(temporary, path);
}
