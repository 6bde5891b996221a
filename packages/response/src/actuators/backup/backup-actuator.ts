import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type Capability,
  type Json,
  type Preparation,
} from '../../contract/actuator.ts';
import { type Machine, machineOf } from '../../means/machine.ts';
import { SshTarget } from '../../means/ssh.ts';
import type { BackupTool, Snapshot } from './backup-tool.ts';
import { isRestored, restoreInPlace, takeBack } from './restore-in-place.ts';

export const BackupSettings = z.strictObject({
  ssh: SshTarget.optional().describe('Machine with the files; without it, this machine'),
  repository: z.string().min(1).describe('Repository, as the program itself names it'),
  passwordSecret: z.string().min(1).describe('Name of the secret with the password of the repository'),
  environment: z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string())
    .default({})
    .describe(
      'Variables of the program, each with the name of the secret that has its value: keys of a storage service',
    ),
  paths: z
    .array(z.string().regex(/^\/[^\0]+$/))
    .min(1)
    .describe('Folders that are copied, and below which may be restored'),
});
export type BackupSettings = z.infer<typeof BackupSettings>;

export const BACKUP_CAPABILITIES: readonly Capability[] = [
  { action: 'copy', target: 'device', isReversible: false },
  { action: 'copy', target: 'x-sphinx:service', isReversible: false },
  { action: 'restore', target: 'file', isReversible: true },
  { action: 'restore', target: 'x-sphinx:service', isReversible: true },
];

type OpenTool = (repository: string, password: string, environment: Readonly<Record<string, string>>) => BackupTool;

interface Before {
  readonly snapshot?: Snapshot;
  readonly paths: readonly string[];
}

/** Copies and restores by whichever program keeps the backup. */
export class BackupActuator implements Actuator {
  readonly id: string;
  readonly type: string;
  readonly capabilities = BACKUP_CAPABILITIES;
  readonly #settings: BackupSettings;
  readonly #context: ActuatorContext;
  readonly #openTool: OpenTool;
  readonly #machine: Machine;

  constructor(id: string, type: string, settings: BackupSettings, context: ActuatorContext, openTool: OpenTool) {
    this.id = id;
    this.type = type;
    this.#settings = settings;
    this.#context = context;
    this.#openTool = openTool;
    this.#machine = machineOf(settings.ssh, context);
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const isCopy = command.command.action === 'copy';
    const paths = isCopy ? this.#settings.paths : this.#pathsOf(command);
    const snapshots = await (await this.#tool()).list(this.#machine, signal);
    if (isCopy) {
      return {
        effects: [`Copy ${paths.join(', ')} to ${this.#settings.repository}.`],
        before: { paths },
        isReversible: false,
      };
    }
    const { stop_time: limit } = command.command.args ?? {};
    const usable = snapshots.filter(({ time }) => limit === undefined || time <= limit);
    const snapshot = usable.at(-1);
    if (snapshot === undefined)
      throw new ActuatorError(
        limit === undefined
          ? 'There is no copy in the repository.'
          : `There is no copy from before ${new Date(limit).toISOString()}.`,
      );
    const from = `the copy ${snapshot.id.slice(0, 16)} of ${new Date(snapshot.time).toISOString()}`;
    return {
      effects: paths.map((path) => `Put ${path} of ${from} in the place of what is there, which is kept beside it.`),
      before: { snapshot, paths } as unknown as Json,
      isReversible: true,
    };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const tool = await this.#tool();
    if (command.command.action === 'copy') {
      const tag = tagOf(command);
      const find = async () => (await tool.list(this.#machine, signal)).find(({ tags }) => tags.includes(tag));
      const before = await find();
      if (before === undefined) await tool.create(this.#machine, tag, this.#settings.paths, signal);
      const id = (before ?? (await find()))?.id;
      if (id === undefined) throw new ActuatorError(`The copy ${tag} is not in the repository.`);
      return { summary: `Copied ${this.#settings.paths.join(', ')}.`, result: { snapshot: id } };
    }
    const { snapshot, paths } = beforeOf(preparation);
    if (snapshot === undefined) throw new ActuatorError('It was not prepared which copy to restore.');
    let files = 0;
    for (const path of paths) {
      const extract = (folder: string) => tool.extract(this.#machine, snapshot.id, path, folder, signal);
      files += await restoreInPlace(this.#machine, path, command.id, extract, signal);
    }
    return { summary: `Restored ${files} files of ${paths.join(', ')}.`, result: { snapshot: snapshot.id, files } };
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    if (command.command.action === 'copy') return { summary: 'A copy stays; it does no harm.', result: null };
    const { paths } = beforeOf(preparation);
    for (const path of paths) await takeBack(this.#machine, path, command.id, signal);
    return { summary: `${paths.join(', ')}: as it was before.`, result: null };
  }

  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    if (command.command.action === 'copy') {
      const snapshots = await (await this.#tool()).list(this.#machine, signal);
      return snapshots.some(({ tags }) => tags.includes(tagOf(command))) ? 'in-force' : 'absent';
    }
    for (const path of beforeOf(preparation).paths)
      if (!(await isRestored(this.#machine, path, command.id, signal))) return 'absent';
    return 'in-force';
  }

  async check(signal: AbortSignal) {
    try {
      const last = (await (await this.#tool()).list(this.#machine, signal)).at(-1);
      if (last === undefined) return { isReady: false, message: 'The repository opens, but there is no copy in it.' };
      return { isReady: true, message: `The last copy is of ${new Date(last.time).toISOString()}.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #tool(): Promise<BackupTool> {
    const { repository, passwordSecret, environment } = this.#settings;
    const entries = Object.entries(environment).map(
      async ([name, secret]) => [name, await this.#secret(secret)] as const,
    );
    return this.#openTool(
      repository,
      await this.#secret(passwordSecret),
      Object.fromEntries(await Promise.all(entries)),
    );
  }

  async #secret(name: string): Promise<string> {
    const value = await this.#context.secrets.get(name);
    if (value === undefined) throw new ActuatorError(`There is no secret "${name}". Store the value under this name.`);
    return Buffer.from(value).toString('utf8');
  }

  /** @throws ActuatorError for a path outside of those in the settings */
  #pathsOf({ command: { target } }: ActuatorCommand): readonly string[] {
    if (target.file === undefined) return this.#settings.paths;
    const { path = '' } = target.file;
    const isAllowed = this.#settings.paths.some((root) => path === root || path.startsWith(`${root}/`));
    if (!isAllowed || posix.normalize(path) !== path || path.endsWith('/') || /[*?[\]\\\n\0]/.test(path))
      throw new ActuatorError(`"${path}" is no folder below ${this.#settings.paths.join(', ')}.`);
    return [path];
  }
}

function tagOf({ id }: ActuatorCommand): string {
  return `sphinx-${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}

function beforeOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
