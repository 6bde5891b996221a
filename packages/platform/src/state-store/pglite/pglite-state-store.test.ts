import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    await mkdir(join(folder, 'database.unfinished'));
    await writeFile(join(folder, 'database.unfinished', 'PG_VERSION'), '18\n');
    const store = await openPgliteStateStore({ folder });
    expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  it('keeps the copy of an empty database for its user alone', async () => {
    const cacheFolder = join(folder, 'cache');
    await (await openPgliteStateStore({ cacheFolder })).close();
    const [file = ''] = await readdir(cacheFolder);
    expect((await stat(join(cacheFolder, file))).mode & 0o777).toBe(0o600);
    expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
  });

  it('starts from the copy, and never hands the data of one database to another', async () => {
    const cacheFolder = join(folder, 'cache');
    const first = await openPgliteStateStore({ cacheFolder });
    await first.query('CREATE TABLE leaked (id text)');
    const second = await openPgliteStateStore({ cacheFolder });
    await expect(second.query('SELECT * FROM leaked')).rejects.toThrow();
    await Promise.all([first.close(), second.close()]);
  });

  it('mends a damaged copy of an empty database, and ignores one that others may change', async () => {
    const cacheFolder = join(folder, 'cache');
    await (await openPgliteStateStore({ cacheFolder })).close();
    const [name = ''] = await readdir(cacheFolder);
    const file = join(cacheFolder, name);
    for (const mode of [0o600, 0o666]) {
      await rm(file);
      await writeFile(file, 'damaged', { mode: 0o600 });
      await chmod(file, mode);
      const store = await openPgliteStateStore({ cacheFolder });
      expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await store.close();
      expect((await stat(file)).size).toBeGreaterThan(1_000_000);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  });
});
