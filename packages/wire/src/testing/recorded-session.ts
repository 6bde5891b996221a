import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SensorBatch } from '../sensor.ts';
import { sense } from './capture.ts';

/** Programs that talk with one another over `lo` while tcpdump listens. */

export const run = promisify(execFile);

/** @returns whether each program answers to its parameters */
export async function haveAll(...programs: readonly (readonly [command: string, ...parameters: string[]])[]) {
  const runs = await Promise.allSettled(programs.map(([command, ...parameters]) => run(command, parameters)));
  return runs.every(({ status }) => status === 'fulfilled');
}

/** tcpdump says that it listens as soon as it may; it is ended by the time limit. */
export async function mayCapture(): Promise<boolean> {
  return run('tcpdump', ['-i', 'lo', '-w', '/dev/null'], { timeout: 1500 }).then(
    ({ stderr }) => /listening on lo/.test(stderr),
    (error: { stderr?: string }) => /listening on lo/.test(error.stderr ?? ''),
  );
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Lets a program serve a port while `session` runs. */
export async function serving(
  command: string,
  parameters: readonly string[],
  port: number,
  session: () => Promise<void>,
) {
  const program = spawn(command, parameters, { stdio: 'ignore' });
  try {
    await reachable(port);
    await session();
  } finally {
    await stop(program);
  }
}

async function reachable(port: number): Promise<void> {
  const isTaken = async () => {
    const server = createServer();
    const state = new Promise<boolean>((done) => {
      server.once('error', () => done(true));
      server.once('listening', () => server.close(() => done(false)));
    });
    server.listen(port, '0.0.0.0');
    return state;
  };
  for (let tries = 0; tries < 100; tries++) {
    if (await isTaken()) return;
    await pause(100);
  }
  throw new Error(`Nobody serves port ${port}`);
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = new Promise((done) => program.once('exit', done));
  program.kill('SIGINT');
  await ended;
}

/** @returns what the sensor says of all that goes over the ports while `session` runs */
export async function record(ports: readonly number[], session: () => Promise<void>): Promise<SensorBatch> {
  return inFolder(async (folder) => {
    const file = join(folder, 'session.pcap');
    const filter = ports.map((port) => `tcp port ${port}`).join(' or ');
    const capture = spawn('tcpdump', ['-i', 'lo', '-U', '--immediate-mode', '-B', '32768', '-w', file, filter], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise((done) => capture.stderr?.once('data', done));
    try {
      await session();
      await pause(300);
    } finally {
      await stop(capture);
    }
    return sense(file);
  });
}

/** @returns what `work` gives with a folder of its own */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-session-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As dump2dcm reads it. */
const OBJECT = `(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.276.0.7230010.3.1.4.1]
(0008,0060) CS [OT]
(0008,0070) LO [Maker of scanners]
(0010,0010) PN [Doe^Jane]
(0010,0020) LO [PID-4711]
(0020,000d) UI [1.2.276.0.7230010.3.1.4.2]
(0020,000e) UI [1.2.276.0.7230010.3.1.4.3]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 2
(0028,0011) US 2
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB 00\\01\\02\\03
`;
export const OBJECT_UID = '1.2.276.0.7230010.3.1.4.1';
export const STUDY_UID = '1.2.276.0.7230010.3.1.4.2';

/** @returns path of a DICOM object that dump2dcm makes in the folder */
export async function makeObject(folder: string): Promise<string> {
  const [text, object] = [join(folder, 'object.dump'), join(folder, 'object.dcm')];
  await writeFile(text, OBJECT);
  await run('dump2dcm', [text, object]);
  return object;
}
