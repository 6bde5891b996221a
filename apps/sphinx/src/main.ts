import { SphinxError } from '@sphinx/platform/errors';
import { CommanderError } from 'commander';
import { ApiProblem } from './client/api-client.ts';
import { createCommandLine } from './commands/index.ts';
import { EXIT } from './terminal/output.ts';

/** Codes of errors that whoever typed the command can put right there. */
const USED_WRONGLY = new Set(['SPX_INVALID_INPUT', 'SPX_SETTINGS_INVALID']);
try {
  await createCommandLine().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// Engines keep handles of their own open for a moment; a command that has answered is over.
await endWhenWritten();

/** Says what went wrong in one line and what to do; a stack is for bugs only. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof SphinxError || error instanceof ApiProblem) {
    console.error(`sphinx: ${error.message} (${error.code})`);
    if (error.code === 'SPX_NOT_FOUND') return EXIT.notFound;
    return USED_WRONGLY.has(error.code) ? EXIT.usage : EXIT.failure;
  }
  console.error(error);
  return EXIT.failure;
}

async function endWhenWritten(): Promise<void> {
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit();
}
