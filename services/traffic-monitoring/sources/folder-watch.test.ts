import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchFolder } from './folder-watch.ts';

describe('a watched folder', () => {
  let folder: string;
  let abort: AbortController;
  let watching: Promise<void>;
  const seen: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-watch-'));
    abort = new AbortController();
    seen.length = 0;
    watching = watchFolder(folder, abort.signal, async (path) => void seen.push(basename(path)), 20);
  });
  afterEach(async () => {
    abort.abort();
    await watching;
    await rm(folder, { recursive: true, force: true });
  });

  it('hands over a capture file once, and leaves other files alone', async () => {
    await writeFile(join(folder, 'ward-3.pcap'), 'x');
    await writeFile(join(folder, 'notes.txt'), 'x');
    await vi.waitFor(() => expect(seen).toEqual(['ward-3.pcap']));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).toEqual(['ward-3.pcap']);
  });

  it('hands a file over again when it has grown', async () => {
    const file = join(folder, 'ward-3.pcap.gz');
    await writeFile(file, 'x');
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    await appendFile(file, 'y');
    await vi.waitFor(() => expect(seen).toHaveLength(2));
  });

  it('that does not exist says so', async () => {
    await expect(watchFolder('/nowhere/at/all', new AbortController().signal, async () => {})).rejects.toThrow(
      'ENOENT',
    );
  });
});
