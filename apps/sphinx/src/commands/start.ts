import { join } from 'node:path';
import type { Logger } from '@sphinx/platform';
import { type Command, InvalidArgumentError } from 'commander';
import type { Paths } from '../runtime/paths.ts';
import type { ServedProgram } from '../runtime/serve.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { VERSION } from '../version.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

interface Log {
  readonly logger: Logger;
  readonly file?: string;
}

interface StartOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: number;
}

/** `sphinx start`: runs until it is told to stop. */
export function startCommand(): Command {
  return defineCommand('start', 'start SPHINX: console, API and every service that is on', EXAMPLE)
    .option('--host <address>', 'listening address; 0.0.0.0 for all')
    .option('--port <number>', 'TCP port; 0 for any free one', readPort)
    .action(async (options: StartOptions) => {
      const paths = pathsOf(options);
      const { served, log } = await serve(paths, options);
      if (options.json) printJson(describe(served, paths));
      else print(greeting(served, paths, log.file));
      await stopRequested();
      log.logger.info('Stopping');
      await served.close();
      process.exit(EXIT.ok);
    });
}

const EXAMPLE = `sphinx start
sphinx start --host 0.0.0.0 --port 443 --data /var/lib/sphinx`;

async function serve(paths: Paths, { host, port }: StartOptions): Promise<{ served: ServedProgram; log: Log }> {
  const { createProgress } = await import('../terminal/progress.ts');
  const progress = createProgress('Starting SPHINX');
  try {
    progress.update(0, 'program');
    // Loaded here and not for `--help`: the whole program is behind it.
    const [{ serveProgram }, { loadConfiguration }] = await Promise.all([
      import('../runtime/serve.ts'),
      import('../runtime/settings.ts'),
    ]);
    const configuration = await loadConfiguration(paths, process.env);
    const level = configuration.get('log.level') as 'debug' | 'info' | 'warn' | 'error';
    const log = await openLog(level, paths);
    const { logger } = log;
    const served = await serveProgram({ paths, configuration, logger, host, port, onProgress: progress.update });
    return { served, log };
  } finally {
    progress.done();
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/** On a terminal the log would bury what a person has to read: it goes to a file there, else to standard error. */
async function openLog(level: 'debug' | 'info' | 'warn' | 'error', paths: Paths): Promise<Log> {
  const { createLogger } = await import('@sphinx/platform');
  if (process.stderr.isTTY !== true) return { logger: createLogger({ level }) };
  const file = join(paths.dataFolder, 'sphinx.log');
  const { pino } = await import('pino');
  return { logger: createLogger({ level, destination: pino.destination({ dest: file, mkdir: true }) }), file };
}

function describe({ url, firstRunLink, certificate }: ServedProgram, paths: Paths): object {
  return {
    version: VERSION,
    url,
    firstRunLink: firstRunLink ?? null,
    certificateFingerprint: certificate.fingerprint,
    dataFolder: paths.dataFolder,
    processId: process.pid,
  };
}

function greeting(served: ServedProgram, paths: Paths, logFile: string | undefined): string {
  const lines = [`SPHINX ${VERSION} is up: ${served.url}`, ''];
  if (served.firstRunLink !== undefined) {
    lines.push('Make the first administrator with this one-time link:', `  ${served.firstRunLink}`, '');
  }
  lines.push(
    'The browser will not know the certificate, because SPHINX made it itself. Its SHA-256 fingerprint is',
    `  ${served.certificate.fingerprint}`,
    '',
    `Data folder: ${paths.dataFolder}`,
    ...(logFile === undefined ? [] : [`Log: ${logFile}`]),
    'Stop with Ctrl+C.',
  );
  return lines.join('\n');
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
