import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROCESS_LIMITS } from '../services/traffic-monitoring/sensor/thread-limits.ts';
import { sharedData } from '../tests/shared-data.ts';
import { joinCaptures } from './support/joined-capture.ts';
import { runOnOneCore } from './support/watched-process.ts';

// What following files costs: the parse with and without it, one after the other on one core, several times; the ratio of
// the processor times in the middle. `npm run bench -- files [CAPTURE]`; last line: figures as JSON.

const CORE = 0;
const ROUNDS = 3;
const STAGE_PROGRAM = fileURLToPath(new URL('support/analyze-stage.ts', import.meta.url));
const WITHOUT = 'parse';
const STAGES = [WITHOUT, 'files', 'files-clinical-unhashed', 'files-all-hashes'] as const;
const JOINED = [
  { name: 'mixed', paths: ['ndpi/pcap', 'suricata-verify'], minimumPackets: 200_000 },
  { name: 'office', paths: ['pcaps/hospital-lab.pcap'], minimumPackets: 150_000 },
  // Nothing but images of patients, in segments of 2.9 kB: the dearest traffic there is.
  { name: 'imaging', paths: ['pcaps/orthanc-dcmtk-loopback.pcap'], minimumPackets: 60_000 },
] as const;

interface Run {
  readonly packets: number;
  readonly cpuSeconds: number;
  readonly files?: number;
  readonly fileBytes?: number;
}

type Figures = Record<string, { readonly cpuSeconds: number; readonly ratio: number }>;

async function measure(name: string, file: string): Promise<object> {
  const runs = new Map<string, Run[]>(STAGES.map((stage) => [stage, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const stage of STAGES) {
      const { output } = await runOnOneCore(CORE, process.execPath, ...PROCESS_LIMITS, STAGE_PROGRAM, stage, file);
      runs.get(stage)?.push(JSON.parse(output) as Run);
    }
  }
  const base = middle(runs.get(WITHOUT) ?? []);
  const figures: Figures = {};
  for (const stage of STAGES) {
    const cpuSeconds = middle(runs.get(stage) ?? []);
    figures[stage] = { cpuSeconds, ratio: Number((cpuSeconds / base).toFixed(3)) };
    print(`${name.padEnd(8)} ${stage.padEnd(24)} ${cpuSeconds.toFixed(2)} s of processor, ${figures[stage].ratio} x`);
  }
  const [{ packets = 0, files = 0, fileBytes = 0 } = {}] = runs.get('files') ?? [];
  return { packets, files, fileBytes, stages: figures };
}

function middle(runs: readonly Run[]): number {
  return runs.map(({ cpuSeconds }) => cpuSeconds).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main([capture]: readonly string[]): Promise<void> {
  if (capture !== undefined && !existsSync(capture)) throw new Error(`There is no file ${capture}.`);
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-bench-'));
  const figures: Record<string, object> = {};
  try {
    if (capture !== undefined) figures.capture = await measure('capture', capture);
    for (const { name, paths, minimumPackets } of capture === undefined ? JOINED : []) {
      const found = paths.flatMap((path) => sharedData(path) ?? []);
      if (found.length === 0) throw new Error('../shared/data is absent: name a capture file to measure with.');
      const target = join(folder, 'joined.pcap');
      joinCaptures(found, target, minimumPackets);
      figures[name] = await measure(name, target);
    }
    print(JSON.stringify({ bench: 'files', ...figures }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main(process.argv.slice(2));
