import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { inside } from './network.ts';
import type { Place } from './places.ts';

const PATH = `${process.env.PATH}:/usr/sbin:/sbin:/usr/local/sbin`;
const SAID_CHARACTERS = 4000;
const READY_LIMIT_MS = 30_000;

export interface StartOptions {
  /** TCP port on which it listens when it is ready. */
  readonly port?: number;
  /** Servers that refuse to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets every line that it prints. */
  readonly onLine?: (line: string) => void;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** A program that goes on until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Starts a server on a machine. It ends with the drill at the latest.
 *
 * @throws Error with what it said when it ends before it is ready
 */
export async function start(
  { name }: Place,
  command: string,
  parameters: readonly string[],
  options: StartOptions = {},
): Promise<Running> {
  const { port, user, folder, environment, onLine } = options;
  const runs = user === undefined ? [command, ...parameters] : ['setpriv', ...userOf(user), command, ...parameters];
  const [program = '', ...rest] = runs;
  const [run, all] = inside(name, program, ...rest);
  const child = spawn(run, all, {
    // No standard input: Samba takes a socket there for a client that inetd hands over.
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: some servers signal their whole group when they end.
    detached: true,
    env: { ...process.env, PATH, ...environment },
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  const said = listen(child, onLine);
  for (const since = Date.now(); port !== undefined; await pause(50)) {
    if (hasEnded(child))
      throw new Error(`${command} on ${name} ended (${child.exitCode ?? child.signalCode}): ${said()}`);
    if (await listens(name, port)) break;
    if (Date.now() - since > READY_LIMIT_MS)
      throw new Error(`${command} on ${name} does not listen on ${port}: ${said()}`);
  }
  return {
    async stop() {
      if (hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const isOver = await Promise.race([ended.then(() => true), pause(2000, false)]);
      if (isOver) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a program on a machine to its end, or to the limit. @param input what it reads */
export async function run(
  { name }: Place,
  command: string,
  parameters: readonly string[],
  { input = '', limitMs = 10_000, folder }: { input?: string; limitMs?: number; folder?: string } = {},
): Promise<Outcome> {
  const [program, all] = inside(name, command, ...parameters);
  const child = spawn(program, all, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH },
    timeout: limitMs,
    killSignal: 'SIGKILL',
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const said = listen(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: said() };
}

function listen(child: ChildProcess, onLine?: (line: string) => void): () => string {
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    let rest = '';
    output?.on('data', (bytes: Buffer) => {
      const text = bytes.toString();
      said = (said + text).slice(-SAID_CHARACTERS);
      if (onLine === undefined) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
  return () => said;
}

async function listens(name: string, port: number): Promise<boolean> {
  const [program, all] = inside(name, 'ss', '-Hltn', `sport = :${port}`);
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  await once(child, 'close');
  return output.trim() !== '';
}

function userOf({ uid, gid }: { readonly uid: number; readonly gid: number }): string[] {
  return [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
