import { z } from 'zod';
import { ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { type Machine, runOrFail } from '../../means/machine.ts';
import { BACKUP_CAPABILITIES, BackupActuator, BackupSettings } from './backup-actuator.ts';
import { BACKUP_LIMIT_MS, type BackupTool, type Snapshot, withEnvironment } from './backup-tool.ts';

const ResticSnapshot = z.object({ id: z.string(), time: z.string(), tags: z.array(z.string()).optional() });
const OPTIONS = { limitMs: BACKUP_LIMIT_MS, debianPackage: 'restic' };

/** Backups by restic. */
export const restic: ActuatorKind<typeof BackupSettings> = {
  type: 'restic',
  title: 'restic',
  description:
    'Makes a copy now, and puts a folder of a copy in the place of the damaged one, which is kept beside it as evidence. Hashes ' +
    'are checked. The hospital prepares restic on the machine with the files, a repository (better append-only) and the ' +
    'password of the repository as a secret.',
  proof: 'real',
  triedWith: 'restic 0.14, on this machine and over OpenSSH 9.2',
  capabilities: BACKUP_CAPABILITIES,
  settings: BackupSettings,
  open: (id, settings, context) => new BackupActuator(id, 'restic', settings, context, resticTool),
};

function resticTool(repository: string, password: string, more: Readonly<Record<string, string>>): BackupTool {
  const restic = (machine: Machine, words: readonly string[], signal: AbortSignal): Promise<string> => {
    const environment = { ...more, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password };
    return runOrFail(
      machine,
      withEnvironment(environment, ['restic', '--json', '--quiet', ...words]),
      signal,
      OPTIONS,
    ).catch(explain);
  };
  return {
    async list(machine, signal): Promise<readonly Snapshot[]> {
      const listed = z
        .array(ResticSnapshot)
        .parse(JSON.parse(await restic(machine, ['--no-lock', 'snapshots'], signal)));
      return listed
        .map(({ id, time, tags = [] }) => ({ id, time: Date.parse(time), tags }))
        .sort((left, right) => left.time - right.time);
    },
    async create(machine, tag, paths, signal) {
      await restic(machine, ['backup', '--tag', tag, '--', ...paths], signal);
    },
    async extract(machine, snapshot, path, folder, signal) {
      await restic(machine, ['restore', '--verify', '--include', path, '--target', folder, '--', snapshot], signal);
    },
  };
}

function explain(error: unknown): never {
  const { message } = error as Error;
  if (/wrong password|no key found/i.test(message))
    throw new ActuatorError('The repository does not open with this password. Enter it again.');
  if (/locked/i.test(message))
    throw new ActuatorError(`Another restic has locked the repository. If none runs: restic unlock. (${message})`, {
      isTemporary: true,
    });
  throw error;
}
