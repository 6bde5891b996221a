import { z } from 'zod';
import { type ActuatorCommand, ActuatorError, type Capability } from '../../contract/actuator.ts';
import { OpenC2Action, type OpenC2TargetType, targetTypeOf } from '../../openc2/command.ts';

const Words = z.array(z.string().min(1)).min(1);

/** What a hospital allows to be run for one action on one kind of target. */
export const CommandTemplate = z.strictObject({
  action: OpenC2Action,
  target: z.enum(['device', 'file', 'process', 'x-sphinx:account', 'x-sphinx:service', 'x-sphinx:sessions']),
  run: Words.describe('Words of the command, with `{name}`, `{pid}`, `{path}`, `{sha256}`, `{account}`, `{address}`'),
  undo: Words.optional().describe('Takes it back; without it, it can’t be taken back'),
  check: Words.optional().describe('Ends with status 0 when the wanted state is there'),
});
export type CommandTemplate = z.infer<typeof CommandTemplate>;

/** What a configured list of templates can do. */
export function capabilitiesOf(templates: readonly CommandTemplate[]): readonly Capability[] {
  return templates.map(({ action, target, undo }) => ({
    action,
    target: target satisfies OpenC2TargetType,
    isReversible: undo !== undefined,
  }));
}

/** @throws ActuatorError where the settings allow nothing of this kind */
export function templateFor(templates: readonly CommandTemplate[], { command }: ActuatorCommand): CommandTemplate {
  const type = targetTypeOf(command);
  const found = templates.find(({ action, target }) => action === command.action && target === type);
  if (found === undefined)
    throw new ActuatorError(`The settings of this actuator allow no command for "${command.action} ${type}".`);
  return found;
}

/** Names of processes and services: without what patterns are made of, as pkill and systemctl read them as such. */
const PLAIN_NAME = /^[\p{L}\p{N} ._@:-]+$/u;

/**
 * Words with the values of a command in place of their names. A value that a program could take for an option or a pattern, or
 * that holds characters that nobody can see, is refused.
 */
export function fillIn(words: readonly string[], command: ActuatorCommand): readonly string[] {
  const values = valuesOf(command);
  return words.map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name: string) => {
      if (!Object.hasOwn(values, name)) return whole;
      const value = values[name];
      if (value === undefined || value === '') throw new ActuatorError(`The command names no ${name}.`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      if (/[\u0000-\u001f\u007f]/.test(value))
        throw new ActuatorError(`The ${name} holds characters that can't be shown.`);
      if (name === 'name' && !PLAIN_NAME.test(value)) throw new ActuatorError(`"${value}" is no plain name.`);
      if (word.startsWith(whole) && value.startsWith('-'))
        throw new ActuatorError(`The ${name} "${value}" begins as an option does.`);
      return value;
    }),
  );
}

function valuesOf({ command: { target }, addresses }: ActuatorCommand): Readonly<Record<string, string | undefined>> {
  return {
    name: target['x-sphinx:service']?.name ?? target.process?.name,
    pid: target.process?.pid?.toString(),
    path: target.file?.path,
    sha256: target.file?.hashes?.sha256?.toLowerCase(),
    account: target['x-sphinx:account']?.name ?? target['x-sphinx:sessions']?.account,
    address: addresses[0],
  };
}
