import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@sphinx/platform';
import type { DecoyLimits, DecoyTask, FromProcess, ListenerState, Needle, ToProcess } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('./decoy-process.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FIRST_PATIENCE_MS = 500;
const LONGEST_PATIENCE_MS = 60_000;
const OPENING_PATIENCE_MS = 15_000;
/** Of its heap, in megabytes: sessions and samples are bounded far below it. */
const HEAP_MB = 384;

/**
 * Runs the process of the decoys and starts it again when it ends. It may read the program's files; it may write no file, start
 * no program and no thread and load no add-on (https://nodejs.org/api/permissions.html), and its environment is empty.
 */
export class DecoyProcessHost {
  readonly #take: (message: FromProcess) => void;
  readonly #logger: Logger;
  readonly #limits: DecoyLimits;
  readonly #decoys = new Map<string, DecoyTask>();
  readonly #opening = new Map<string, (listeners: readonly ListenerState[]) => void>();
  #needles: readonly Needle[] = [];
  #child: ChildProcess | undefined;
  #isReady = false;
  #isStopped = false;
  #patienceMs = FIRST_PATIENCE_MS;
  #timer: NodeJS.Timeout | undefined;
  restarts = 0;

  constructor(dependencies: { take: (message: FromProcess) => void; logger: Logger; limits: DecoyLimits }) {
    this.#take = dependencies.take;
    this.#logger = dependencies.logger;
    this.#limits = dependencies.limits;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @returns where it listens, and where not and why */
  async open(decoy: DecoyTask): Promise<readonly ListenerState[]> {
    this.#decoys.set(decoy.id, decoy);
    const { promise, resolve } = Promise.withResolvers<readonly ListenerState[]>();
    this.#opening.set(decoy.id, resolve);
    if (this.#child === undefined) this.#start();
    else if (this.#isReady) this.#send({ kind: 'open', decoy, limits: this.#limits });
    const timer = setTimeout(() => resolve([]), OPENING_PATIENCE_MS);
    const listeners = await promise;
    clearTimeout(timer);
    return listeners;
  }

  close(decoy: string): void {
    this.#decoys.delete(decoy);
    this.#send({ kind: 'close', decoy });
    if (this.#decoys.size === 0) this.#end();
  }

  setNeedles(needles: readonly Needle[]): void {
    this.#needles = needles;
    this.#send({ kind: 'needles', needles });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#end();
  }

  #start(): void {
    const child = fork(PROGRAM, [], {
      execArgv: [
        '--permission',
        `--allow-fs-read=${ROOT}`,
        '--disallow-code-generation-from-strings',
        `--max-old-space-size=${HEAP_MB}`,
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'advanced',
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (message: FromProcess) => this.#told(message));
    child.on('error', (error) =>
      this.#logger.error('The process of the decoys met an error', { error: error.message }),
    );
    child.on('exit', (code) => this.#exited(child, code));
  }

  #told(message: FromProcess): void {
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.#send({ kind: 'needles', needles: this.#needles });
      for (const decoy of this.#decoys.values()) this.#send({ kind: 'open', decoy, limits: this.#limits });
      return;
    }
    if (message.kind === 'opened') {
      this.#patienceMs = FIRST_PATIENCE_MS;
      this.#opening.get(message.decoy)?.(message.listeners);
      this.#opening.delete(message.decoy);
    }
    this.#take(message);
  }

  #exited(child: ChildProcess, code: number | null): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#isReady = false;
    if (this.#isStopped || this.#decoys.size === 0) return;
    this.restarts += 1;
    this.#logger.warn('The process of the decoys has ended and is started again', { code, waitMs: this.#patienceMs });
    this.#timer = setTimeout(() => this.#start(), this.#patienceMs);
    this.#patienceMs = Math.min(this.#patienceMs * 2, LONGEST_PATIENCE_MS);
  }

  #end(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#isReady = false;
    child?.disconnect();
    child?.kill();
  }

  #send(message: ToProcess): void {
    if (this.#isReady && this.#child?.connected === true) this.#child.send(message);
  }
}
