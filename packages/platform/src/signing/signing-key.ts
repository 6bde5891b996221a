import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '../service/service.ts';
import { keyIdOf, type SigningKey, type TrustedKey } from './dsse.ts';

const StoredKey = z.object({ privateKey: z.string(), createdAt: z.int() });

/**
 * A key that signs what this SPHINX hands out: made when it is first asked for, kept encrypted, never shown.
 *
 * @param name of the secret, such as `certificate-signing-key`
 * @param now milliseconds since the Unix epoch, noted as the birth of a new key
 */
export async function openSigningKey(secrets: Secrets, name: string, now: number): Promise<SigningKey> {
  const stored = await secrets.get(name);
  if (stored !== undefined) return readKey(StoredKey.parse(JSON.parse(Buffer.from(stored).toString('utf8'))));
  const key = createSigningKey(now);
  const privateKey = key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  await secrets.set(name, Buffer.from(JSON.stringify({ privateKey, createdAt: now })));
  return key;
}

/** A new pair of Ed25519 keys. */
export function createSigningKey(now: number): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { keyId: keyIdOf(publicKey), privateKey, publicKey, createdAt: now };
}

/** The public half, as it is published. */
export function trustedKeyOf(key: SigningKey): TrustedKey {
  const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { keyid: key.keyId, algorithm: 'ed25519', publicKey, createdAt: key.createdAt };
}

function readKey(stored: z.infer<typeof StoredKey>): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.from(stored.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  return { keyId: keyIdOf(publicKey), privateKey, publicKey, createdAt: stored.createdAt };
}
