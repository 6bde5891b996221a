import { join } from 'node:path';
import {
  type Configuration,
  ensureServerCertificate,
  type Logger,
  type ServerCertificate,
  serveHttps,
  systemClock,
} from '@sphinx/platform';
import { openEngines } from './engines.ts';
import { removeLocalEndpoint, writeLocalEndpoint } from './local-endpoint.ts';
import type { Paths } from './paths.ts';
import { openProgram, type Program } from './program.ts';

export interface ServedProgram {
  readonly program: Program;
  readonly url: string;
  readonly certificate: ServerCertificate;
  /** Link that makes the first administrator; undefined once there is one. */
  readonly firstRunLink: string | undefined;
  close(): Promise<void>;
}

/** Opens the program on its data folder and serves it over HTTPS. */
export async function serveProgram(options: {
  paths: Paths;
  configuration: Configuration;
  logger: Logger;
  host?: string | undefined;
  port?: number | undefined;
  /** Told the fraction from 0 to 1, and what is being done. */
  onProgress?: (fraction: number, message: string) => void;
}): Promise<ServedProgram> {
  const { paths, configuration, logger, onProgress = () => {} } = options;
  const { dataFolder } = paths;
  onProgress(0.3, 'database');
  const engines = await openEngines({ paths, configuration, clock: systemClock, logger });
  for (const key of engines.leftOutSettings) logger.warn('A stored setting no longer fits and is left out', { key });
  onProgress(0.6, 'services');
  const program = await openProgram({ paths, engines, configuration, logger, dataFolder });
  try {
    onProgress(0.9, 'console');
    const certificate = await ensureServerCertificate({
      folder: join(dataFolder, 'tls'),
      certificateFile: String(configuration.get('server.certificateFile')),
      privateKeyFile: String(configuration.get('server.privateKeyFile')),
      nowMs: systemClock.now(),
    });
    const host = options.host ?? String(configuration.get('server.host'));
    const server = await serveHttps({
      host,
      port: options.port ?? Number(configuration.get('server.port')),
      certificate,
      fetch: program.fetch,
    });
    const url = `https://${reachableName(host)}:${server.port}`;
    const token = program.access.issueLocalSecret('command line on this machine');
    const { certificate: pem } = certificate;
    await writeLocalEndpoint(dataFolder, { url, token, processId: process.pid, certificate: pem });
    const { firstRunSecret } = program.access;
    return {
      program,
      url,
      certificate,
      firstRunLink: firstRunSecret === undefined ? undefined : `${url}/first-run#token=${firstRunSecret}`,
      async close() {
        await removeLocalEndpoint(dataFolder);
        await server.close();
        await program.close();
      },
    };
  } catch (error) {
    await program.close();
    throw error;
  }
}

/** An address for all interfaces is none that a browser can open. */
function reachableName(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
