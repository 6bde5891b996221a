import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cable } from './cable.ts';

const PROGRAM = fileURLToPath(new URL('apart-program.ts', import.meta.url));

interface Message {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** The whole program at the end of a cable where whoever asks stands. */
export class ProgramApart {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: Message) => {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
    child.on('exit', () => {
      for (const [id, take] of this.#waiting) take({ id, error: 'The program has ended.' });
    });
  }

  static async start(cable: Cable, environment: Readonly<Record<string, string>> = {}): Promise<ProgramApart> {
    const [command, parameters] = cable.onAsker(process.execPath, PROGRAM);
    const child = spawn(command, parameters, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...environment },
    });
    const program = new ProgramApart(child);
    await program.#answer(0);
    return program;
  }

  /** Asks its API. @throws Error when the answer is not a success */
  async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    this.#asked += 1;
    const answer = this.#answer(this.#asked);
    this.#child.send({ id: this.#asked, method, path, ...(body === undefined ? {} : { body }) });
    return (await answer) as Answer;
  }

  /** @param zone as the environment variable TZ has it */
  async setTimeZone(zone: string): Promise<void> {
    this.#asked += 1;
    const answer = this.#answer(this.#asked);
    this.#child.send({ id: this.#asked, zone });
    await answer;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.disconnect();
    await ended;
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ answer, error }) => (error === undefined ? resolve(answer) : reject(new Error(error))));
    });
  }
}
