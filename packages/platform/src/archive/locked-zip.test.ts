import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockedZip } from './locked-zip.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-locked-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('A hostile file under a password', () => {
  it.each([
    ['a program', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(70_000, 7)])],
    ['nothing', Buffer.alloc(0)],
  ])('does not lie there as it came, and opens with unzip: %s', async (_, content) => {
    const path = join(folder, 'sample.zip');
    const archive = lockedZip('sample.bin', content);
    if (content.length > 0) expect(archive.includes(content.subarray(0, 16))).toBe(false);
    await writeFile(path, archive);
    const opened = spawnSync('unzip', ['-p', '-P', 'infected', path], { maxBuffer: 1 << 20 });
    expect(opened.stderr.toString()).toBe('');
    expect(opened.stdout.equals(content)).toBe(true);
    expect(spawnSync('unzip', ['-p', '-P', 'wrong', path]).status).not.toBe(0);
  });
});
