import { spawn } from 'node:child_process';
import { ActuatorError } from '../contract/actuator.ts';

const LIMIT_MS = 30_000;
/** Of each stream; what goes beyond is not kept. */
const MAXIMUM_OUTPUT_BYTES = 16 * 1024 * 1024;

export interface ProgramRun {
  /** Exit status; undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly input?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly limitMs?: number | undefined;
  /** Debian package that the program is in, for the message when it is missing. */
  readonly debianPackage: string;
}

/**
 * Runs a program with these arguments; no shell sees them. What it says in the end is for the caller to judge.
 *
 * @param program name on the path, or path
 * @throws ActuatorError when it can't be started, takes too long or is told to stop
 */
export function runProgram(
  program: string,
  parameters: readonly string[],
  { input = '', environment, folder, signal, limitMs = LIMIT_MS, debianPackage }: ProgramOptions,
): Promise<ProgramRun> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...parameters], {
      cwd: folder,
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C', ...environment },
      signal: ending,
      killSignal: 'SIGKILL',
    });
    const stdout = keep(child.stdout);
    const stderr = keep(child.stderr);
    // A program that ends without reading what it is given is judged by its status.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        reject(new ActuatorError(`${program} is not installed here. On Debian: apt-get install ${debianPackage}`));
      else reject(new ActuatorError(reasonOf(program, signal, limitMs, error), { isTemporary: true, cause: error }));
    });
    child.on('close', (status) => resolve({ status: status ?? undefined, stdout: stdout(), stderr: stderr() }));
  });
}

function keep(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on('data', (part: Buffer) => {
    if (size < MAXIMUM_OUTPUT_BYTES) parts.push(part);
    size += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}

function reasonOf(program: string, signal: AbortSignal, limitMs: number, error: Error): string {
  if (signal.aborted) return `${program} was stopped before it had ended.`;
  if (error.name === 'AbortError') return `${program} did not end within ${limitMs / 1000} s.`;
  return `${program} could not be started: ${error.message}`;
}
