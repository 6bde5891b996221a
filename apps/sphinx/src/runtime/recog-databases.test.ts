import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importRecogDatabases, loadRecogDatabases, removeRecogDatabases, undoRecogImport } from './recog-databases.ts';

let root = '';
const data = () => join(root, 'data');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sphinx-recog-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'import-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const database = (pattern: string, more = '') =>
  `<fingerprints matches="x.banner"><fingerprint pattern="${pattern}">${more}</fingerprint><fingerprint pattern="(a)\\1"/></fingerprints>`;
const loaded = async () => {
  const { files } = await loadRecogDatabases(data());
  return files.map(({ file, database: { fingerprints } }) => [file, fingerprints[0]?.pattern]);
};

describe('Fingerprint databases in the data folder', () => {
  it('are taken with what was left out and why, files of examples with them', async () => {
    const more = '<example _filename="one.bin"/>';
    const folder = await folderWith({
      'a.xml': database('^a', more),
      'a/one.bin': 'abc',
      'b.xml': '<broken',
      'c.txt': '',
    });
    const { files, refused } = await importRecogDatabases(data(), folder);
    expect(files[0]?.database.rejected).toHaveLength(1);
    expect(refused).toMatchObject([{ file: 'b.xml', reason: expect.stringContaining('XML') }]);
    const kept = await loadRecogDatabases(data());
    expect(kept.refused).toEqual([]);
    expect(kept.files[0]?.database.fingerprints[0]?.examples[0]?.text).toBe('abc');
  });

  it('replace those that were there, which come back with undo, and go again with undo', async () => {
    await importRecogDatabases(data(), await folderWith({ 'a.xml': database('^a') }));
    await importRecogDatabases(data(), await folderWith({ 'b.xml': database('^b') }));
    expect(await loaded()).toEqual([['b.xml', '^b']]);
    await undoRecogImport(data());
    expect(await loaded()).toEqual([['a.xml', '^a']]);
    await undoRecogImport(data());
    expect(await loaded()).toEqual([['b.xml', '^b']]);
  });

  it('are taken out and brought back', async () => {
    await importRecogDatabases(data(), await folderWith({ 'a.xml': database('^a') }));
    await removeRecogDatabases(data());
    expect(await loaded()).toEqual([]);
    await undoRecogImport(data());
    expect(await loaded()).toEqual([['a.xml', '^a']]);
  });

  it('stay as they are when a folder holds nothing to use, or there is nothing to undo or remove', async () => {
    await expect(undoRecogImport(data())).rejects.toThrow('Nothing is kept');
    await expect(removeRecogDatabases(data())).rejects.toThrow('No fingerprint database');
    await importRecogDatabases(data(), await folderWith({ 'a.xml': database('^a') }));
    await expect(importRecogDatabases(data(), await folderWith({ 'b.xml': '<a/>' }))).rejects.toThrow('b.xml');
    await expect(importRecogDatabases(data(), join(root, 'absent'))).rejects.toThrow('There is no folder');
    expect(await loaded()).toEqual([['a.xml', '^a']]);
  });
});
