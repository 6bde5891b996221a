import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackRuleFiles } from '@sphinx/rules';
import { installMissing, isInstalled } from '../scripts/install-programs.ts';
import { PROCESS_LIMITS } from '../services/traffic-monitoring/sensor/thread-limits.ts';
import { sharedData } from '../tests/shared-data.ts';
import { joinCaptures } from './support/joined-capture.ts';
import { runOnCores, type WatchedRun } from './support/watched-process.ts';

// SPHINX beside other sensors on the same capture in the same run, on one core and on all of them, without and with rules.
// `npm run bench -- sensor [CAPTURE] [RULES]`; last line: figures as JSON. Ratios of one core are of processor time, because
// other programs on the machine make elapsed time worthless; what more cores bring shows in elapsed time only.

const MINIMUM_PACKETS = 2_600_000;
const SENSOR_ALONE = fileURLToPath(new URL('support/analyze-stage.ts', import.meta.url));
const SENSOR_WITH_THREADS = fileURLToPath(new URL('support/threads-stage.ts', import.meta.url));
const ONE_CORE = '0';
const CORES = availableParallelism();
const ALL_CORES = `0-${CORES - 1}`;

interface Row {
  readonly name: string;
  readonly cores: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** Programs that Debian does not have are left out where they are not there. */
  readonly isOptional?: boolean;
}

interface Figures extends Omit<WatchedRun, 'output'> {
  readonly packetsPerSecond: number;
  readonly megabitsPerSecond: number;
  readonly timesNdpiReader: number | undefined;
  readonly timesTshark: number | undefined;
  readonly found: unknown;
}

function rowsFor(file: string, rules: string | undefined, folder: string): Row[] {
  const sphinx = (name: string, cores: string, workers: number, withRules: boolean): Row => {
    const rest = withRules && rules !== undefined ? [rules] : [];
    const arguments_ = [SENSOR_WITH_THREADS, String(workers), file, ...rest];
    return { name, cores, command: process.execPath, arguments: arguments_ };
  };
  const suricata = (name: string, cores: string, mode: string, signatures: string): Row => {
    const arguments_ = ['-r', file, '-S', signatures, '-l', folder, '-k', 'none', '--runmode', mode];
    return { name, cores, command: 'suricata', arguments: arguments_, isOptional: true };
  };
  const plain: Row[] = [
    { name: 'ndpiReader', cores: ONE_CORE, command: 'ndpiReader', arguments: ['-q', '-t', '-i', file] },
    { name: 'tshark', cores: ONE_CORE, command: 'tshark', arguments: ['-r', file, '-q', '-z', 'conv,tcp'] },
    suricata('suricata', ONE_CORE, 'single', '/dev/null'),
    {
      name: 'sphinx, sensor alone',
      cores: ONE_CORE,
      command: process.execPath,
      arguments: [...PROCESS_LIMITS, SENSOR_ALONE, 'parse', file],
    },
    sphinx('sphinx', ONE_CORE, 1, false),
    sphinx(`sphinx, ${CORES} workers`, ALL_CORES, CORES, false),
  ];
  if (rules === undefined) return plain;
  const unpacked = join(folder, 'all.rules');
  const files = unpackRuleFiles(basename(rules), readFileSync(rules)).filter(({ name }) => name.endsWith('.rules'));
  writeFileSync(unpacked, files.map(({ content }) => content).join('\n'));
  return [
    ...plain,
    suricata('suricata, rules', ONE_CORE, 'single', unpacked),
    sphinx('sphinx, rules', ONE_CORE, 1, true),
    sphinx(`sphinx, rules, ${CORES} workers`, ALL_CORES, CORES, true),
  ];
}

