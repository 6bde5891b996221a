import { Command } from 'commander';
import { type Paths, resolvePaths } from '../runtime/paths.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly data?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * A command with the options that all of them share and an example in its help.
 *
 * @param example lines shown below the options
 * @param options.hasDataFolder false for a command that opens no data folder
 */
export function defineCommand(
  name: string,
  description: string,
  example: string,
  { hasDataFolder = true }: { hasDataFolder?: boolean } = {},
): Command {
  const command = new Command(name).description(description).option('--json', 'print JSON, for programs');
  if (hasDataFolder) {
    command
      .option('--data <folder>', 'data folder (default: ~/.sphinx, or SPHINX_DATA)')
      .option('--config <file>', 'settings file (default: sphinx.yaml in the data folder, or SPHINX_CONFIG)');
  }
  return command.addHelpText('after', `\nExample:\n${example.replace(/^/gm, '  ')}`);
}

export function pathsOf(options: CommonOptions): Paths {
  return resolvePaths({ data: options.data, config: options.config });
}
