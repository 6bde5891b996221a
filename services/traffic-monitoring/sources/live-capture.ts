import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import type { CommandInput } from '../sensor/sensor-messages.ts';

/** A network interface that traffic can be read from. */
export interface CaptureInterface {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly isLoopback: boolean;
}

/** Interfaces of this machine. Those without an address, as mirror ports often are, can be named by hand. */
export function listInterfaces(): readonly CaptureInterface[] {
  return Object.entries(networkInterfaces()).map(([name, addresses = []]) => ({
    name,
    addresses: addresses.map(({ address }) => address),
    isLoopback: addresses.some(({ internal }) => internal),
  }));
}

/** Packets longer than this are cut: no network that SPHINX watches carries longer ones. */
export const SNAP_LENGTH_BYTES = 262_144;
/** What of an interface is read. */
export interface CaptureLimits {
  /** Expression of pcap-filter(7). */
  readonly filter?: string | undefined;
  /** Bytes of a packet. */
  readonly snapLength?: number | undefined;
}

/** Where capture programs are, though not in the path of an ordinary account. */
const SYSTEM_FOLDERS: readonly string[] = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/**
 * Command that reads an interface and writes pcap to its standard output.
 * Capturing is left to `tcpdump` or `dumpcap`, so that SPHINX itself needs no right to open raw sockets.
 *
 * @param limits what of the interface is read
 * @throws SphinxError SPX_UNAVAILABLE when neither is installed, with what to install
 */
export async function captureCommand(
  interfaceName: string,
  { filter, snapLength = SNAP_LENGTH_BYTES }: CaptureLimits = {},
  path = process.env.PATH ?? '',
  systemFolders = SYSTEM_FOLDERS,
): Promise<CommandInput> {
  const folders = programFolders(path, systemFolders);
  const tcpdump = await findCaptureProgram('tcpdump', folders);
  if (tcpdump !== undefined) {
    const flags = ['-i', interfaceName, '-w', '-', '-U', '-n', '-s', String(snapLength)];
    const expression = filter === undefined ? [] : ['--', filter];
    return { kind: 'command', command: tcpdump, arguments: [...flags, ...expression], statisticsSignal: 'SIGUSR1' };
  }
  const dumpcap = await findCaptureProgram('dumpcap', folders);
  if (dumpcap !== undefined) {
    const expression = filter === undefined ? [] : ['-f', filter];
    const flags = ['-i', interfaceName, '-w', '-', '-q', '-s', String(snapLength), ...expression];
    return { kind: 'command', command: dumpcap, arguments: flags };
  }
  throw new SphinxError(
    'SPX_UNAVAILABLE',
    'Reading an interface needs tcpdump or dumpcap. On Debian and Ubuntu: apt-get install tcpdump',
  );
}

/** What `tcpdump` and `dumpcap` say once they have the interface. */
const HAS_OPENED = /listening on|capturing on/i;
const OPENING_LIMIT_MS = 3000;

/**
 * Opens an interface for a moment, to know whether this account may capture. No packet is kept.
 *
 * @returns path of the capture program
 * @throws SphinxError SPX_UNAVAILABLE that says what to install or how to give the right
 */
export async function proveCapture(): Promise<string> {
  const [first] = [...listInterfaces()].sort((left, right) => Number(right.isLoopback) - Number(left.isLoopback));
  const name = first?.name ?? 'lo';
  const { command, arguments: flags } = await captureCommand(name);
  const child = spawn(command, [...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), OPENING_LIMIT_MS);
  let output = '';
  let hasOpened = false;
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString('utf8');
    if (!HAS_OPENED.test(output)) return;
    hasOpened = true;
    child.kill('SIGTERM');
  });
  await new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  clearTimeout(limit);
  if (hasOpened) return command;
  throw new SphinxError('SPX_UNAVAILABLE', explainCaptureFailure(command, name, output));
}

/** Turns what the capture program said when it ended into what a person can do about it. */
export function explainCaptureFailure(command: string, interfaceName: string, output: string): string {
  if (/permission|not permitted|CAP_NET_RAW/i.test(output)) {
    return (
      `This account may not capture on ${interfaceName}. Give the right once with: ` +
      `sudo setcap cap_net_raw,cap_net_admin=eip ${command}`
    );
  }
  if (/syntax error|can't parse filter|unknown (host|port)|illegal/i.test(output)) {
    return `The filter is none that tcpdump understands: ${output.trim().split('\n').at(-1)}`;
  }
  if (/no such device|doesn't exist|SIOCGIFHWADDR/i.test(output)) {
    return `There is no interface ${interfaceName}. Choose one of: ${listInterfaces()
      .map(({ name }) => name)
      .join(', ')}`;
  }
  return `Capturing on ${interfaceName} ended: ${output.trim().split('\n').at(-1) ?? 'no reason given'}`;
}

function programFolders(path = process.env.PATH ?? '', systemFolders = SYSTEM_FOLDERS): readonly string[] {
  return [...path.split(delimiter).filter(Boolean), ...systemFolders];
}

/** Full path of a program. @param folders where to look */
export async function findCaptureProgram(name: string, folders = programFolders()): Promise<string | undefined> {
  for (const folder of folders) {
    const candidate = join(folder, name);
    const isExecutable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return candidate;
  }
  return undefined;
}
