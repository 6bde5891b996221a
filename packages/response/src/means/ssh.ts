import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTemporaryFolder } from '@sphinx/platform/temporary-folder';
import { z } from 'zod';
import { type ActuatorContext, ActuatorError } from '../contract/actuator.ts';
import { type ProgramRun, runProgram } from './run-program.ts';

const CONNECT_LIMIT_SECONDS = 10;
/** OpenSSH's own trouble, as apart from the command's (ssh(1), EXIT STATUS). */
const SSH_FAILED = 255;
const HOST_KEY = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]+={0,2}$/;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.$-]{0,63}$/;

/** Another machine, reached by SSH. */
export const SshTarget = z.strictObject({
  host: z.union([z.ipv4(), z.ipv6(), z.hostname()]).describe('Name or address'),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().regex(NAME),
  /** As `ssh-keyscan` prints it, without the name: `ssh-ed25519 AAAA…`. The machine must prove that it has it. */
  hostKey: z
    .string()
    .regex(HOST_KEY, 'Must be a key as ssh-keyscan prints it, without the name: ssh-ed25519 AAAA…')
    .describe('Key of the machine, as `ssh-keyscan` prints it, without the name'),
  privateKeySecret: z.string().min(1).describe('Name of the secret with the private key (OpenSSH form, no passphrase)'),
});
export type SshTarget = z.infer<typeof SshTarget>;

/**
 * Runs a command on another machine. Each argument reaches it as it is: for a shell of POSIX it is quoted.
 *
 * @throws ActuatorError when the machine can't be reached, is another than it was, or refuses the key
 */
export async function runOverSsh(
  target: SshTarget,
  parameters: readonly string[],
  options: { secrets: ActuatorContext['secrets']; signal: AbortSignal; input?: string; limitMs?: number },
): Promise<ProgramRun> {
  const privateKey = await options.secrets.get(target.privateKeySecret);
  if (privateKey === undefined)
    throw new ActuatorError(`There is no secret "${target.privateKeySecret}". Store the private key under this name.`);
  const folder = await createTemporaryFolder();
  const key = join(folder.path, 'key');
  try {
    const text = Buffer.from(privateKey).toString('utf8');
    await writeFile(key, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
    const hosts = join(folder.path, 'known_hosts');
    await writeFile(hosts, `sphinx-target ${target.hostKey}\n`, { mode: 0o600 });
    const where = ['-T', '-p', String(target.port), '-l', target.user, '--', target.host];
    const run = await runProgram('ssh', [...sshOptions(key, hosts), ...where, quoteForShell(parameters)], {
      ...options,
      debianPackage: 'openssh-client',
    });
    if (run.status === SSH_FAILED) throw explain(target, run.stderr);
    return run;
  } finally {
    await rm(key, { force: true });
    await folder.remove();
  }
}

function sshOptions(key: string, hosts: string): readonly string[] {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `IdentityFile=${key}`,
    `UserKnownHostsFile=${hosts}`,
    'GlobalKnownHostsFile=/dev/null',
    'HostKeyAlias=sphinx-target',
    'StrictHostKeyChecking=yes',
    `ConnectTimeout=${CONNECT_LIMIT_SECONDS}`,
    'ServerAliveInterval=10',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'LogLevel=ERROR',
  ];
  return ['-F', '/dev/null', ...options.flatMap((option) => ['-o', option])];
}

/** @returns words that a shell of POSIX takes as exactly these (XCU §2.2.2: between single quotes all is literal) */
export function quoteForShell(parameters: readonly string[]): string {
  return parameters.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function explain({ host, port, user, privateKeySecret }: SshTarget, words: string): ActuatorError {
  const place = `${host}:${port}`;
  if (/host key verification failed|identification has changed|no .*host key is known/i.test(words))
    return new ActuatorError(
      `${place} is not the machine whose key is in the settings. If it was renewed on purpose, enter its new key (ssh-keyscan).`,
    );
  if (/permission denied|too many authentication failures/i.test(words))
    return new ActuatorError(`${place} does not let ${user} in with the key in "${privateKeySecret}".`);
  const said = words.trim().split('\n').at(-1) ?? '';
  return new ActuatorError(`${place} can't be reached by SSH: ${said}`, { isTemporary: true });
}
