import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Secrets } from '@sphinx/platform';

/** AES-256-GCM (NIST SP 800-38D): nonce and tag stand before the content. */
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @returns the key of that name, which is made the first time somebody asks for it */
export async function contentKey(secrets: Secrets, name: string): Promise<Uint8Array> {
  const known = await secrets.get(name);
  if (known !== undefined) return known;
  const key = randomBytes(KEY_BYTES);
  await secrets.set(name, key);
  return key;
}

/** @param about what the content is: it opens as that and as nothing else */
export function seal(key: Uint8Array, content: Uint8Array, about = ''): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error where it was changed, or sealed with another key or about something else */
export function unseal(key: Uint8Array, sealed: Uint8Array, about = ''): Buffer {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
