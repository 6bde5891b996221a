import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createAuthority, createKeyPair, issueCertificate, type Secrets } from '@sphinx/platform';
import type { DecoyKeys } from '../protocols/registry.ts';

const RSA_BITS = 2048;
const CERTIFICATE_DAYS = 730;
const AUTHORITY_NAME = 'Internal Services CA';

/** Keys of a decoy; the same after every start, as those of a machine are. */
export async function keysOf(decoy: string, hostName: string, secrets: Secrets, now: number): Promise<DecoyKeys> {
  const name = `keys-${decoy}`;
  const known = await secrets.get(name);
  if (known !== undefined) return JSON.parse(Buffer.from(known).toString('utf8')) as DecoyKeys;
  const make = promisify(generateKeyPair);
  const [rsa, ed25519] = await Promise.all([make('rsa', { modulusLength: RSA_BITS }), make('ed25519')]);
  const tls = createKeyPair();
  const authority = await createAuthority(AUTHORITY_NAME, now);
  const certificate = await issueCertificate(authority, {
    name: hostName,
    publicKey: tls.publicKey,
    usage: 'server',
    nowMs: now,
    days: CERTIFICATE_DAYS,
  });
  const keys: DecoyKeys = {
    rsa: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ed25519: ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    tls: tls.privateKey,
    certificate,
  };
  await secrets.set(name, Buffer.from(JSON.stringify(keys)));
  return keys;
}
