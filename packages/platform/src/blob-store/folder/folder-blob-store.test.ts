import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { harnessOf } from '../../engine-harness.ts';
import { describeBlobStoreContract } from '../blob-store.contract.ts';
import { openFolderBlobStore } from './folder-blob-store.ts';

describeBlobStoreContract('A folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-blobs-'));
  return harnessOf(
    () => openFolderBlobStore(folder),
    async () => {},
    () => rm(folder, { recursive: true, force: true }),
  );
});

describe('A folder as blob store', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'sphinx-blobs-')), 'blobs');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('keeps files for its user alone', async () => {
    const store = await openFolderBlobStore(folder);
    const { sha256 } = await store.put(new Uint8Array([1]));
    const file = join(folder, sha256.slice(0, 2), sha256);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('clears away what a killed program left half written', async () => {
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await writeFile(join(folder, 'incoming', 'half'), 'half');
    await openFolderBlobStore(folder);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('leaves no half-written file behind when content breaks off', async () => {
    const store = await openFolderBlobStore(folder);
    const broken = new Readable({
      read() {
        this.destroy(new Error('cable pulled'));
      },
    });
    await expect(store.put(broken)).rejects.toThrow('cable pulled');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });
});
