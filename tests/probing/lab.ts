import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Real servers on loopback, each in a folder of its own, ended together. */
export class Lab {
  readonly #programs: ChildProcess[] = [];
  readonly #folders: string[] = [];

  /** A folder that is removed with the laboratory. */
  async folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-lab-'));
    this.#folders.push(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  /**
   * @param port where it listens when it is ready; 0 where it listens on UDP only
   * @returns ends it before the laboratory does
   * @throws Error with what the program said when it ends before it listens
   */
  async start(
    command: string,
    parameters: readonly string[],
    port: number,
    options: LabOptions = {},
  ): Promise<() => Promise<void>> {
    const { user, folder, environment, readyWhen } = options;
    const program = spawn(command, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: some servers signal their whole group when they end.
      detached: true,
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...environment },
      ...(user === undefined ? {} : user),
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    let said = '';
    for (const output of [program.stdout, program.stderr]) {
      output?.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString()).slice(-2000);
      });
    }
    this.#programs.push(program);
    for (let tries = 0; tries < 200; tries += 1) {
      if (program.exitCode !== null) throw new Error(`${command} ended: ${said}`);
      const isReady = readyWhen?.test(said) ?? (port === 0 ? tries > 10 : await isListening(port));
      if (isReady) return () => end(program);
      await pause(50);
    }
    throw new Error(`${command} does not listen on ${port}: ${said}`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map(end));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

export interface LabOptions {
  /** Servers that refuse to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly folder?: string;
  /** What it prints when it is ready; without it its port tells. */
  readonly readyWhen?: RegExp;
  readonly environment?: Readonly<Record<string, string>>;
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const over = new Promise((done) => program.once('exit', done));
  signalGroup(program, 'SIGTERM');
  const isOver = await Promise.race([over.then(() => true), pause(3000, false)]);
  if (!isOver) {
    signalGroup(program, 'SIGKILL');
    await over;
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
