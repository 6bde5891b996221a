import { Worker } from 'node:worker_threads';
import type { RejectedSource, YaraMatch, YaraSource } from './yara-rules.ts';

export interface ScanRequest {
  readonly id: number;
  readonly content: Uint8Array;
}

export type ScanAnswer =
  | { readonly kind: 'ready'; readonly rejected: readonly RejectedSource[] }
  | { readonly kind: 'scanned'; readonly id: number; readonly matches: readonly YaraMatch[] | undefined };

/** Files whose outcome is remembered: the same file crosses a network many times. */
const MAXIMUM_REMEMBERED = 20_000;
/** Content that may wait in memory; what comes beyond is not scanned, where nobody can wait. */
const MAXIMUM_WAITING_BYTES = 64 * 1024 * 1024;

/** Scans files with YARA rules in a thread of its own, one after the other. */
export class FileScanner {
  readonly ready: Promise<readonly RejectedSource[]>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (matches: readonly YaraMatch[] | undefined) => void>();
  readonly #known = new Map<string, readonly YaraMatch[]>();
  #waitingBytes = 0;
  #next = 0;
  scanned = 0;
  /** Files that were not scanned: there was no room to wait, or they took too long. */
  unscanned = 0;

  /** @param failed told when the thread ends by itself */
  constructor(sources: readonly YaraSource[], failed: (error: Error) => void) {
    this.#worker = new Worker(new URL('./scanner-worker.ts', import.meta.url), { workerData: sources });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (answer: ScanAnswer) => {
        if (answer.kind === 'ready') resolve(answer.rejected);
        else this.#answered(answer.id, answer.matches);
      });
      this.#worker.on('error', (error: Error) => {
        reject(error);
        this.#giveUp();
        failed(error);
      });
    });
  }

  /**
   * @param sha256 of the whole file
   * @param mayWait the caller waits for the outcome, and so nothing piles up
   * @returns rules that match; undefined where it was not scanned
   */
  async scan(sha256: string, content: Uint8Array, mayWait: boolean): Promise<readonly YaraMatch[] | undefined> {
    const known = this.#known.get(sha256);
    if (known !== undefined) return known;
    if (!mayWait && this.#waitingBytes + content.length > MAXIMUM_WAITING_BYTES) {
      this.unscanned += 1;
      return undefined;
    }
    const id = this.#next++;
    this.#waitingBytes += content.length;
    const matches = await new Promise<readonly YaraMatch[] | undefined>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, content } satisfies ScanRequest);
    });
    this.#waitingBytes -= content.length;
    if (matches === undefined) this.unscanned += 1;
    else this.#remember(sha256, matches);
    return matches;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#giveUp();
  }

  #answered(id: number, matches: readonly YaraMatch[] | undefined): void {
    this.scanned += 1;
    this.#waiting.get(id)?.(matches);
    this.#waiting.delete(id);
  }

  #giveUp(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #remember(sha256: string, matches: readonly YaraMatch[]): void {
    this.#known.set(sha256, matches);
    if (this.#known.size <= MAXIMUM_REMEMBERED) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
