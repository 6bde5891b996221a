import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import type { CommandInput } from '../sensor/sensor-messages.ts';
import { findCaptureProgram, SNAP_LENGTH_BYTES } from './live-capture.ts';
import type { Source } from './source.ts';
import type { SourceCredentials } from './source-secrets.ts';

const CONNECT_LIMIT_SECONDS = 10;
/** A connection that is dead is noticed after three of these. */
const ALIVE_INTERVAL_SECONDS = 10;
const STATISTICS_INTERVAL_SECONDS = 5;

/** A capture over SSH that is ready to run. */
export interface SshCapture {
  readonly input: CommandInput;
  /** Takes the key away from the disk. @returns whom ssh believed to be the other machine */
  close(): Promise<string>;
}

/**
 * tcpdump on another machine, over ssh. The key is on disk while it runs, readable for this account only; the other
 * machine is the one that it first was, or whose key was given.
 *
 * @param folder of this service for files that need no backup
 * @throws SphinxError SPX_UNAVAILABLE when there is no ssh here or the key is gone
 */
export async function prepareSshCapture(
  source: Source,
  { privateKey, knownHosts = '' }: SourceCredentials,
  folder: string,
): Promise<SshCapture> {
  const command = await findCaptureProgram('ssh');
  if (command === undefined || privateKey === undefined) {
    const lack = command === undefined ? 'ssh on this machine (apt-get install openssh-client)' : 'its private key';
    throw new SphinxError('SPX_UNAVAILABLE', `Capturing over SSH needs ${lack}. Add the source again.`);
  }
  const files = join(folder, 'ssh', source.id);
  await rm(files, { recursive: true, force: true });
  await mkdir(files, { recursive: true, mode: 0o700 });
  const key = join(files, 'key');
  const hosts = join(files, 'known_hosts');
  await writeFile(key, privateKey.endsWith('\n') ? privateKey : `${privateKey}\n`, { mode: 0o600 });
  await writeFile(hosts, knownHosts, { mode: 0o600 });
  const options = sshOptions(key, hosts, knownHosts !== '');
  const { host = '', port = 22, user = '', interface: interfaceName = '', usesSudo = false } = source;
  const where = ['-T', '-p', String(port), '-l', user, '--', host];
  return {
    input: {
      kind: 'command',
      command,
      arguments: [...options, ...where, remoteCommand(interfaceName, usesSudo)],
      isRemote: true,
    },
    async close() {
      const believed = await readFile(hosts, 'utf8').catch(() => '');
      await rm(files, { recursive: true, force: true });
      return believed;
    },
  };
}

function sshOptions(key: string, hosts: string, isKnown: boolean): readonly string[] {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    `IdentityFile=${key}`,
    `UserKnownHostsFile=${hosts}`,
    'GlobalKnownHostsFile=/dev/null',
    `StrictHostKeyChecking=${isKnown ? 'yes' : 'accept-new'}`,
    `ConnectTimeout=${CONNECT_LIMIT_SECONDS}`,
    `ServerAliveInterval=${ALIVE_INTERVAL_SECONDS}`,
    'ClearAllForwardings=yes',
    'LogLevel=ERROR',
  ];
  return ['-F', '/dev/null', ...options.flatMap((option) => ['-o', option])];
}

/**
 * What runs there. The connection that carries the capture is left out of it, or it would feed itself. A loop beside
 * tcpdump, which takes the place and so the number of the shell, asks it for its counters.
 */
function remoteCommand(interfaceName: string, usesSudo: boolean): string {
  const ask = `(while sleep ${STATISTICS_INTERVAL_SECONDS} && kill -USR1 $$; do :; done) >/dev/null 2>&1 </dev/null &`;
  const tcpdump = `${usesSudo ? 'sudo -n ' : ''}tcpdump -i ${interfaceName} -w - -U -n -s ${SNAP_LENGTH_BYTES}`;
  return `exec sh -c 'PATH=$PATH:/usr/sbin:/sbin; set -- $SSH_CONNECTION; ${ask} exec ${tcpdump} "not (tcp port $4 and host $1)"'`;
}
