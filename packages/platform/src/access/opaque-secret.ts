import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A secret that cannot be guessed: 256 random bits, safe in URLs and headers. */
export function createOpaqueSecret(prefix = ''): string {
  return `${prefix}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** What is kept of such a secret. It is random, so a plain digest cannot be turned back. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