async function measure(rows: readonly Row[], packets: number, bytes: number): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {};
  for (const row of rows) {
    if (!isInstalled(row.command) && row.command !== process.execPath) {
      print(
        `${row.name}: left out, ${row.command} is not installed${row.isOptional ? ' and Debian has no package' : ''}`,
      );
      continue;
    }
    try {
      const run = await runOnCores(row.cores, row.command, ...row.arguments);
      figures[row.name] = describe(row, run, packets, bytes, figures);
    } catch (error) {
      print(`${row.name}: left out, ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return figures;
}

function describe(
  { name, cores, command }: Row,
  { output, seconds, cpuSeconds, peakMegabytes }: WatchedRun,
  packets: number,
  bytes: number,
  others: Readonly<Record<string, Figures>>,
): Figures {
  const isOneCore = cores === ONE_CORE;
  const timeOf = (run: { seconds: number; cpuSeconds: number } | undefined) =>
    run === undefined ? undefined : isOneCore ? run.cpuSeconds : run.seconds;
  const own = timeOf({ seconds, cpuSeconds }) ?? 0;
  const times = (other: string) => {
    const theirs = timeOf(others[other]);
    return theirs === undefined ? undefined : theirs / own;
  };
  const packetsPerSecond = packets / own;
  const megabitsPerSecond = (bytes * 8) / own / 1e6;
  const found: unknown = command === process.execPath ? JSON.parse(output) : undefined;
  const timesNdpiReader = times('ndpiReader');
  const timesTshark = times('tshark');
  const ratio = (value: number | undefined, other: string) =>
    value === undefined ? '' : `, ${value.toFixed(2)} x ${other}`;
  print(
    `${name.padEnd(26)} ${Math.round(packetsPerSecond).toLocaleString('en')} packets/s, ` +
      `${Math.round(megabitsPerSecond).toLocaleString('en')} Mbit/s${ratio(timesNdpiReader, 'ndpiReader')}${ratio(timesTshark, 'tshark')}, ` +
      `${peakMegabytes} MB (${cpuSeconds.toFixed(2)} s of processor, ${seconds.toFixed(2)} s elapsed)`,
  );
  return {
    packetsPerSecond,
    megabitsPerSecond,
    seconds,
    cpuSeconds,
    peakMegabytes,
    timesNdpiReader,
    timesTshark,
    found,
  };
}

/** How much faster the same is on all cores, by elapsed time. */
function speedUps(figures: Readonly<Record<string, Figures>>): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const [one, all] of [
    ['sphinx', `sphinx, ${CORES} workers`],
    ['sphinx, rules', `sphinx, rules, ${CORES} workers`],
  ] as const) {
    const alone = figures[one];
    const together = figures[all];
    if (alone === undefined || together === undefined || CORES === 1) continue;
    ratios[one] = alone.seconds / together.seconds;
    print(`${one}: ${ratios[one]?.toFixed(2)} times as fast on ${CORES} cores as on one`);
  }
  return ratios;
}

async function main([capture, rulesFile]: readonly string[]): Promise<void> {
  installMissing([
    { command: 'ndpiReader', debianPackage: 'libndpi-bin', for: 'this benchmark' },
    { command: 'tshark', debianPackage: 'tshark', for: 'this benchmark' },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-bench-'));
  // Threads load what others have compiled, as in the program.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  try {
    const file = capture ?? join(folder, 'joined.pcap');
    if (capture === undefined) {
      const found = ['ndpi/pcap', 'suricata-verify'].flatMap((path) => sharedData(path) ?? []);
      if (found.length === 0) throw new Error('../shared/data is absent: name a capture file to measure with.');
      joinCaptures(found, file, MINIMUM_PACKETS);
    } else if (!existsSync(capture)) throw new Error(`There is no file ${capture}.`);
    const { output } = await runOnCores(ONE_CORE, process.execPath, SENSOR_ALONE, 'read', file);
    const { packets, bytes } = JSON.parse(output) as { packets: number; bytes: number };
    print(`${packets.toLocaleString('en')} packets, ${Math.round(bytes / 1e6)} MB; ${CORES} cores`);
    const rules = rulesFile ?? sharedData('et-open/et-open-2019.rules.gz');
    const figures = await measure(rowsFor(file, rules, folder), packets, bytes);
    print(JSON.stringify({ bench: 'sensor', packets, bytes, cores: CORES, speedUps: speedUps(figures), figures }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv.slice(2));
