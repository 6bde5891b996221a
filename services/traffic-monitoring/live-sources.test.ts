import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeSampleCapture } from './sample/write-sample-capture.ts';
import { captureCommand, explainCaptureFailure } from './sources/live-capture.ts';
import type { Source } from './sources/source.ts';
import { Monitoring, sendDnsQuestion } from './test-monitoring.ts';

/** tcpdump says that it listens as soon as it may; it is ended by the time limit. */
const mayCapture = await promisify(execFile)('tcpdump', ['-i', 'lo', '-w', '/dev/null'], { timeout: 1500 }).then(
  ({ stderr }) => /listening on lo/.test(stderr),
  (error: { stderr?: string }) => /listening on lo/.test(error.stderr ?? ''),
);

describe('a watched folder', () => {
  let house: Monitoring;
  let capture: string;
  let folder: string;

  beforeAll(async () => {
    house = await Monitoring.open();
    capture = join(house.folder, 'sample.pcap');
    folder = join(house.folder, 'drop');
    await mkdir(folder);
    await writeSampleCapture(capture, Date.now());
  });
  afterAll(() => house.close());

  it('reads a capture that appears in it, by itself', async () => {
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'folder', path: folder } });
    expect(await house.until(id, 'running')).toMatchObject({ kind: 'folder', fraction: null });
    await copyFile(capture, join(folder, 'night.pcap'));
    const file = await vi.waitFor(
      async () => {
        const found = (await house.sources()).find(({ title }) => title === 'night.pcap');
        if (found?.state !== 'finished') throw new Error('not read yet');
        return found;
      },
      { timeout: 20_000, interval: 50 },
    );
    expect(file.packets).toBeGreaterThan(1000);
  });

  it('is watched again after a restart, and no longer once it was stopped', async () => {
    await house.restart();
    const folderSource = (await house.sources()).find(({ kind }) => kind === 'folder');
    const id = folderSource?.id ?? '';
    expect(folderSource?.state).toBe('running');
    expect(await house.ask<Source>('stopSource', { id })).toMatchObject({ state: 'stopped' });
    await house.restart();
    expect((await house.sources()).find((source) => source.id === id)?.state).toBe('stopped');
  });

  it('that is named in the settings is watched without a click', async () => {
    await house.restart({ watchedFolder: folder });
    const watched = (await house.sources()).filter(({ kind }) => kind === 'folder');
    expect(watched).toHaveLength(1);
    expect(watched[0]?.state).toBe('running');
  });
});

describe.skipIf(!mayCapture)('a network interface (needs tcpdump and the right to capture on lo)', () => {
  let house: Monitoring;
  beforeAll(async () => {
    house = await Monitoring.open();
  });
  afterAll(() => house.close());

  it('is read while it runs: what it shows arrives within seconds, though it falls silent', async () => {
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'interface', interface: 'lo' } });
    await vi.waitFor(
      async () => {
        await sendDnsQuestion();
        const hosts = await house.facts('host.observed');
        expect(hosts.flatMap(({ evidence }) => evidence).map(({ value }) => value)).toContain('pacs.hospital.example');
      },
      { timeout: 20_000, interval: 300 },
    );
    expect(await house.until(id, 'running')).toMatchObject({ fraction: null });
    const summary = await house.ask<{ runningSources: number }>('getTrafficSummary');
    expect(summary.runningSources).toBe(1);
    const stopped = await house.ask<Source>('stopSource', { id });
    expect(stopped).toMatchObject({ state: 'stopped', message: '' });
    expect(stopped.packets).toBeGreaterThan(1);
  });

  it('can be stopped and started again, and goes on after a restart', async () => {
    const { id } = await house.ask<Source>('addSource', { body: { kind: 'interface', interface: 'lo' } });
    await house.ask('stopSource', { id });
    expect(await house.ask<Source>('startSource', { id })).toMatchObject({ state: 'running' });
    await house.restart();
    expect(await house.until(id, 'running')).toMatchObject({ interface: 'lo' });
  });

  it('is read through a filter, and a filter that is none says so', async () => {
    const add = (filter: string) =>
      house.ask<Source>('addSource', { body: { kind: 'interface', interface: 'lo', filter, snapLength: 96 } });
    const filtered = await add('udp port 9');
    const wrong = await add('udp porthole 9');
    expect(await house.until(wrong.id, 'failed')).toMatchObject({
      message: expect.stringContaining('none that tcpdump understands'),
    });
    await house.until(filtered.id, 'running');
    await sendDnsQuestion();
    expect(await house.ask<Source>('stopSource', { id: filtered.id })).toMatchObject({ packets: 0 });
    await expect(add('-z sh')).rejects.toThrow();
  });

  it('that does not exist fails with the names of those that do', async () => {
    const body = { kind: 'interface', interface: 'ward-3' };
    const { id } = await house.ask<Source>('addSource', { body });
    const source = await house.until(id, 'failed');
    expect(source.message).toMatch(/no interface ward-3.*Choose one of.*lo/);
  });
});

describe('without the right to capture', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-tcpdump-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What tcpdump says without the right: exactly this, on standard error, with exit code 1. */
  const REFUSAL =
    "tcpdump: lo: You don't have permission to capture on that device\n(socket: Operation not permitted)\n";

  it('a source fails with the one command that gives it', async () => {
    const program = join(folder, 'tcpdump');
    await writeFile(program, `#!/bin/sh\nprintf '%s' "${REFUSAL}" >&2\nexit 1\n`);
    await chmod(program, 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    const house = await Monitoring.open();
    try {
      const { id } = await house.ask<Source>('addSource', { body: { kind: 'interface', interface: 'lo' } });
      const { message } = await house.until(id, 'failed');
      expect(message).toContain(`sudo setcap cap_net_raw,cap_net_admin=eip ${program}`);
    } finally {
      await house.close();
      vi.unstubAllEnvs();
    }
  });

  it('and with any other failure the last words of the capture program are shown', () => {
    expect(explainCaptureFailure('/usr/bin/tcpdump', 'eth0', 'tcpdump: eth0: That device is not up')).toContain(
      'That device is not up',
    );
  });

  it('a missing capture program says what to install', async () => {
    await expect(captureCommand('lo', {}, '/nowhere', [])).rejects.toMatchObject({
      code: 'SPX_UNAVAILABLE',
      message: expect.stringContaining('install tcpdump'),
    });
  });
});
