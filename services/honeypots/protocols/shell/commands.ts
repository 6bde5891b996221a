import { FILE_COMMANDS } from './commands-files.ts';
import { NETWORK_COMMANDS } from './commands-network.ts';
import { SYSTEM_COMMANDS } from './commands-system.ts';
import { TEXT_COMMANDS } from './commands-text.ts';
import type { CommandResult, Shell } from './shell.ts';

/** One command of the shell: answers over what the machine pretends to have. */
export type ShellCommand = (words: readonly string[], shell: Shell, input: string) => CommandResult;

/** What the shell knows. */
export const COMMANDS: ReadonlyMap<string, ShellCommand> = new Map([
  ...FILE_COMMANDS,
  ...TEXT_COMMANDS,
  ...SYSTEM_COMMANDS,
  ...NETWORK_COMMANDS,
]);
