import { SphinxError } from '@sphinx/platform';
import { Command, CommanderError } from 'commander';
import { ApiProblem } from './client/api-client.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { assetCommand, assetsCommand, verifyCommand } from './commands/assets.ts';
import { certificateCommand } from './commands/certificate.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { rulesCommand } from './commands/rules.ts';
import { servicesCommand } from './commands/services.ts';
import { startCommand } from './commands/start.ts';
import { EXIT } from './terminal/output.ts';
import { VERSION } from './version.ts';

const program = new Command('sphinx')
  .description('SPHINX: finds, verifies and protects every device and service of a hospital network.')
  .version(VERSION)
  .addCommand(startCommand())
  .addCommand(analyzeCommand())
  .addCommand(assetsCommand())
  .addCommand(assetCommand())
  .addCommand(verifyCommand())
  .addCommand(certificateCommand())
  .addCommand(servicesCommand())
  .addCommand(rulesCommand())
  .addCommand(configCommand())
  .addCommand(doctorCommand())
  .addHelpText('after', '\nExample:\n  sphinx start\n  sphinx analyze ward.pcap --report ward.pdf');

for (const command of everyCommand(program)) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// Engines keep handles of their own open for a moment; a command that has answered is over.
if (process.exitCode !== undefined || !process.argv.includes('start')) await endWhenWritten();

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Says what went wrong in one line and what to do; a stack is for bugs only. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof SphinxError || error instanceof ApiProblem) {
    console.error(`sphinx: ${error.message} (${error.code})`);
    if (error.code === 'SPX_NOT_FOUND') return EXIT.notFound;
    return error.code === 'SPX_INVALID_INPUT' ? EXIT.usage : EXIT.failure;
  }
  console.error(error);
  return EXIT.failure;
}

async function endWhenWritten(): Promise<void> {
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit();
}
