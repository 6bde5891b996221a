import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packFrame, unpackFrame } from './frames.ts';
import { RemoteBatch } from './remote-batch.ts';

const STATE_FILE = 'state.json';
const BATCH_FILE = /^(\d{12})\.batch$/;

/** Files whose end is remembered. */
const MAXIMUM_RUNS = 20_000;

const RunState = z.object({ index: z.int(), isEnded: z.boolean() });
const State = z.object({
  spool: z.string(),
  accepted: z.int().nonnegative(),
  /** What of each run has left already: a file that is read again after a crash goes on behind it. */
  runs: z.record(z.string(), RunState),
});
type State = z.infer<typeof State>;

/**
 * Batches on disk until the centre has them. A batch that `add` has taken survives `kill -9`; its number never changes, so
 * that the centre can tell what it has already.
 */
export class Spool {
  readonly #folder: string;
  readonly #maximumBytes: number;
  readonly #sizes: Map<number, number>;
  readonly #runs: Map<string, z.infer<typeof RunState>>;
  #state: State;
  #next: number;
  #bytes = 0;
  #adding: Promise<unknown> = Promise.resolve();
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  private constructor(folder: string, maximumBytes: number, state: State, sizes: Map<number, number>) {
    this.#folder = folder;
    this.#maximumBytes = maximumBytes;
    this.#state = state;
    this.#sizes = sizes;
    this.#runs = new Map(Object.entries(state.runs));
    this.#next = Math.max(state.accepted, ...sizes.keys()) + 1;
    for (const size of sizes.values()) this.#bytes += size;
  }

  /** @param maximumBytes on disk; when they are used, sensors wait and their kernels count what they lose */
  static async open(folder: string, maximumBytes: number): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const text = await readFile(join(folder, STATE_FILE), 'utf8').catch(() => undefined);
    const fresh = { spool: randomUUID(), accepted: 0, runs: {} };
    const state = text === undefined ? fresh : State.parse(JSON.parse(text));
    if (text === undefined) await writeDurably(join(folder, STATE_FILE), Buffer.from(JSON.stringify(state)));
    const sizes = new Map<number, number>();
    for (const name of (await readdir(folder)).sort()) {
      const sequence = Number(BATCH_FILE.exec(name)?.[1] ?? 0);
      // What the centre has already was about to be deleted; a file without its name was never whole.
      if (sequence <= state.accepted) {
        if (name !== STATE_FILE) await rm(join(folder, name), { force: true });
      } else sizes.set(sequence, (await stat(join(folder, name))).size);
    }
    const spool = new Spool(folder, maximumBytes, state, sizes);
    for (const sequence of sizes.keys()) spool.#noteRun(await spool.#read(sequence));
    return spool;
  }

  /** Names this numbering: a new disk is a new one. */
  get id(): string {
    return this.#state.spool;
  }

  get waiting(): { readonly batches: number; readonly bytes: number } {
    return { batches: this.#sizes.size, bytes: this.#bytes };
  }

  /** @returns last batch of a run that is safe already; -1 for none */
  progressOf(run: string): z.infer<typeof RunState> {
    return this.#runs.get(run) ?? { index: -1, isEnded: false };
  }

  /** Resolves when the batch is on disk. Waits while there is no room. */
  add(batch: RemoteBatch): Promise<void> {
    const added = this.#adding.then(() => this.#write(batch));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async #write(batch: RemoteBatch): Promise<void> {
    const packed = packFrame(batch);
    while (this.#bytes + packed.length > this.#maximumBytes && this.#sizes.size > 0) {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
    const sequence = this.#next;
    await writeDurably(this.#path(sequence), packed);
    this.#next += 1;
    this.#sizes.set(sequence, packed.length);
    this.#bytes += packed.length;
    this.#noteRun(batch);
    this.#wakeReader?.();
  }

  /** The batch behind `sequence`; waits for one. @returns undefined when `signal` aborts */
  async after(
    sequence: number,
    signal: AbortSignal,
  ): Promise<{ readonly sequence: number; readonly batch: RemoteBatch } | undefined> {
    while (!signal.aborted) {
      const next = [...this.#sizes.keys()].find((candidate) => candidate > sequence);
      if (next !== undefined) return { sequence: next, batch: await this.#read(next) };
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return undefined;
  }

  /** The centre has everything up to `sequence`. */
  async accept(sequence: number): Promise<void> {
    if (sequence <= this.#state.accepted) return;
    this.#state = { ...this.#state, accepted: sequence, runs: Object.fromEntries(this.#runs) };
    await writeDurably(join(this.#folder, STATE_FILE), Buffer.from(JSON.stringify(this.#state)));
    for (const [known, size] of [...this.#sizes]) {
      if (known > sequence) continue;
      this.#sizes.delete(known);
      this.#bytes -= size;
      await rm(this.#path(known), { force: true });
    }
    for (const wake of this.#wakeWriters.splice(0)) wake();
  }

  #noteRun({ source, index, end }: RemoteBatch): void {
    this.#runs.delete(source.run);
    this.#runs.set(source.run, { index, isEnded: end !== undefined });
    const oldest = this.#runs.size > MAXIMUM_RUNS ? this.#runs.keys().next() : undefined;
    if (oldest?.done === false) this.#runs.delete(oldest.value);
  }

  async #read(sequence: number): Promise<RemoteBatch> {
    return RemoteBatch.parse(unpackFrame(await readFile(this.#path(sequence))));
  }

  #path(sequence: number): string {
    return join(this.#folder, `${String(sequence).padStart(12, '0')}.batch`);
  }
}

/** The name stands for whole content only: written aside, forced to disk, then named. */
export async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const aside = `${path}.new`;
  const file = await open(aside, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
