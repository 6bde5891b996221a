import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { ensureMasterKey } from './master-key.ts';
import { openSealedSecrets, SECRET_MIGRATIONS } from './sealed-secrets.ts';

const MASTER_KEY = new Uint8Array(32).fill(7);
const VALUE = new TextEncoder().encode('correct horse battery staple');

describe('secrets', () => {
  let state: StateStore;
  beforeAll(async () => {
    state = await openPgliteStateStore({});
    await state.migrate('secrets', SECRET_MIGRATIONS);
  });
  afterAll(() => state.close());

  it('come back as they were stored, and nothing of them stands in the database', async () => {
    const secrets = openSealedSecrets(state, MASTER_KEY, 'device-verification');
    await secrets.set('signing-key', VALUE);
    expect(await secrets.get('signing-key')).toEqual(VALUE);
    const [row] = await state.query<{ sealed: Uint8Array }>('SELECT sealed FROM secrets.secret');
    expect(Buffer.from(row?.sealed ?? []).includes(Buffer.from('horse'))).toBe(false);
  });

  it('of one owner are not seen by another', async () => {
    const other = openSealedSecrets(state, MASTER_KEY, 'traffic-monitoring');
    expect(await other.get('signing-key')).toBeUndefined();
    expect(await other.names()).toEqual([]);
  });

  it('do not open under another master key', async () => {
    const wrong = openSealedSecrets(state, new Uint8Array(32).fill(8), 'device-verification');
    await expect(wrong.get('signing-key')).rejects.toMatchObject({ code: 'SPX_SECRET_UNREADABLE' });
  });

  it('do not open when the sealed value was moved to another name', async () => {
    await state.query(
      `INSERT INTO secrets.secret SELECT owner, 'moved', nonce, sealed FROM secrets.secret WHERE name = 'signing-key'`,
    );
    const secrets = openSealedSecrets(state, MASTER_KEY, 'device-verification');
    await expect(secrets.get('moved')).rejects.toMatchObject({ code: 'SPX_SECRET_UNREADABLE' });
  });
});

describe('the master key', () => {
  it('is made once, readable for its owner only, and refused when others can read it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-key-'));
    const file = join(folder, 'keys', 'master.key');
    try {
      await mkdir(dirname(file));
      // What a power cut left behind while a key was made.
      await writeFile(`${file}.new`, 'bm90IHdob2xl');
      const key = await ensureMasterKey(file);
      expect(await ensureMasterKey(file)).toEqual(key);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      await chmod(file, 0o644);
      await expect(ensureMasterKey(file)).rejects.toThrow('chmod 600');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
