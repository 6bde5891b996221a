import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, print } from '../terminal/output.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

const BYTES_PER_MEGABYTE = 1_000_000;
const BYTES_PER_KILOBYTE = 1024;
const DEFAULT_BUFFER_MEGABYTES = 1000;
const DEFAULT_LINE_KILOBYTES = 64;

interface ForwardOptions extends CommonOptions {
  readonly to: string;
  readonly token: string;
  readonly ca?: string;
  readonly file: readonly string[];
  readonly syslog?: number;
  readonly listen: string;
  readonly name: string;
  readonly bufferMegabytes: number;
  readonly for?: number;
}

const EXAMPLE = `sphinx forward --to https://sphinx.hospital.example:8443 --token TOKEN --ca sphinx.pem --file '/var/log/*.log'
sphinx forward --to https://10.0.0.5:8443 --token TOKEN --syslog 5514 --json`;

/** `sphinx forward`: logs of a machine or a branch, without engines; everything else is at the receiver. */
export function forwardCommand(): Command {
  return defineCommand('forward', 'take logs in here, keep them on disk, send them to a SPHINX elsewhere', EXAMPLE)
    .requiredOption('--to <url>', 'address of the receiver')
    .addOption(
      new Option('--token <token>', 'token of the receiver with the scope logs:intake')
        .env('SPHINX_FORWARD_TOKEN')
        .makeOptionMandatory(),
    )
    .option('--ca <file>', 'certificates (PEM): only the receiver with one of them, or of them, is believed')
    .option('--file <pattern>', 'file to follow, or a pattern of names; may be given several times', collect, [])
    .option('--syslog <port>', 'port of syslog over UDP and TCP', numberWithin(1, 65_535))
    .option('--listen <address>', 'address of that port', '0.0.0.0')
    .option('--name <name>', 'stands before the source of each event', defaultName())
    .option(
      '--buffer-megabytes <number>',
      'disk that an outage may use',
      numberWithin(1, 1_000_000),
      DEFAULT_BUFFER_MEGABYTES,
    )
    .option('--for <seconds>', 'ends after so many seconds', numberWithin(1, 1e9))
    .action(async (_options: ForwardOptions, self: Command) => {
      const options = self.optsWithGlobals<ForwardOptions>();
      if (options.file.length === 0 && options.syslog === undefined) {
        throw new SphinxError('SPX_INVALID_INPUT', 'Name what to send: --file PATTERN or --syslog PORT.');
      }
      if (!/^[\w.:@-]{1,60}$/.test(options.name)) {
        throw new SphinxError('SPX_INVALID_INPUT', '--name is up to 60 letters, digits and . : @ - _');
      }
      await run(options);
    });
}

async function run(options: ForwardOptions): Promise<void> {
  const { Forwarder, openReceiver } = await import('@sphinx/service-log-collection/forwarder');
  const say = (text: string, event: object) =>
    options.json ? process.stdout.write(`${JSON.stringify(event)}\n`) : print(text);
  const { to: url, token, name, syslog, listen } = options;
  const ca = options.ca === undefined ? undefined : await readAuthority(options.ca);
  const forwarder = await Forwarder.start({
    folder: join(pathsOf(options).dataFolder, 'forward'),
    receiver: openReceiver({ url, token, name, ca }),
    files: options.file,
    syslog: syslog === undefined ? undefined : { host: listen, port: syslog },
    maximumSpoolBytes: options.bufferMegabytes * BYTES_PER_MEGABYTE,
    maximumLineBytes: DEFAULT_LINE_KILOBYTES * BYTES_PER_KILOBYTE,
    onState: (state) =>
      state.isUp
        ? say('The receiver takes logs.', { event: 'connected' })
        : say(`The receiver is away, logs wait on disk: ${state.reason}`, { event: 'away', reason: state.reason }),
  });
  await stopRequested(options.for);
  await forwarder.stop();
  const { counts } = forwarder;
  const rest = counts.waitingBytes === 0 ? '' : ` ${counts.waitingBytes} bytes wait on disk for the next start.`;
  say(`${counts.sent} lines sent, ${counts.dropped} left out, ${counts.refused} refused.${rest}`, {
    event: 'stopped',
    ...counts,
  });
  process.exit(EXIT.ok);
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SphinxError('SPX_NOT_FOUND', `${path} cannot be read. Is the name right?`, { cause });
  }
}

function stopRequested(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000);
  });
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function defaultName(): string {
  return (
    hostname()
      .replace(/[^\w.:@-]/g, '_')
      .slice(0, 60) || 'forwarder'
  );
}
