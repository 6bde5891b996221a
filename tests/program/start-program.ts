import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `npx sphinx` starts. */
export const LAUNCHER = fileURLToPath(new URL('../../apps/sphinx/bin/sphinx.js', import.meta.url));
const START_LIMIT_MS = 60_000;

/** SPHINX as a user starts it, in a process and on a data folder of its own. */
export interface StartedProgram {
  readonly url: string;
  readonly firstRunLink: string;
  readonly dataFolder: string;
  stop(): Promise<void>;
  /** SIGKILL: it has no moment to put anything in order. */
  kill(): Promise<void>;
}

/**
 * Starts the program on a free port.
 *
 * @param dataFolder kept by the caller; a new one that goes with the program when absent
 * @param options.killAfterMs kills it that long after its start, whether it is up or not
 */
export async function startProgram(
  dataFolder?: string,
  options: { killAfterMs?: number } = {},
): Promise<StartedProgram> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'sphinx-test-')));
  const child = spawn(process.execPath, [LAUNCHER, 'start', '--port', '0', '--json', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { killAfterMs } = options;
  if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = (errors + text).slice(-20_000);
  });
  const started = await new Promise<{ url: string; firstRunLink: string | null }>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`SPHINX did not start: ${errors}`)), START_LIMIT_MS);
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      if (!output.trimEnd().endsWith('}')) return;
      clearTimeout(limit);
      resolve(JSON.parse(output));
    });
    child.once('exit', (code) => reject(new Error(`SPHINX ended with code ${code}: ${errors}`)));
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded()) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  return {
    url: started.url,
    firstRunLink: started.firstRunLink ?? '',
    dataFolder: folder,
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      await end('SIGTERM');
      if (dataFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command of the command line. */
export function runSphinx(
  parameters: readonly string[],
  options: { input?: Uint8Array; environment?: Readonly<Record<string, string>> } = {},
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...parameters], {
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}
