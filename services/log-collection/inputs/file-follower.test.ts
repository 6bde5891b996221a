import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileFollower, type FilePosition } from './file-follower.ts';

let folder = '';
let kept = new Map<string, FilePosition>();
let lines: string[] = [];
let truncated = 0;

const follower = (patterns = ['*.log', '*.log.1'], isFull = () => false) =>
  new FileFollower({
    patterns: patterns.map((pattern) => join(folder, pattern)),
    maximumBytes: 100,
    now: () => 0,
    positions: {
      load: async () => [...kept.values()],
      save: async (positions) => {
        for (const position of positions) kept.set(position.file, position);
      },
    },
    sink: {
      get isFull() {
        return isFull();
      },
      push: ({ raw }) => lines.push(raw),
      countDropped: () => undefined,
      countTruncated: (_, count) => {
        truncated += count;
      },
    },
    stored: async () => undefined,
  });
const file = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-follow-'));
  kept = new Map();
  lines = [];
  truncated = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('A file that is followed', () => {
  it('gives each line once, also over restarts, and a line without its end when it has one', async () => {
    await writeFile(file('a.log'), 'one\r\ntwo\nthr');
    const first = follower();
    await first.poll();
    await first.poll();
    expect(lines).toEqual(['one', 'two']);
    await appendFile(file('a.log'), 'ee\nfour\n');
    await follower().poll();
    expect(lines).toEqual(['one', 'two', 'three', 'four']);
    await follower().poll();
    expect(lines).toHaveLength(4);
  });

  it('is read to its end when it was rotated, and the new one from its beginning', async () => {
    await writeFile(file('a.log'), 'one\n');
    await follower().poll();
    await appendFile(file('a.log'), 'last\n');
    await rename(file('a.log'), file('a.log.1'));
    await writeFile(file('a.log'), 'new\n');
    await follower().poll();
    expect(lines.toSorted()).toEqual(['last', 'new', 'one']);
    await follower().poll();
    expect(lines).toHaveLength(3);
  });

  it('that was emptied, or got other content at the same place, is read from its beginning', async () => {
    await writeFile(file('a.log'), 'first beginning\nmore\n');
    await follower().poll();
    await truncate(file('a.log'));
    await appendFile(file('a.log'), 'again\n');
    await follower().poll();
    await truncate(file('a.log'));
    await appendFile(file('a.log'), 'other beginning that is longer\nmore than before\n');
    await follower().poll();
    expect(lines).toEqual(['first beginning', 'more', 'again', 'other beginning that is longer', 'more than before']);
  });

  it('waits where there is no room, and goes on', async () => {
    await writeFile(file('a.log'), 'one\ntwo\n');
    await follower(['*.log'], () => true).poll();
    expect(lines).toEqual([]);
    await follower().poll();
    expect(lines).toEqual(['one', 'two']);
  });

  it('with lines that are too long is cut there, and counted; one without any end is told in pieces', async () => {
    await writeFile(file('a.log'), `${'x'.repeat(300)}\nnext\n${'y'.repeat(250)}`);
    await follower().poll();
    expect(lines.map(({ length }) => length)).toEqual([100, 4, 100]);
    expect(truncated).toBe(2);
  });

  it('that is not there, or a folder, is passed over', async () => {
    await follower(['nothing.log', '.']).poll();
    expect(lines).toEqual([]);
  });
});
