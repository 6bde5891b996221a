import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { harnessOf } from '../../engine-harness.ts';
import { describeStateStoreContract } from '../state-store.contract.ts';
import { openPgliteStateStore } from './pglite-state-store.ts';

describeStateStoreContract('PGlite in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-state-'));
  return harnessOf(
    () => openPgliteStateStore({ folder }),
    (store) => store.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
});

describe('PGlite as state store', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-state-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets one process only use a folder, and says which one has it', async () => {
    const store = await openPgliteStateStore({ folder });
    const second = openPgliteStateStore({ folder });
    await expect(second).rejects.toMatchObject({ code: 'SPX_DATA_FOLDER_IN_USE' });
    await expect(second).rejects.toThrow(String(process.pid));
    await store.close();
  });

  it('takes a folder over from a process that was killed', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.once('exit', resolve));
    await writeFile(join(folder, 'lock'), `${dead.pid} 12345`);
    const store = await openPgliteStateStore({ folder });
    expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  it('takes a folder over whose lock was cut off while it was written', async () => {
    await writeFile(join(folder, 'lock'), '');
    const store = await openPgliteStateStore({ folder });
    await store.close();
    expect(await readdir(folder)).toEqual(['database']);
  });

  it('starts anew where a process was killed while it made the database', async () => {
    await mkdir(join(folder, 'database'));
    await writeFile(join(folder, 'database', 'PG_VERSION'), '18\n');
    await writeFile(join(folder, 'database.unfinished'), '');
    const store = await openPgliteStateStore({ folder });
    expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  it('leaves nothing behind where it was given no folder', async () => {
    vi.stubEnv('TMPDIR', folder);
    const store = await openPgliteStateStore({}).finally(() => vi.unstubAllEnvs());
    expect(await readdir(folder)).toHaveLength(1);
    await store.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('An empty database', () => {
  let cacheFolder = '';
  beforeAll(async () => {
    cacheFolder = join(await mkdtemp(join(tmpdir(), 'sphinx-cache-')), 'cache');
    await (await openPgliteStateStore({ cacheFolder })).close();
  });
  afterAll(() => rm(join(cacheFolder, '..'), { recursive: true, force: true }));

  it('is kept to copy, for its user alone', async () => {
    const [template = ''] = await readdir(cacheFolder);
    expect((await stat(join(cacheFolder, template))).mode & 0o777).toBe(0o700);
    expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
  });

  it('is copied, and never hands the data of one database to another', async () => {
    const first = await openPgliteStateStore({ cacheFolder });
    await first.query('CREATE TABLE leaked (id text)');
    const second = await openPgliteStateStore({ cacheFolder });
    await expect(second.query('SELECT * FROM leaked')).rejects.toThrow();
    await Promise.all([first.close(), second.close()]);
  });

  it('is made anew where the copy is damaged, or others may change it', async () => {
    const [name = ''] = await readdir(cacheFolder);
    const template = join(cacheFolder, name);
    const control = join(template, 'global', 'pg_control');
    for (const mode of [0o700, 0o777]) {
      await rm(control);
      await writeFile(control, 'damaged');
      await chmod(template, mode);
      const store = await openPgliteStateStore({ cacheFolder });
      expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await store.close();
      expect((await stat(control)).size).toBeGreaterThan(1000);
      expect((await stat(template)).mode & 0o777).toBe(0o700);
    }
  });
});
