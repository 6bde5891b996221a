import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isInstalled, type Program } from '../../scripts/install-programs.ts';
import { DRILLS, findDrill } from './attacks/all.ts';
import { holdWithoutSphinx, holdWithSphinx, type Result } from './hold.ts';
import { raiseHospital } from './hospital/hospital.ts';
import { Sphinx } from './sphinx/sphinx.ts';
import { medianOf, seconds, storyOf, tableOf } from './table.ts';

// `npm run drill`: a hospital on this machine, attacks on it for real, and SPHINX beside it. What it makes is in network, process
// and mount namespaces of its own and on a file system in memory: when the drill ends, or is killed, the kernel takes all
// of it away. Nothing leaves this machine.

const HELP = `npm run drill -- [--only DRILL[,DRILL…]] [--without | --with] [--notice SECONDS] [--json] [--output FILE] [--list]

Raises a hospital in network namespaces, attacks it, and measures what SPHINX does about it. Needs root and Linux.

  --only      drills to hold; all of them by itself
  --with      with SPHINX only; --without: without SPHINX only; by itself both
  --notice    seconds after the end of an attack until people notice it without SPHINX (30)
  --warm-up   seconds of undisturbed care before the first attack (10)
  --json      the figures as JSON on standard output
  --output    the same in a file
  --list      the drills that there are
`;

const NEEDED: readonly Program[] = [
  { command: 'ip', debianPackage: 'iproute2', for: 'namespaces' },
  { command: 'nft', debianPackage: 'nftables', for: 'the router' },
  { command: 'tcpdump', debianPackage: 'tcpdump', for: 'the mirror port' },
  { command: 'Orthanc', debianPackage: 'orthanc', for: 'the image archive' },
  { command: 'storescu', debianPackage: 'dcmtk', for: 'modalities' },
  { command: 'smbd', debianPackage: 'samba', for: 'the file share' },
  { command: 'smbclient', debianPackage: 'smbclient', for: 'workstations' },
  { command: 'pg_createcluster', debianPackage: 'postgresql', for: 'the health record' },
  { command: 'restic', debianPackage: 'restic', for: 'backups' },
  { command: 'sshd', debianPackage: 'openssh-server', for: 'servers' },
  { command: 'sshpass', debianPackage: 'sshpass', for: 'attacks' },
  { command: 'tcpreplay', debianPackage: 'tcpreplay', for: 'attacks' },
];
/** Set inside: the data folder of SPHINX. */
const MARK = 'SPHINX_DRILL_DATA';
/** File system in memory, inside. */
const FOLDER = '/run/drill';

const options = {
  only: { type: 'string' },
  with: { type: 'boolean', default: false },
  without: { type: 'boolean', default: false },
  notice: { type: 'string', default: '30' },
  'warm-up': { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  output: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  if (values.help) return say(HELP);
  if (values.list)
    return say(DRILLS.map(({ id, title, useCase }) => `${id.padEnd(18)}${title} (use case ${useCase})\n`).join(''));
  const drills = values.only === undefined ? DRILLS : values.only.split(',').map(findDrill);
  const problem = reasonAgainst();
  if (problem !== '') throw new Error(problem);
  const dataFolder = process.env[MARK];
  if (dataFolder === undefined) return goInside();
  const log = (line: string) => console.error(line);
  // Devices are found, and what is usual is seen.
  const warmUpMs = Number(values['warm-up']) * 1000;
  log('Raising the hospital …');
  mkdirSync(FOLDER);
  const hospital = await raiseHospital(FOLDER);
  const results: Result[] = [];
  if (!values.with) {
    await pause(warmUpMs);
    for (const drill of drills) {
      log(`${drill.title}, without SPHINX …`);
      results.push(await holdWithoutSphinx(drill, hospital, Number(values.notice) * 1000));
      log(storyOf(results.at(-1) as Result));
    }
  }
  if (!values.without) {
    log('Starting SPHINX …');
    const sphinx = await Sphinx.start(dataFolder, hospital);
    await pause(warmUpMs);
    for (const drill of drills) {
      log(`${drill.title} …`);
      results.push(await holdWithSphinx(drill, hospital, sphinx));
      log(storyOf(results.at(-1) as Result));
    }
    await sphinx.stop();
  }
  const watched = results.filter(({ isWithSphinx }) => isWithSphinx);
  const figures = {
    notice: Number(values.notice),
    medianDetectedMs: medianOf(watched.map(({ detectedMs }) => detectedMs)),
    medianContainedMs: medianOf(watched.map(({ containedMs }) => containedMs)),
    results,
  };
  const json = `${JSON.stringify(figures, null, 2)}\n`;
  if (values.output !== undefined) writeFileSync(values.output, json);
  if (values.json) return say(json);
  const found = watched.filter(({ detectedMs }) => detectedMs !== null).length;
  return say(
    `${tableOf(results)}\n\n${found} of ${watched.length} found; half of them within ${seconds(figures.medianDetectedMs)}.\n`,
  );
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** @returns why no drill can be held here, and what to do; empty where one can */
function reasonAgainst(): string {
  if (process.platform !== 'linux') return 'The drill needs Linux: it makes network namespaces.';
  if (process.getuid?.() !== 0) return 'The drill needs root for network namespaces. Run it as: sudo npm run drill';
  const missing = NEEDED.filter(({ command }) => !isInstalled(command)).map(({ debianPackage }) => debianPackage);
  if (missing.length > 0) return `Programs are missing. As root: apt-get install -y ${[...new Set(missing)].join(' ')}`;
  return '';
}

/** Starts this program again in namespaces of its own, which end with it. @returns its exit code */
function goInside(): number {
  const prepare = 'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock && exec "$@"';
  const apart = ['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const again = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const dataFolder = newDataFolder();
  // Whoever kills this process ends what it has started, too.
  const command = ['--pdeathsig', 'KILL', ...apart, 'sh', '-c', prepare, 'sh', ...again];
  const { status, error } = spawnSync('setpriv', command, {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: dataFolder },
  });
  rmSync(dataFolder, { recursive: true, force: true });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** Of SPHINX, on a real disk. What an earlier drill that was killed left there is removed. */
function newDataFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const [, drill] = /^sphinx-drill-(\d+)-/.exec(name) ?? [];
    if (drill !== undefined && !existsSync(`/proc/${drill}`))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `sphinx-drill-${process.pid}-`));
}
