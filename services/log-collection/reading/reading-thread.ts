import { Worker } from 'node:worker_threads';
import type { LogFormat } from '@sphinx/logs';
import type { Logger } from '@sphinx/platform';
import type { SigmaFile, SigmaReport } from '@sphinx/rules';
import type { ReadingAnswer, ReadingKind, ReadingQuestion, ReadingTask, ReadingWork } from './reading-work.ts';

/** A question that ends the thread so often by itself is given up. */
const MAXIMUM_FAULTS = 2;
/** So many ends in a row, with nothing answered between them, are no fault of a question. */
const MAXIMUM_ENDS = 5;
/** A thread that answers nothing for so long hangs: rules of a large set are compiled in seconds. */
const PATIENCE_MS = 60_000;

/** What was asked ends the thread that answers: it is left out, or asked in smaller parts. */
export class ReadingFault extends Error {
  override readonly name = 'ReadingFault';
}

interface Asked {
  readonly question: ReadingQuestion;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  faults: number;
}

export interface ReadingThreadOptions extends ReadingTask {
  readonly logger: Logger;
  /** Told when the thread ends again and again. */
  readonly failed: (error: Error) => void;
  /** Of the thread; its own where absent. */
  readonly file?: URL;
}

/**
 * Reads logs and matches rules in a thread of its own. Where it ends by itself, another takes its place with the same formats and
 * rules and answers what was asked and not answered.
 */
export class ReadingThread {
  readonly #options: ReadingThreadOptions;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker;
  #number = 0;
  #formats: readonly LogFormat[] | undefined;
  #rules: readonly SigmaFile[] | undefined;
  #endsInARow = 0;
  #restarts = 0;
  #isClosed = false;
  #answeredAt = performance.now();
  readonly #watch: NodeJS.Timeout;

  constructor(options: ReadingThreadOptions) {
    this.#options = options;
    this.#worker = this.#start();
    this.#watch = setInterval(() => this.#endWhereItHangs(), PATIENCE_MS / 4);
    this.#watch.unref();
  }

  /** Threads that ended by themselves. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Reads with other formats from here on. */
  async useFormats(formats: readonly LogFormat[]): Promise<void> {
    await this.#ask('formats', formats);
    this.#formats = formats;
  }

  /** Matches with other rules from here on. @throws ReadingFault where they cannot be compiled */
  async useRules(files: readonly SigmaFile[]): Promise<SigmaReport> {
    const report = await this.#ask('rules', files);
    this.#rules = files;
    return report;
  }

  /** @returns what would become of rules. @throws ReadingFault where they cannot be compiled */
  checkRules(files: readonly SigmaFile[]): Promise<SigmaReport> {
    return this.#ask('check', files);
  }

  /** @throws ReadingFault where one of the records ends the thread */
  read(question: ReadingWork['read']['question']): Promise<ReadingWork['read']['answer']> {
    return this.#ask('read', question);
  }

  /** Ends time spans of rules that are over. @param nowMs milliseconds since 1970 */
  advance(nowMs: number): Promise<ReadingWork['advance']['answer']> {
    return this.#ask('advance', nowMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#watch);
    await this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(new ReadingFault('Logs are no longer read.'));
    this.#asked.clear();
  }

  #ask<Kind extends ReadingKind>(
    kind: Kind,
    question: ReadingWork[Kind]['question'],
  ): Promise<ReadingWork[Kind]['answer']> {
    if (this.#isClosed) return Promise.reject(new ReadingFault('Logs are no longer read.'));
    const number = this.#number++;
    if (this.#asked.size === 0) this.#answeredAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = { number, kind, question } as ReadingQuestion;
      this.#asked.set(number, { question: asked, resolve: resolve as Asked['resolve'], reject, faults: 0 });
      this.#worker.postMessage(asked);
    });
  }

  #start(): Worker {
    const { file, pipelines, media } = this.#options;
    const workerData: ReadingTask = { pipelines, media };
    const worker = new Worker(file ?? new URL('./reading-worker.ts', import.meta.url), { workerData });
    let isOver = false;
    const ended = (reason: string) => {
      if (isOver) return;
      isOver = true;
      this.#ended(reason);
    };
    worker.on('message', (answer: ReadingAnswer) => this.#answered(answer));
    worker.on('error', (error: Error) => ended(error.message));
    worker.on('exit', (code) => ended(`it ended with code ${code}`));
    return worker;
  }

  #answered(answer: ReadingAnswer): void {
    this.#endsInARow = 0;
    this.#answeredAt = performance.now();
    const asked = this.#asked.get(answer.number);
    if (asked === undefined) return;
    this.#asked.delete(answer.number);
    if ('error' in answer) asked.reject(new ReadingFault(answer.error));
    else asked.resolve(answer.answer as never);
  }

  /** Questions are answered in order: the oldest is what the thread was at. */
  #ended(reason: string): void {
    if (this.#isClosed) return;
    this.#restarts++;
    this.#endsInARow++;
    this.#options.logger.error('The thread that reads logs ended and is started again', { reason });
    const [oldest] = this.#asked.values();
    if (oldest !== undefined && ++oldest.faults >= MAXIMUM_FAULTS) {
      this.#asked.delete(oldest.question.number);
      oldest.reject(new ReadingFault(`The thread that reads logs ends with it: ${reason}.`));
    }
    if (this.#endsInARow >= MAXIMUM_ENDS) {
      void this.close();
      this.#options.failed(new Error(`The thread that reads logs ends again and again: ${reason}`));
      return;
    }
    this.#worker = this.#start();
    const setUp = (kind: 'formats' | 'rules', question: readonly LogFormat[] | readonly SigmaFile[] | undefined) => {
      if (question !== undefined) this.#worker.postMessage({ number: this.#number++, kind, question });
    };
    setUp('formats', this.#formats);
    setUp('rules', this.#rules);
    for (const { question } of this.#asked.values()) this.#worker.postMessage(question);
  }

  #endWhereItHangs(): void {
    if (this.#asked.size === 0 || performance.now() - this.#answeredAt < PATIENCE_MS) return;
    this.#answeredAt = performance.now();
    void this.#worker.terminate();
  }
}
