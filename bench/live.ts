import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSensorThread } from '../services/traffic-monitoring/sensor/sensor-thread.ts';
import { workerCount } from '../services/traffic-monitoring/sensor/shards/worker-count.ts';
import { captureCommand } from '../services/traffic-monitoring/sources/live-capture.ts';
import { sharedData } from '../tests/shared-data.ts';
import { joinCaptures } from './support/joined-capture.ts';

// At which rate the first packet of live traffic is dropped: a capture is played between two network namespaces over a veth
// pair, faster and faster, until the kernel has no room for a packet before the sensor takes it. Needs root, ip, tcpreplay and
// tcpdump. `npm run bench -- live [CAPTURE]`; last line: figures as JSON.

const NAMESPACE = `spxb${process.pid}`;
const HERE = `spxa${process.pid % 100_000}`;
const THERE = `spxz${process.pid % 100_000}`;
/** At every rate for so long at most. */
const SECONDS_PER_RATE = 5;
const PACKETS_TO_JOIN = 120_000;
const FIRST_RATE = 1000;
const LAST_RATE = 2_000_000;
const GROWTH = 2;
const SETTLE_MS = 2500;
const MTU_BYTES = 65_535;

interface Step {
  readonly wantedPerSecond: number;
  readonly sentPerSecond: number;
  readonly sent: number;
  readonly seen: number;
  readonly dropped: number;
}

/** The sensor on one end of the cable, as the program runs it. */
async function listen(workers: number) {
  const counted = { packets: 0, lost: 0 };
  const thread = startSensorThread(
    {
      source: 'bench',
      isSample: false,
      input: await captureCommand(HERE),
      maximumFlows: 262_144,
      packetsPerBatch: 50_000,
      batchIntervalMs: 500,
      workers,
    },
    async ({ statistics }, { losses }) => {
      counted.packets = statistics.packets;
      counted.lost = losses.lost;
    },
  );
  return { counted, thread };
}

/** @returns packets sent and how many a second, as tcpreplay tells */
async function play(
  file: string,
  rate: number,
  packets = rate * SECONDS_PER_RATE,
): Promise<{ sent: number; perSecond: number }> {
  const parameters = [
    'netns',
    'exec',
    NAMESPACE,
    'tcpreplay',
    '-q',
    '-K',
    `--pps=${rate}`,
    `--limit=${packets}`,
    '-i',
    THERE,
    file,
  ];
  const child = spawn('ip', parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [, sent, seconds] = /Actual: (\d+) packets .* sent in ([\d.]+) seconds/.exec(output) ?? [];
  return { sent: Number(sent), perSecond: Number(sent) / Number(seconds) };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until the sensor has seen all, or sees no more. */
async function settled(counted: { packets: number; lost: number }): Promise<void> {
  for (let before = -1; before !== counted.packets + counted.lost; ) {
    before = counted.packets + counted.lost;
    await pause(SETTLE_MS);
  }
}

async function measure(file: string, workers: number): Promise<readonly Step[]> {
  const { counted, thread } = await listen(workers);
  const steps: Step[] = [];
  // What is played before tcpdump listens is nobody's loss.
  while (counted.packets === 0) {
    await play(file, FIRST_RATE, 20);
    await pause(SETTLE_MS);
  }
  await settled(counted);
  for (let rate = FIRST_RATE; rate < LAST_RATE; rate = Math.round(rate * GROWTH)) {
    const before = { ...counted };
    const { sent, perSecond } = await play(file, rate);
    await settled(counted);
    const dropped = counted.lost - before.lost;
    const seen = counted.packets - before.packets;
    steps.push({ wantedPerSecond: rate, sentPerSecond: Math.round(perSecond), sent, seen, dropped });
    print(
      `  ${Math.round(perSecond).toLocaleString('en')} packets/s: ${sent} sent, ${seen} seen, ${dropped} dropped by the kernel`,
    );
    // tcpreplay gives no more, or the sensor takes no more.
    if (dropped > 0 || perSecond < rate / 2) break;
  }
  thread.stop();
  await thread.ended;
  return steps;
}

async function main([capture]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-bench-'));
  const ip = (...parameters: string[]) => execFileSync('ip', parameters);
  ip('netns', 'add', NAMESPACE);
  try {
    ip('link', 'add', HERE, 'mtu', String(MTU_BYTES), 'type', 'veth', 'peer', 'name', THERE, 'netns', NAMESPACE);
    ip('link', 'set', HERE, 'up');
    ip('netns', 'exec', NAMESPACE, 'ip', 'link', 'set', THERE, 'mtu', String(MTU_BYTES), 'up');
    const file = capture ?? join(folder, 'joined.pcap');
    const found = ['ndpi/pcap', 'pcaps'].flatMap((path) => sharedData(path) ?? []);
    if (capture === undefined) joinCaptures(found, file, PACKETS_TO_JOIN);
    const figures: Record<string, object> = {};
    const byItself = workerCount({ wanted: 0, cores: availableParallelism(), fileBytes: undefined });
    for (const workers of new Set([1, Math.max(2, byItself)])) {
      print(`${workers} worker${workers === 1 ? '' : 's'}`);
      const steps = await measure(file, workers);
      const lossless = steps.filter(({ dropped, sent, seen }) => dropped === 0 && seen >= sent).at(-1);
      const firstDropAt = steps.find(({ dropped }) => dropped > 0)?.sentPerSecond ?? null;
      print(
        `  without a drop up to ${lossless?.sentPerSecond.toLocaleString('en') ?? 'no rate'} packets/s; first drop at ${firstDropAt?.toLocaleString('en') ?? 'no rate that tcpreplay gives'}`,
      );
      figures[`workers-${workers}`] = {
        losslessPerSecond: lossless?.sentPerSecond ?? null,
        firstDropPerSecond: firstDropAt,
        steps,
      };
    }
    print(JSON.stringify({ bench: 'live', ...figures }));
  } finally {
    // The cable goes with it.
    ip('netns', 'del', NAMESPACE);
    rmSync(folder, { recursive: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv.slice(2));
