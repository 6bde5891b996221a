import { setTimeout as delay } from 'node:timers/promises';
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

/** Asks the API as the command line of this machine does. @throws Error when the answer is not a success */
export async function call<Answer>(program: Program, method: string, path: string, body?: object): Promise<Answer> {
  const token = program.access.issueLocalSecret('test');
  const response = await program.fetch(
    new Request(`https://localhost/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** Switches on what is off until somebody wants it. */
export async function enableEveryService(program: Program): Promise<void> {
  const { items } = await call<{ items: { id: string; isEnabled: boolean }[] }>(program, 'GET', '/services');
  for (const { id, isEnabled } of items) {
    if (!isEnabled) await call(program, 'PATCH', `/services/${id}`, { isEnabled: true });
  }
}

/** Has the invented hospital seen, identified and judged. @returns id of its source */
export async function readSampleHospital(program: Program): Promise<string> {
  const { id } = await call<{ id: string }>(program, 'POST', '/sources/sample');
  for (let isRunning = true; isRunning; ) {
    await delay(50);
    const { items } = await call<{ items: { state: string }[] }>(program, 'GET', '/sources?kind=sample');
    isRunning = items[0]?.state === 'running';
  }
  await program.engines.bus.drained();
  return id;
}
