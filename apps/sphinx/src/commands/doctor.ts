import { access, constants, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '@sphinx/platform';
import type { Command } from 'commander';
import packageJson from '../../../../package.json' with { type: 'json' };
import { readLocalEndpoint } from '../runtime/local-endpoint.ts';
import type { Paths } from '../runtime/paths.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
}

const MINIMUM_FREE_BYTES = 1_000_000_000;

/** `sphinx doctor` */
export function doctorCommand(): Command {
  return defineCommand(
    'doctor',
    'check this machine and installation; exit code 3 on a problem',
    'sphinx doctor',
  ).action(async (options: CommonOptions) => {
    const findings = await examine(pathsOf(options));
    if (options.json) printJson(findings);
    else print(renderTable(findings, COLUMNS, 110));
    if (findings.some(({ state }) => state === 'problem')) process.exitCode = EXIT.negative;
  });
}

const COLUMNS = [
  { title: '', value: ({ state }: Finding) => ({ ok: 'ok', warning: 'note', problem: 'PROBLEM' })[state] },
  { title: 'Check', value: ({ check }: Finding) => check },
  { title: 'Finding', value: ({ message }: Finding) => message },
];

async function examine(paths: Paths): Promise<Finding[]> {
  const endpoint = await readLocalEndpoint(paths.dataFolder);
  return [
    await examineNode(),
    await examineSettings(paths),
    await examineDataFolder(paths.dataFolder),
    await examineSpace(paths.dataFolder),
    await examineConsole(paths.consoleFolder),
    await examineCapture(),
    endpoint === undefined
      ? await examinePort(paths)
      : { check: 'SPHINX', state: 'ok', message: `Runs as process ${endpoint.processId} at ${endpoint.url}` },
  ];
}

/** `.nvmrc`, `engines` and the pinned package must say the same, and this process must run on it. */
async function examineNode(): Promise<Finding> {
  const check = 'Node';
  const wanted = packageJson.dependencies.node.replace(/^\D+/, '').split('.')[0];
  const nvmrc = (await readFile(fileURLToPath(new URL('../../../../.nvmrc', import.meta.url)), 'utf8')).trim();
  const running = process.versions.node;
  if (nvmrc.split('.')[0] !== wanted) {
    return {
      check,
      state: 'problem',
      message: `.nvmrc says ${nvmrc}, package.json pins ${wanted}. Take a clean copy.`,
    };
  }
  if (running.split('.')[0] !== wanted) {
    return { check, state: 'problem', message: `Runs on ${running} instead of ${wanted}. Run: npm ci` };
  }
  return {
    check,
    state: 'ok',
    message: `${running}, as pinned (any Node from ${packageJson.engines.node} can start it)`,
  };
}

async function examineSettings(paths: Paths): Promise<Finding> {
  const check = 'Settings';
  try {
    await readConfiguration(paths);
    return { check, state: 'ok', message: `${paths.settingsFile} and the environment fit` };
  } catch (error) {
    return { check, state: 'problem', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Which settings there are is known to the services: they are loaded when somebody asks and not for `--help`. */
async function readConfiguration(paths: Paths): Promise<Configuration> {
  const { loadConfiguration } = await import('../runtime/settings.ts');
  return loadConfiguration(paths, process.env);
}

async function examineDataFolder(dataFolder: string): Promise<Finding> {
  const check = 'Data folder';
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const probe = join(dataFolder, `.doctor-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    return { check, state: 'ok', message: `${dataFolder} can be written` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { check, state: 'problem', message: `${dataFolder} cannot be written: ${reason}. Choose one with --data.` };
  }
}

async function examineSpace(dataFolder: string): Promise<Finding> {
  const check = 'Disk space';
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free in ${dataFolder}`;
  return { check, state: free < MINIMUM_FREE_BYTES ? 'warning' : 'ok', message };
}

async function examineConsole(folder: string): Promise<Finding> {
  const check = 'Console';
  const isBuilt = await isReadable(join(folder, 'index.html'), constants.R_OK);
  if (isBuilt) return { check, state: 'ok', message: 'Built' };
  return { check, state: 'problem', message: 'Not built. Run: npm run build' };
}

async function examineCapture(): Promise<Finding> {
  const check = 'Live capture';
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'].filter(
    Boolean,
  );
  for (const program of ['tcpdump', 'dumpcap']) {
    for (const folder of folders) {
      if (await isReadable(join(folder, program), constants.X_OK)) {
        return { check, state: 'ok', message: `${join(folder, program)} is there` };
      }
    }
  }
  const message = 'No tcpdump or dumpcap: capture files work, interfaces do not. On Debian: apt-get install tcpdump';
  return { check, state: 'warning', message };
}

async function examinePort(paths: Paths): Promise<Finding> {
  const check = 'Port';
  const configuration = await readConfiguration(paths).catch(() => undefined);
  if (configuration === undefined)
    return { check, state: 'warning', message: 'Not looked at: the settings do not fit' };
  const port = Number(configuration.get('server.port'));
  const host = String(configuration.get('server.host'));
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve({
        check,
        state: 'problem',
        message: `${host} port ${port}: ${error.message}. Choose another with --port.`,
      }),
    );
    server.listen(port, host, () =>
      server.close(() => resolve({ check, state: 'ok', message: `${host} port ${port} is free` })),
    );
  });
}

function isReadable(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
