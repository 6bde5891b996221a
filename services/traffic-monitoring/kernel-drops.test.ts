import { execFile, spawnSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeSampleCapture } from './sample/write-sample-capture.ts';
import type { Source } from './sources/source.ts';
import { Monitoring } from './test-monitoring.ts';

const NAMESPACE = `spx${process.pid}`;
const HERE = `spxh${process.pid % 100_000}`;
const THERE = `spxt${process.pid % 100_000}`;
const LIMIT = { timeout: 40_000, interval: 200 } as const;

const run = (command: string, ...parameters: string[]) =>
  promisify(execFile)(command, parameters, { maxBuffer: 1 << 24 });

/** Another network behind a cable of this machine, from which traffic is played. */
const mayUseNamespaces =
  process.getuid?.() === 0 &&
  spawnSync('tcpreplay', ['--version']).status === 0 &&
  spawnSync('tcpdump', ['--version']).status === 0 &&
  spawnSync('ip', ['netns', 'add', NAMESPACE]).status === 0 &&
  spawnSync('ip', ['netns', 'del', NAMESPACE]).status === 0;

describe.skipIf(!mayUseNamespaces)(
  'an interface on which traffic is played (needs root, ip netns, tcpreplay, tcpdump)',
  () => {
    let house: Monitoring;
    let capture: string;
    beforeAll(async () => {
      house = await Monitoring.open();
      capture = join(house.folder, 'ward.pcap');
      await writeSampleCapture(capture, Date.now());
      await run('ip', 'netns', 'add', NAMESPACE);
      await run('ip', 'link', 'add', HERE, 'type', 'veth', 'peer', 'name', THERE, 'netns', NAMESPACE);
      await run('ip', 'link', 'set', HERE, 'up');
      await run('ip', 'netns', 'exec', NAMESPACE, 'ip', 'link', 'set', THERE, 'up');
    });
    afterAll(async () => {
      await house.close();
      await run('ip', 'netns', 'del', NAMESPACE).catch(() => undefined);
    });

    const play = async (file: string, ...speed: string[]) => {
      const { stdout } = await run('ip', 'netns', 'exec', NAMESPACE, 'tcpreplay', '-q', ...speed, '-i', THERE, file);
      return Number(/Actual: (\d+) packets/.exec(stdout)?.[1] ?? 0);
    };
    const source = async (id: string) => (await house.sources()).find((candidate) => candidate.id === id);

    it('shows every packet, or counts it as lost: none is missing without a word', async () => {
      const { id } = await house.ask<Source>('addSource', { body: { kind: 'interface', interface: HERE } });
      // What is played before tcpdump listens is nobody's loss.
      await vi.waitFor(async () => {
        await play(capture, '--pps=2000', '--limit=20');
        expect((await source(id))?.packets).toBeGreaterThan(0);
      }, LIMIT);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const before = (await source(id))?.packets ?? 0;

      const long = join(house.folder, 'long.pcap');
      const bytes = await readFile(capture);
      await appendFile(long, bytes);
      for (let round = 1; round < 40; round++) await appendFile(long, bytes.subarray(24));
      const sent = await play(long, '--topspeed');
      expect(sent).toBeGreaterThan(20_000);
      await vi.waitFor(async () => {
        const now = await source(id);
        expect((now?.packets ?? 0) - before + (now?.lost ?? 0)).toBeGreaterThanOrEqual(sent);
      }, LIMIT);
      const stopped = await house.ask<Source>('stopSource', { id });
      // Nothing is counted twice either; the kernel's own neighbour discovery adds a few.
      expect(stopped.packets - before + stopped.lost).toBeLessThan(sent + 200);
      const summary = await house.ask<{ drops: { capture: number } }>('getTrafficSummary');
      expect(summary.drops.capture).toBe(stopped.lost);
    });
  },
);
