import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Logger } from '@sphinx/platform';
import { createSigningKey, trustedKeyOf } from '@sphinx/platform/signing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveHead } from './archive-entry.ts';
import { checkArchive } from './check-archive.ts';
import { openForTest } from './kill-test-program.ts';
import { LogArchive, type LogArchiveOptions } from './log-archive.ts';

const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const NOW = Date.UTC(2026, 10, 30);
const DAY_MS = 86_400_000;
const WRITER = fileURLToPath(new URL('kill-test-program.ts', import.meta.url));
const KINDS = ['audit', 'system', 'web'] as const;
const key = createSigningKey(NOW);
const other = createSigningKey(NOW);
let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'sphinx-log-archive-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

function memory() {
  const heads = new Map<string, ArchiveHead>();
  return {
    heads,
    get: async (folder: string) => heads.get(folder),
    set: async (folder: string, head: ArchiveHead) => void heads.set(folder, head),
  };
}

const openArchive = (folder: string, more: Partial<LogArchiveOptions> = {}) =>
  LogArchive.open({
    folder,
    key,
    memory: memory(),
    logger: QUIET,
    now: () => NOW,
    segmentBytes: 2000,
    segmentMs: DAY_MS,
    ...more,
  });

const line = (number: number, received = NOW) => ({
  received,
  id: `log_${number}`,
  source: 'syslog-udp/10.0.0.9',
  raw: `<34>1 line ${number} of "many" \u0000 ü \ud800`,
});

async function filled(name: string, lines: number, more: Partial<LogArchiveOptions> = {}): Promise<string> {
  const folder = join(base, name);
  const archive = await openArchive(folder, more);
  for (let number = 0; number < lines; number++) {
    archive.take(KINDS[number % KINDS.length] ?? 'audit', line(number));
    if (number % 10 === 0) await archive.tend();
  }
  await archive.close();
  return folder;
}

async function linesIn(folder: string): Promise<{ id: string; raw: string; received: number }[]> {
  const lines = [];
  for (const name of (await readdir(join(folder, 'segments'))).sort()) {
    const text = gunzipSync(await readFile(join(folder, 'segments', name))).toString('utf8');
    for (const each of text.trimEnd().split('\n')) lines.push(JSON.parse(each));
  }
  return lines;
}

/** Every file with what it holds. */
async function filesIn(folder: string): Promise<string[]> {
  const segments = (await readdir(join(folder, 'segments'))).sort().map((name) => `segments/${name}`);
  return ['chain.jsonl', 'head.json', ...segments];
}

