import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExchangeRecord, packetsOf } from '@sphinx/probes';
import type { HostEvidence, ListedSoftwareItem } from '@sphinx/schema';
import { type ImportedReport, readImport } from '@sphinx/vulnerabilities';
import { nmapArguments } from './arguments.ts';
import { NmapTrace, type TraceEvent } from './trace.ts';

const MS_PER_SECOND = 1000;
const OPENING_PACKETS = 2;
/** After the time that nmap gives itself. */
const TIMEOUT_MS = 330_000;

/** The most that nmap may use for one open port: it is ended when it wants more. */
export const NMAP_LIMITS = { packets: 80, bytes: 16_000 } as const;

export interface NmapRun {
  readonly ip: string;
  /** Ports of TCP that were found open. */
  readonly ports: readonly number[];
  readonly packetsPerSecond: number;
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Id of the run, for packet references of its evidence. */
  readonly source: string;
  readonly onRecord: (record: ExchangeRecord) => void;
}

export interface NmapResult {
  readonly outcome: 'answered' | 'silent' | 'stopped';
  /** Why it was ended; empty otherwise. */
  readonly reason: string;
  readonly packets: number;
  readonly bytes: number;
  readonly evidence: readonly HostEvidence[];
  readonly software: readonly ListedSoftwareItem[];
}

let isThere = false;

/** @returns whether nmap can be started on this machine; looked for again as long as it is not there */
export function isNmapInstalled(): boolean {
  isThere ||= spawnSync('nmap', ['--version'], { stdio: 'ignore', timeout: 5000 }).status === 0;
  return isThere;
}

/**
 * Has nmap ask open ports what serves there, at the pace of a policy and within limits, which are counted from what it says that it
 * does. It is stopped while it is ahead of its pace, and killed when somebody stops the run.
 */
export async function runNmap(run: NmapRun): Promise<NmapResult> {
  const folder = await mkdtemp(join(run.scratchFolder, 'nmap-'));
  try {
    const xmlFile = join(folder, 'findings.xml');
    await mkdir(join(folder, 'scripts'));
    // An empty list of scripts: with -sV nmap would run those of its category "version" by itself.
    await writeFile(join(folder, 'scripts', 'script.db'), '');
    const used = await new Watched(run, folder, xmlFile).done();
    if (used.reason !== '') return { ...used, outcome: 'stopped', evidence: [], software: [] };
    return { ...used, ...(await findingsOf(xmlFile, run)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** nmap while it runs: every line of its trace is counted, recorded and paced. */
class Watched {
  readonly #run: NmapRun;
  readonly #child: ChildProcess;
  readonly #trace = new NmapTrace();
  readonly #beganAt: number;
  #packets = 0;
  #bytes = 0;
  #reason = '';
  /** Its last words. */
  #said = '';
  #pause: NodeJS.Timeout | undefined;

  constructor(run: NmapRun, dataFolder: string, xmlFile: string) {
    this.#run = run;
    this.#beganAt = run.now();
    const { ip, ports, packetsPerSecond } = run;
    const parameters = nmapArguments({ ip, ports, packetsPerSecond, dataFolder, xmlFile });
    // Half of the trace goes to standard error: only on one way do both halves keep their order. The shell becomes nmap.
    this.#child = spawn('/bin/sh', ['-c', 'exec nmap "$@" 2>&1', 'nmap', ...parameters], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  async done(): Promise<{ reason: string; packets: number; bytes: number }> {
    const { signal } = this.#run;
    const stop = () => this.#end('It was stopped.');
    const timer = setTimeout(() => this.#end('Its time was up.'), TIMEOUT_MS);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-500);
      for (const event of this.#trace.push(text)) this.#take(event);
    });
    const code = await new Promise<number | null>((resolve) => {
      this.#child.once('close', resolve);
      this.#child.once('error', (error) => {
        this.#said = error.message;
        resolve(-1);
      });
    });
    clearTimeout(timer);
    clearTimeout(this.#pause);
    signal.removeEventListener('abort', stop);
    const reason = this.#reason || (code === 0 ? '' : `nmap ended with ${code}: ${this.#said.trim()}`);
    return { reason, packets: this.#packets, bytes: this.#bytes };
  }

  #take(event: TraceEvent): void {
    const { ip, ports, now, onRecord } = this.#run;
    const packets = event.kind === 'open' ? OPENING_PACKETS : Math.max(1, packetsOf(event.bytes));
    onRecord({ ...event, time: now(), transport: 'tcp', ip, packets, data: undefined });
    if (event.direction === 'received') return;
    this.#packets += packets;
    this.#bytes += event.bytes;
    if (this.#packets > NMAP_LIMITS.packets * ports.length || this.#bytes > NMAP_LIMITS.bytes * ports.length) {
      this.#end('nmap would have sent more than it may.');
      return;
    }
    this.#keepPace();
  }

  #keepPace(): void {
    const dueMs = (this.#packets / this.#run.packetsPerSecond) * MS_PER_SECOND;
    const aheadMs = dueMs - (this.#run.now() - this.#beganAt);
    if (aheadMs <= 0 || this.#reason !== '') return;
    this.#child.kill('SIGSTOP');
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#child.kill('SIGCONT'), aheadMs);
  }

  #end(reason: string): void {
    this.#reason ||= reason;
    clearTimeout(this.#pause);
    this.#child.kill('SIGKILL');
  }
}

async function findingsOf(
  xmlFile: string,
  { source, now }: NmapRun,
): Promise<Pick<NmapResult, 'outcome' | 'evidence' | 'software'>> {
  const reading = await readImport(createReadStream(xmlFile), 'nmap');
  // One host was asked, so there is one report.
  const [report] = reading.isRead ? reading.value.reports : [];
  if (report === undefined) return { outcome: 'silent', evidence: [], software: [] };
  const evidence = evidenceOf(report, source, now());
  return { outcome: evidence.length === 0 ? 'silent' : 'answered', evidence, software: report.software?.items ?? [] };
}

function evidenceOf({ evidence }: ImportedReport, source: string, time: number): HostEvidence[] {
  return evidence.map(({ attribute, value, protocol, port, transport }) => ({
    attribute,
    value,
    protocol: protocol || 'nmap',
    role: port === undefined ? 'self' : 'server',
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport }),
    firstSeen: time,
    lastSeen: time,
    count: 1,
    packet: { source, number: 1, time },
  }));
}
