import { access, constants, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Configuration, createLogger, systemClock } from '@sphinx/platform';
import { proveCapture } from '@sphinx/service-traffic-monitoring';
import packageJson from '../../../../package.json' with { type: 'json' };
import { openTransientEngines } from '../runtime/engines.ts';
import { readLocalEndpoint } from '../runtime/local-endpoint.ts';
import type { Paths } from '../runtime/paths.ts';
import { loadConfiguration } from '../runtime/settings.ts';

/** What was found about one thing that SPHINX needs; the message says what to do. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
}

const MINIMUM_FREE_BYTES = 1_000_000_000;

/** Looks at everything that SPHINX needs of this machine. Never throws: what cannot be looked at is a finding. */
export async function examine(paths: Paths): Promise<Finding[]> {
  const configuration = await loadConfiguration(paths, process.env).catch((error: unknown) => messageOf(error));
  const checks: readonly (readonly [check: string, look: () => Promise<Omit<Finding, 'check'>>])[] = [
    ['Node', examineNode],
    ['Settings', () => examineSettings(paths, configuration)],
    ['Data folder', () => examineDataFolder(paths.dataFolder)],
    ['Disk space', () => examineSpace(paths.dataFolder)],
    ['Stores', () => examineStores(configuration)],
    ['Console', () => examineConsole(paths.consoleFolder)],
    ['Live capture', examineCapture],
    ['Port', () => examinePort(paths, configuration)],
  ];
  const findings: Finding[] = [];
  for (const [check, look] of checks) {
    findings.push({
      check,
      ...(await look().catch((error) => problem(`Could not be looked at: ${messageOf(error)}`))),
    });
  }
  return findings;
}

/** `.nvmrc`, `engines` and the pinned package must say the same, and this process must run on it. */
async function examineNode() {
  const wanted = packageJson.dependencies.node.replace(/^\D+/, '');
  const nvmrc = (await readFile(fileURLToPath(new URL('../../../../.nvmrc', import.meta.url)), 'utf8')).trim();
  const running = process.versions.node;
  if (nvmrc !== wanted) return problem(`.nvmrc says ${nvmrc}, package.json pins ${wanted}. Take a clean copy.`);
  if (majorOf(running) !== majorOf(wanted)) return problem(`Runs on ${running} instead of ${wanted}. Run: npm ci`);
  const starter = packageJson.engines.node.replace('>=', '');
  return ok(`${running}, as pinned (any Node from ${starter} can start it)`);
}

async function examineSettings({ settingsFile }: Paths, configuration: Configuration | string) {
  if (typeof configuration === 'string') return problem(configuration);
  return ok(`${settingsFile} and the environment fit`);
}

async function examineDataFolder(dataFolder: string) {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const probe = join(dataFolder, `.doctor-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    return ok(`${dataFolder} can be written`);
  } catch (error) {
    return problem(`${dataFolder} cannot be written: ${messageOf(error)}. Choose one with --data.`);
  }
}

async function examineSpace(dataFolder: string) {
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free in ${dataFolder}`;
  if (free >= MINIMUM_FREE_BYTES) return ok(message);
  return warning(`${message}. Make room, or keep less: sphinx config set retention.telemetryDays 7`);
}

/** The databases come as programs for each kind of machine: one that is missing shows here and not at the start. */
async function examineStores(configuration: Configuration | string) {
  if (typeof configuration === 'string') return warning('Not looked at: the settings do not fit');
  try {
    const engines = await openTransientEngines({
      configuration,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
    });
    await engines.close();
    return ok('Databases of state and telemetry work');
  } catch (error) {
    return problem(`A database does not work on this machine: ${messageOf(error)}. Run: npm ci`);
  }
}

async function examineConsole(folder: string) {
  const isBuilt = await access(join(folder, 'index.html'), constants.R_OK).then(
    () => true,
    () => false,
  );
  return isBuilt ? ok('Built') : problem('Not built. Run: npm run build');
}

async function examineCapture() {
  try {
    return ok(`${await proveCapture()} can read interfaces`);
  } catch (error) {
    return warning(`Capture files work, interfaces do not. ${messageOf(error)}`);
  }
}

async function examinePort({ dataFolder }: Paths, configuration: Configuration | string) {
  const endpoint = await readLocalEndpoint(dataFolder);
  if (endpoint !== undefined) return ok(`SPHINX runs as process ${endpoint.processId} at ${endpoint.url}`);
  if (typeof configuration === 'string') return warning('Not looked at: the settings do not fit');
  const port = Number(configuration.get('server.port'));
  const host = String(configuration.get('server.host'));
  return new Promise<Omit<Finding, 'check'>>((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(problem(`${host} port ${port}: ${error.message}. Choose another with --port.`)),
    );
    server.listen(port, host, () => server.close(() => resolve(ok(`${host} port ${port} is free`))));
  });
}

const ok = (message: string) => ({ state: 'ok', message }) as const;
const warning = (message: string) => ({ state: 'warning', message }) as const;
const problem = (message: string) => ({ state: 'problem', message }) as const;
const majorOf = (version: string) => version.split('.')[0];

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