describe('An archive of logs', () => {
  it('keeps every line as it came, in segments that hold', async () => {
    const folder = await filled('whole', 200);
    const check = await checkArchive(folder, { trusted: [trustedKeyOf(key)] });
    expect(check).toMatchObject({ isIntact: true, problems: [], lines: 200, lost: 0, isKeyTrusted: true });
    expect(check.segments).toBeGreaterThan(6);
    const kept = await linesIn(folder);
    expect(kept.map(({ id }) => id).sort()).toEqual(Array.from({ length: 200 }, (_, n) => `log_${n}`).sort());
    expect(kept.find(({ id }) => id === 'log_7')).toEqual(line(7));
    expect((await checkArchive(folder, { trusted: [trustedKeyOf(other)] })).isIntact).toBe(false);
  });

  it('is gone on with by the next run, and holds an entry that was noted before', async () => {
    const heads = memory();
    const folder = await filled('two-runs', 30, { memory: heads });
    const noted = (await checkArchive(folder)).head?.hash ?? '';
    await filled('two-runs', 30, { memory: heads });
    expect(await checkArchive(folder, { notedHash: noted })).toMatchObject({ isIntact: true, lines: 60, remarks: [] });
    expect((await checkArchive(folder, { notedHash: 'f'.repeat(64) })).isIntact).toBe(false);
  });

  it('fails its check for any byte that is flipped, cut off or put in, in any file', async () => {
    const folder = await filled('flipped', 30);
    const files = await filesIn(folder);
    const work = join(base, 'flipped-work');
    await cp(folder, work, { recursive: true });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'insert', 'remove', 'append'),
        async (file, where, mask, way) => {
          const bytes = await readFile(join(folder, file));
          const at = where % bytes.length;
          const changed =
            way === 'flip'
              ? Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ mask : byte)))
              : way === 'cut'
                ? bytes.subarray(0, at)
                : way === 'remove'
                  ? Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
                  : Buffer.concat([
                      bytes.subarray(0, way === 'append' ? bytes.length : at),
                      Buffer.from([mask]),
                      bytes.subarray(way === 'append' ? bytes.length : at),
                    ]);
          await writeFile(join(work, file), changed);
          const check = await checkArchive(work);
          await writeFile(join(work, file), bytes);
          expect(check.isIntact, `${way} ${file} at ${at}`).toBe(false);
          expect(check.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
    expect((await checkArchive(work)).isIntact).toBe(true);
  });

  it('fails its check for segments and entries that are removed, swapped, repeated or put in', async () => {
    const folder = await filled('swapped', 60);
    const chain = (await readFile(join(folder, 'chain.jsonl'), 'utf8')).trimEnd().split('\n');
    const segments = await readdir(join(folder, 'segments'));
    const index = fc.nat({ max: Math.min(chain.length, segments.length) - 1 });
    const work = join(base, 'swapped-work');
    await fc.assert(
      fc.asyncProperty(index, index, fc.constantFrom('entries', 'segments'), async (one, two, what) => {
        await rm(work, { recursive: true, force: true });
        await cp(folder, work, { recursive: true });
        if (what === 'entries') {
          const entries = [...chain];
          if (one === two) entries.splice(one, 1);
          else [entries[one], entries[two]] = [entries[two] ?? '', entries[one] ?? ''];
          await writeFile(join(work, 'chain.jsonl'), `${entries.join('\n')}\n`);
        } else {
          const [from, to] = [join(work, 'segments', segments[one] ?? ''), join(work, 'segments', segments[two] ?? '')];
          if (one === two) await rm(from);
          else {
            await rename(to, `${work}/kept`);
            await rename(from, to);
            await rename(`${work}/kept`, from);
          }
        }
        expect((await checkArchive(work)).isIntact, `${what} ${one} ${two}`).toBe(false);
      }),
      { numRuns: 40 },
    );
    const last = chain.at(-1) ?? '';
    await rm(work, { recursive: true, force: true });
    await cp(folder, work, { recursive: true });
    await writeFile(join(work, 'chain.jsonl'), `${[...chain, last].join('\n')}\n`);
    expect((await checkArchive(work)).isIntact).toBe(false);
    await writeFile(join(work, 'chain.jsonl'), `${chain.slice(0, -1).join('\n')}\n`);
    await rm(join(work, 'segments', segments.sort().at(-1) ?? ''));
    expect((await checkArchive(work)).problems).toContainEqual(expect.stringContaining('the chain was cut'));
    await rm(work, { recursive: true, force: true });
    await cp(folder, work, { recursive: true });
    await writeFile(join(work, 'segments', '00000099-audit.jsonl.gz'), 'put in');
    expect((await checkArchive(work)).problems).toEqual(['00000099-audit.jsonl.gz is not in the chain: it was put in']);
  });

  it('never throws for what is no archive', async () => {
    const folder = await mkdtemp(join(base, 'none-'));
    expect((await checkArchive(folder)).isIntact).toBe(false);
    expect((await checkArchive(join(folder, 'nowhere'))).isIntact).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.uint8Array({ maxLength: 100 }), async (chain, head) => {
        await writeFile(join(folder, 'chain.jsonl'), chain);
        await writeFile(join(folder, 'head.json'), head);
        expect((await checkArchive(folder)).isIntact).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('signs what was dropped when its time was over, and what a forger drops fails', async () => {
    const folder = join(base, 'dropped');
    let now = NOW;
    const options = { now: () => now, segmentMs: 1000, memory: memory() };
    const archive = await openArchive(folder, options);
    for (const day of [0, 1, 2, 3]) {
      now = NOW + day * DAY_MS;
      archive.take('audit', line(day, now));
      archive.take('system', line(day + 10, now));
      now += 1000;
      await archive.tend();
    }
    expect(
      await archive.drop([
        { kind: 'system', days: 2 },
        { kind: 'audit', days: 30 },
      ]),
    ).toBe(2);
    expect(archive.status()).toMatchObject({ segments: 6, dropped: { segments: 2, lines: 2 }, problem: '' });
    await archive.close();
    const check = await checkArchive(folder);
    expect(check).toMatchObject({ isIntact: true, segments: 6, dropped: { segments: 2, lines: 2 } });
    expect((await linesIn(folder)).map(({ id }) => id)).not.toContain('log_10');
    const [oldest] = (await readdir(join(folder, 'segments'))).sort();
    await rm(join(folder, 'segments', oldest ?? ''));
    expect((await checkArchive(folder)).problems).toEqual([`${oldest} is missing`]);
  });

  it('notices that a file was changed before it was signed', async () => {
    const folder = join(base, 'altered');
    const archive = await openArchive(folder);
    archive.take('audit', line(1));
    await archive.flush();
    const [journal] = await readdir(join(folder, 'open'));
    const path = join(folder, 'open', journal ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).replace('line 1', 'line 2'));
    await archive.close();
    expect(archive.status().problem).toContain('was changed by somebody else before it was signed');
    expect((await checkArchive(folder)).problems).toEqual([
      '00000002-audit.jsonl.gz was changed by somebody else before it was signed',
    ]);
  });

  it('counts lines whose file was removed before it was signed, and signs how many', async () => {
    const folder = join(base, 'removed');
    const archive = await openArchive(folder);
    for (const number of [1, 2, 3]) archive.take('audit', line(number));
    await archive.flush();
    await rm(join(folder, 'open', (await readdir(join(folder, 'open')))[0] ?? ''));
    await archive.seal();
    expect(archive.status()).toMatchObject({ lost: 3, lines: 0, problem: expect.stringContaining('not be closed') });
    archive.take('audit', line(4));
    await archive.close();
    expect(archive.status()).toMatchObject({ lost: 3, lines: 1, problem: '' });
    expect(await checkArchive(folder)).toMatchObject({ isIntact: true, lost: 3, lines: 1 });
  });

  it('is set aside when it was cut or does not hold, and the new one says so', async () => {
    for (const [name, harm] of Object.entries({
      cut: async (folder: string) => {
        const chain = (await readFile(join(folder, 'chain.jsonl'), 'utf8')).trimEnd().split('\n');
        await writeFile(join(folder, 'chain.jsonl'), `${chain.slice(0, 2).join('\n')}\n`);
      },
      torn: async (folder: string) => truncate(join(folder, 'chain.jsonl'), 3000),
      gone: async (folder: string) => rm(folder, { recursive: true }),
    })) {
      const heads = memory();
      const folder = await filled(`aside-${name}`, 40, { memory: heads });
      const before = heads.heads.get(folder);
      await harm(folder);
      const archive = await openArchive(folder, { memory: heads });
      expect(archive.status().problem).toContain('set aside');
      await archive.close();
      const check = await checkArchive(folder);
      expect(check).toMatchObject({ isIntact: true, lines: 0 });
      expect(check.remarks).toEqual([
        expect.stringContaining(`It follows archive ${before?.archive} with ${before?.sequence} entries`),
      ]);
    }
  });
});

describe('A run that is killed', () => {
  it('loses no line that it said is kept', async () => {
    const folder = join(base, 'killed');
    const keyFile = join(base, 'killed.key');
    const writer = spawn(process.execPath, [WRITER, folder, keyFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(writer, 'exit');
    let kept = 0;
    for await (const text of createInterface({ input: writer.stdout })) {
      kept = Number(text);
      if (kept > 3000) writer.kill('SIGKILL');
    }
    await ended;
    expect(writer.signalCode).toBe('SIGKILL');
    const interrupted = await checkArchive(folder);
    expect(interrupted.isIntact, interrupted.problems.join()).toBe(true);
    const { archive, key: signingKey } = await openForTest(folder, keyFile);
    await archive.close();
    const check = await checkArchive(folder, { trusted: [trustedKeyOf(signingKey)] });
    expect(check).toMatchObject({ isIntact: true, unsigned: { files: 0 } });
    expect(check.lines).toBeGreaterThanOrEqual(kept);
    const ids = (await linesIn(folder)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const found = new Set(ids);
    for (let number = 0; number < kept; number++) expect(found.has(`log_${number}`)).toBe(true);
  }, 20_000);
});
