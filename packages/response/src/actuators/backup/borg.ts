import { z } from 'zod';
import { ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { type Machine, runOrFail } from '../../means/machine.ts';
import { BACKUP_CAPABILITIES, BackupActuator, BackupSettings } from './backup-actuator.ts';
import { BACKUP_LIMIT_MS, type BackupTool, withEnvironment } from './backup-tool.ts';

const BorgList = z.object({ archives: z.array(z.object({ name: z.string(), start: z.string() })) });
const OPTIONS = { limitMs: BACKUP_LIMIT_MS, debianPackage: 'borgbackup' };

/** Backups by Borg. */
export const borg: ActuatorKind<typeof BackupSettings> = {
  type: 'borg',
  title: 'Borg',
  description:
    'Makes a copy now, and puts a folder of a copy in the place of the damaged one, which is kept beside it as evidence. Hashes ' +
    'are checked. The hospital prepares Borg on the machine with the files, a repository (better append-only) and its passphrase ' +
    'as a secret.',
  proof: 'real',
  triedWith: 'Borg 1.2.4',
  capabilities: BACKUP_CAPABILITIES,
  settings: BackupSettings,
  open: (id, settings, context) => new BackupActuator(id, 'borg', settings, context, borgTool),
};

function borgTool(repository: string, password: string, more: Readonly<Record<string, string>>): BackupTool {
  const environment = { ...more, BORG_REPO: repository, BORG_PASSPHRASE: password, TZ: 'UTC' };
  const borg = (machine: Machine, words: readonly string[], signal: AbortSignal, folder?: string): Promise<string> => {
    const place = folder === undefined ? [] : ['env', '-C', folder];
    return runOrFail(machine, withEnvironment(environment, [...place, 'borg', ...words]), signal, OPTIONS).catch(
      explain,
    );
  };
  return {
    async list(machine, signal) {
      const { archives } = BorgList.parse(JSON.parse(await borg(machine, ['list', '--json'], signal)));
      return archives.map(({ name, start }) => ({ id: name, time: Date.parse(`${start}Z`), tags: [name] }));
    },
    async create(machine, tag, paths, signal) {
      await borg(machine, ['create', `::${tag}`, ...paths], signal);
    },
    async extract(machine, snapshot, path, folder, signal) {
      await borg(machine, ['extract', `::${snapshot}`, path.replace(/^\/+/, '')], signal, folder);
    },
  };
}

function explain(error: unknown): never {
  const { message } = error as Error;
  if (/passphrase supplied .* is incorrect/i.test(message))
    throw new ActuatorError('The repository does not open with this passphrase. Enter it again.');
  if (/lock/i.test(message))
    throw new ActuatorError(`Another Borg has locked the repository. If none runs: borg break-lock. (${message})`, {
      isTemporary: true,
    });
  throw error;
}
