import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { VERSION } from '../version.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

const DEFAULT_PORT = 8444;
const BYTES_PER_MEGABYTE = 1_000_000;
const DEFAULT_BUFFER_MEGABYTES = 10_000;

interface SensorOptions extends CommonOptions {
  readonly to?: string;
  readonly token?: string;
  readonly interface: readonly string[];
  readonly bufferMegabytes: number;
  readonly files: boolean;
}

/** `sphinx sensor --to HOST`: capture and parsing only, at a branch; everything else is at the centre. */
export function sensorCommand(): Command {
  return defineCommand('sensor', 'capture and parse here, send what is seen to a SPHINX elsewhere', EXAMPLE)
    .argument('[path...]', 'files to read once, and folders whose files are read as they appear')
    .option('--to <host[:port]>', 'the SPHINX to send to; kept from the first start on')
    .option('--token <token>', 'one-time token of "sphinx sensors enrol", for the first start')
    .option('--interface <name>', 'network interface to read; may be given several times', collect, [])
    .option('--buffer-megabytes <number>', 'disk that an outage may use', readMegabytes, DEFAULT_BUFFER_MEGABYTES)
    .option('--no-files', 'do not follow the files that cross the network')
    .action(async (paths: string[], options: SensorOptions) => {
      if (paths.length === 0 && options.interface.length === 0) {
        throw new SphinxError('SPX_INVALID_INPUT', 'Name what to read: --interface NAME, a file or a folder.');
      }
      const folder = join(pathsOf(options).dataFolder, 'sensor');
      await enrolIfNew(folder, options);
      await run(folder, paths, options);
    });
}

const EXAMPLE = `sphinx sensor --to sphinx.hospital.example --token TOKEN --interface eth1
sphinx sensor --interface eth1
sphinx sensor /var/captures`;

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function readMegabytes(text: string): number {
  const megabytes = Number(text);
  if (Number.isInteger(megabytes) && megabytes >= 10) return megabytes;
  throw new InvalidArgumentError('Give at least 10 megabytes.');
}

async function enrolIfNew(folder: string, { to, token }: SensorOptions): Promise<void> {
  const { enrol, readIdentity, writeIdentity } = await import('@sphinx/service-traffic-monitoring');
  const known = await readIdentity(folder);
  if (known !== undefined && token === undefined) {
    if (to !== undefined) await writeIdentity(folder, { ...known, ...placeOf(to) });
    return;
  }
  if (to === undefined || token === undefined) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      'This sensor is not enrolled yet. At the centre "sphinx sensors enrol NAME" gives the command for its first start.',
    );
  }
  const { host, port } = placeOf(to);
  await writeIdentity(folder, await enrol(host, port, token));
}

function placeOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new SphinxError('SPX_INVALID_INPUT', `"${text}" is no HOST or HOST:PORT.`);
  return { host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

async function run(folder: string, paths: readonly string[], options: SensorOptions): Promise<void> {
  const { startRemoteSensor } = await import('@sphinx/service-traffic-monitoring');
  const say = (text: string, event: object) => (options.json ? printJson(event) : print(text));
  const sensor = await startRemoteSensor({
    folder,
    interfaces: options.interface,
    paths,
    maximumSpoolBytes: options.bufferMegabytes * BYTES_PER_MEGABYTE,
    version: VERSION,
    ...(options.files ? { knowledgeFolder: pathsOf(options).knowledgeFolder } : {}),
    onState: (state) =>
      state === 'up'
        ? say('The centre is connected.', { event: 'connected' })
        : say(`The centre is away, what is seen waits on disk: ${state.reason}`, {
            event: 'away',
            reason: state.reason,
          }),
    onSource: (title, message) => say(`${title}: ${message}`, { event: 'source', title, message }),
  });
  const outcome = await Promise.race([
    sensor.finished.then(() => 'finished' as const),
    stopRequested().then(() => 'stopped' as const),
  ]);
  await sensor.stop();
  const { batches } = sensor.waiting;
  say(batches === 0 ? 'The centre has everything.' : `${batches} batches wait on disk for the next start.`, {
    event: outcome,
    waitingBatches: batches,
  });
  process.exit(EXIT.ok);
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
