import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock, StateStore } from '@sphinx/platform';

/** Everything is stopped: since when, by whom and why. */
export interface Stop {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  /** Stopped by the file: it has to be removed before anything goes on. */
  readonly isByFile: boolean;
}

/** Stops every run at once, also without the program: by a file that anybody on the machine can make. */
export class KillSwitch {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #file: string;
  #stop: Stop | null = null;

  /** @param file path whose existence stops everything */
  constructor(state: StateStore, clock: Clock, file: string) {
    this.#state = state;
    this.#clock = clock;
    this.#file = file;
  }

  get file(): string {
    return this.#file;
  }

  async open(): Promise<void> {
    const [row] = await this.#state.query<{ stop: Stop }>('SELECT stop FROM response_recovery.stop');
    this.#stop = row?.stop ?? null;
    await this.look();
  }

  /** @returns why nothing may be done at this moment; null: it may. Looks at the file each time. */
  get stop(): Stop | null {
    if (this.#stop !== null) return this.#stop;
    if (!existsSync(this.#file)) return null;
    return { at: this.#clock.now(), by: 'the stop file', reason: `${this.#file} is there`, isByFile: true };
  }

  /** Notes a stop by the file. @returns whether it was noted just now */
  async look(): Promise<boolean> {
    if (this.#stop !== null || !existsSync(this.#file)) return false;
    const text = (await readFile(this.#file, 'utf8').catch(() => '')).trim().slice(0, 500);
    await this.#save({
      at: this.#clock.now(),
      by: 'the stop file',
      reason: text || `${this.#file} is there`,
      isByFile: true,
    });
    return true;
  }

  async pull(by: string, reason: string): Promise<Stop> {
    return this.#save({ at: this.#clock.now(), by, reason, isByFile: false });
  }

  /** @returns in words why it can't be released; null: it is */
  async release(): Promise<string | null> {
    if (existsSync(this.#file)) return `The stop file is still there: remove ${this.#file} first.`;
    await this.#state.query('DELETE FROM response_recovery.stop');
    this.#stop = null;
    return null;
  }

  async #save(stop: Stop): Promise<Stop> {
    await this.#state.query(
      `INSERT INTO response_recovery.stop (stop) VALUES ($1::jsonb) ON CONFLICT (only_one) DO UPDATE SET stop = excluded.stop`,
      [JSON.stringify(stop)],
    );
    this.#stop = stop;
    return stop;
  }
}
