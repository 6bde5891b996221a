import { createLogger, systemClock } from '@sphinx/platform';
import { openTransientEngines } from '../apps/sphinx/src/runtime/engines.ts';
import { resolvePaths } from '../apps/sphinx/src/runtime/paths.ts';
import { openProgram, type Program } from '../apps/sphinx/src/runtime/program.ts';
import { loadConfiguration } from '../apps/sphinx/src/runtime/settings.ts';

/** The whole program with every service in this process, on real engines that forget everything when it is closed. */
export async function openWholeProgram(): Promise<Program> {
  const paths = resolvePaths({ data: '/nonexistent/sphinx-whole-program' });
  const logger = createLogger({ level: 'silent' });
  const configuration = await loadConfiguration(paths, {});
  const engines = await openTransientEngines({ configuration, clock: systemClock, logger });
  return openProgram({ paths, engines, configuration, logger, dataFolder: null });
}
