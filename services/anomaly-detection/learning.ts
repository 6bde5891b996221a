import type { Logger } from '@sphinx/platform';
import { z } from 'zod';
import type { Anomaly } from './anomalies/anomaly.ts';
import type { BaselineLibrary } from './baselines/baseline-library.ts';
import type { BaselineStore } from './baselines/baseline-store.ts';
import type { FileEndings } from './detectors/file-endings.ts';

const INTERVAL_MS = 10_000;
/** Devices written at once: those of a large hospital are all written within some minutes of each hour. */
const DEVICES_AT_ONCE = 500;
const StoredEndings = z.array(z.tuple([z.string(), z.number(), z.array(z.string())]));

/** Keeps what is learnt over restarts. */
export class Learning {
  readonly #store: BaselineStore;
  readonly #library: BaselineLibrary;
  readonly #endings: FileEndings;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<boolean> = Promise.resolve(false);
  #savedEndings = '';

  constructor(parts: { store: BaselineStore; library: BaselineLibrary; endings: FileEndings; logger: Logger }) {
    this.#store = parts.store;
    this.#library = parts.library;
    this.#endings = parts.endings;
    this.#logger = parts.logger;
  }

  /** Takes up what was learnt before, and writes what is learnt from now on. */
  async open(): Promise<void> {
    this.#library.restore(await this.#store.load());
    const endings = StoredEndings.safeParse(await this.#store.notes('file-endings'));
    if (endings.success) this.#endings.restore(endings.data);
    this.#savedEndings = JSON.stringify(this.#endings.store());
    this.#timer = setInterval(() => void this.#save(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Somebody said that a habit is normal, or took that back. */
  setHabit({ habit, actor, assetId, lastSeen }: Anomaly, isNormal: boolean): void {
    if (habit === null) return;
    const device = this.#library.device(assetId ?? actor);
    if (device === undefined) return;
    device.baseline.habits.setKnown(habit, lastSeen, isNormal);
    device.isChanged = true;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saving;
    while (await this.#save());
  }

  /** @returns whether there was something to write */
  #save(): Promise<boolean> {
    this.#saving = this.#saving.then(async () => {
      const { rows, forgotten } = this.#library.takeChanges(DEVICES_AT_ONCE);
      const endings = JSON.stringify(this.#endings.store());
      try {
        await this.#store.save(rows, forgotten);
        if (endings !== this.#savedEndings) await this.#store.saveNotes('file-endings', JSON.parse(endings));
        this.#savedEndings = endings;
      } catch (error) {
        this.#logger.error('What is usual could not be written', { error: String(error) });
        return false;
      }
      return rows.length > 0;
    });
    return this.#saving;
  }
}
