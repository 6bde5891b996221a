import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROCESS_LIMITS } from '../../services/traffic-monitoring/sensor/thread-limits.ts';
import { sharedData } from '../../tests/shared-data.ts';
import { joinCaptures } from './joined-capture.ts';
import { runOnOneCore, type WatchedRun } from './watched-process.ts';

// Stages of the sensor on one core, beside tshark on the same file in the same run: absolute figures do not travel between
// machines, ratios do. Ratios are of processor time, because other programs on the machine make elapsed time worthless.

const CORE = 0;
const STAGE_PROGRAM = fileURLToPath(new URL('analyze-stage.ts', import.meta.url));

/** A stage of analyze-stage.ts, with what it takes beside the capture. */
export interface Stage {
  readonly stage: 'read' | 'flows' | 'parse' | 'rules' | 'views' | 'data-protection';
  readonly argument?: string;
}

type Figures = Record<string, StageFigures & { readonly timesTshark?: number }>;

/** Captures of ../shared/data that are joined to one large one. */
export interface CapturesToJoin {
  /** What the figures are called. */
  readonly name: string;
  /** Files, and folders with files, below ../shared/data. */
  readonly paths: readonly string[];
  /** The last repetition is written to its end. */
  readonly minimumPackets: number;
}

/**
 * Measures the stages and tshark, prints a line for each, and their figures as JSON at the end, by the name of what was
 * measured with.
 *
 * @param capture to measure with; without one, `joined` is made of the captures of ../shared/data
 */
export async function measureBesideTshark(
  bench: string,
  stages: readonly Stage[],
  capture: string | undefined,
  joined: readonly CapturesToJoin[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-bench-'));
  const figures: Record<string, Figures> = {};
  try {
    if (capture !== undefined) {
      if (!existsSync(capture)) throw new Error(`There is no file ${capture}.`);
      figures.capture = await measure(capture, stages);
    } else for (const captures of joined) figures[captures.name] = await measure(prepare(folder, captures), stages);
    print(JSON.stringify({ bench, ...figures }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface StageFigures {
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly flows?: number;
  readonly records?: number;
  readonly rules?: number;
  readonly loadSeconds?: number;
  readonly alerts?: number;
}

function prepare(folder: string, { name, paths, minimumPackets }: CapturesToJoin): string {
  const found = paths.flatMap((path) => sharedData(path) ?? []);
  if (found.length === 0) throw new Error('../shared/data is absent: name a capture file to measure with.');
  const target = join(folder, 'joined.pcap');
  const { packets, bytes, captures, repetitions } = joinCaptures(found, target, minimumPackets);
  print(`${name}: ${packets} packets, ${Math.round(bytes / 1e6)} MB: ${captures} captures, ${repetitions} times`);
  return target;
}

async function measure(file: string, stages: readonly Stage[]): Promise<Figures> {
  const figures: Figures = {};
  const tshark = await runTshark(file);
  for (const { stage, argument } of stages) {
    const rest = argument === undefined ? [] : [argument];
    const { output } = await runOnOneCore(
      CORE,
      process.execPath,
      ...PROCESS_LIMITS,
      STAGE_PROGRAM,
      stage,
      file,
      ...rest,
    );
    const measured = JSON.parse(output) as StageFigures;
    const timesTshark = tshark === undefined ? {} : { timesTshark: tshark.cpuSeconds / measured.cpuSeconds };
    figures[stage] = { ...measured, ...timesTshark };
    print(describe(stage, measured, timesTshark.timesTshark));
  }
  const last = Object.values(figures).at(-1);
  if (tshark === undefined || last === undefined) return figures;
  const { packets, bytes } = last;
  const { seconds, cpuSeconds, peakMegabytes } = tshark;
  figures.tshark = { packets, bytes, seconds, cpuSeconds, peakMegabytes, timesTshark: 1 };
  print(describe('tshark', figures.tshark, 1));
  return figures;
}

async function runTshark(file: string): Promise<WatchedRun | undefined> {
  try {
    return await runOnOneCore(CORE, 'tshark', '-r', file, '-q', '-z', 'conv,tcp');
  } catch (error) {
    print(`tshark could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function describe(name: string, figures: StageFigures, timesTshark: number | undefined): string {
  const { packets, bytes, cpuSeconds, seconds, peakMegabytes } = figures;
  const perSecond = Math.round(packets / cpuSeconds).toLocaleString('en');
  const megabits = Math.round((bytes * 8) / cpuSeconds / 1e6).toLocaleString('en');
  const ratio = timesTshark === undefined ? '' : `, ${timesTshark.toFixed(1)} x tshark`;
  const found = figures.flows === undefined ? '' : `, ${figures.flows} flows, ${figures.records ?? 0} records`;
  const alerts =
    figures.rules === undefined
      ? ''
      : `, ${figures.rules} rules in ${figures.loadSeconds?.toFixed(1)} s, ${figures.alerts} alerts`;
  const times = `${cpuSeconds.toFixed(2)} s of processor, ${seconds.toFixed(2)} s elapsed`;
  return `${name.padEnd(7)} ${perSecond} packets/s, ${megabits} Mbit/s${ratio}, ${peakMegabytes} MB (${times}${found}${alerts})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
