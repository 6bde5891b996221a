import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SphinxError } from '../errors.ts';
import type { Secrets } from '../service/service.ts';
import type { Migration, StateStore } from '../state-store/state-store.ts';

export const SECRET_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-secret',
    sql: `
      CREATE SCHEMA IF NOT EXISTS secrets;
      CREATE TABLE secrets.secret (
        owner text NOT NULL,
        name text NOT NULL,
        nonce bytea NOT NULL,
        sealed bytea NOT NULL,
        PRIMARY KEY (owner, name)
      );`,
  },
];

/** Length of the master key and of derived keys: AES-256. */
export const MASTER_KEY_BYTES = 32;
/** NIST SP 800-38D §8.2: a 96-bit random nonce per encryption. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Secrets of one owner, sealed with AES-256-GCM (NIST SP 800-38D) under a key derived from the master key with
 * HKDF-SHA-256 (RFC 5869) for that owner. Owner and name are authenticated, so a sealed value cannot be moved.
 *
 * @param masterKey 32 bytes, kept outside the database
 * @throws SphinxError SPX_SECRET_UNREADABLE when a value does not open under this master key
 */
export function openSealedSecrets(state: StateStore, masterKey: Uint8Array, owner: string): Secrets {
  const key = Buffer.from(hkdfSync('sha256', masterKey, 'sphinx-secrets-v1', owner, MASTER_KEY_BYTES));
  return {
    async get(name) {
      const [row] = await state.query<{ nonce: Uint8Array; sealed: Uint8Array }>(
        'SELECT nonce, sealed FROM secrets.secret WHERE owner = $1 AND name = $2',
        [owner, name],
      );
      return row === undefined ? undefined : unseal(key, owner, name, row.nonce, row.sealed);
    },
    async set(name, value) {
      const { nonce, sealed } = seal(key, owner, name, value);
      await state.query(
        `INSERT INTO secrets.secret (owner, name, nonce, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (owner, name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed`,
        [owner, name, nonce, sealed],
      );
    },
    async remove(name) {
      await state.query('DELETE FROM secrets.secret WHERE owner = $1 AND name = $2', [owner, name]);
    },
    async names() {
      const rows = await state.query<{ name: string }>(
        'SELECT name FROM secrets.secret WHERE owner = $1 ORDER BY name',
        [owner],
      );
      return rows.map((row) => row.name);
    },
  };
}

function seal(key: Uint8Array, owner: string, name: string, value: Uint8Array) {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData(owner, name));
  const sealed = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  return { nonce, sealed };
}

function unseal(key: Uint8Array, owner: string, name: string, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce);
    decipher.setAAD(additionalData(owner, name));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]),
    );
  } catch (cause) {
    throw new SphinxError(
      'SPX_SECRET_UNREADABLE',
      `The secret "${name}" of ${owner} does not open. Is the master key the one it was sealed with?`,
      { cause },
    );
  }
}

function additionalData(owner: string, name: string): Buffer {
  return Buffer.from(JSON.stringify([owner, name]));
}
