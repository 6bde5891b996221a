import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const POLL_MS = 10;
/** USER_HZ of Linux on every platform that Node.js runs on. */
const TICKS_PER_SECOND = 100;

export interface WatchedRun {
  readonly output: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/**
 * Runs a program on one core and watches what it uses, through /proc.
 *
 * @throws Error when it cannot be started or ends with an error
 */
export function runOnOneCore(core: number, command: string, ...args: readonly string[]): Promise<WatchedRun> {
  return runOnCores(String(core), command, ...args);
}

/** The same on several cores. @param cores as taskset(1) lists them, for example `0-3` */
export async function runOnCores(cores: string, command: string, ...args: readonly string[]): Promise<WatchedRun> {
  const startedAt = performance.now();
  const child = spawn('taskset', ['-c', cores, command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let cpuSeconds = 0;
  let peakMegabytes = 0;
  const timer = setInterval(() => {
    const usage = usageOf(child.pid);
    cpuSeconds = Math.max(cpuSeconds, usage.cpuSeconds);
    peakMegabytes = Math.max(peakMegabytes, usage.peakMegabytes);
  }, POLL_MS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    );
    if (status !== 0) throw new Error(`${command} ended with status ${String(status)}.`);
  } finally {
    clearInterval(timer);
  }
  return { output, seconds: (performance.now() - startedAt) / 1000, cpuSeconds, peakMegabytes };
}

function usageOf(pid: number | undefined): { cpuSeconds: number; peakMegabytes: number } {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    // The name, in brackets, may hold blanks; user and system time are the 12th and 13th field behind it.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    return { cpuSeconds: ticks / TICKS_PER_SECOND, peakMegabytes: Math.round(peakKilobytes / 1024) };
  } catch {
    // It has ended since.
    return { cpuSeconds: 0, peakMegabytes: 0 };
  }
}
