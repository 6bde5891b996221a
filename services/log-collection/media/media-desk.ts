import type { Bus } from '@sphinx/platform';
import { createFact, deterministicId, type MediaUse } from '@sphinx/schema';
import type { MediaSighting } from './media-watch.ts';

/** What an event told, with where it is kept. */
export interface SeenMedium extends MediaSighting {
  readonly logId: string;
}

/** So long the same use is gathered before it is told: copying a folder is one use, not a thousand. */
const GATHERING_MS = 5000;
/** Uses that are gathered at once. */
const MAXIMUM_USES = 5000;
/** Files that were told of lately; several events tell of each. */
const MAXIMUM_FILES = 50_000;
const MAXIMUM_RULES = 50;

interface Gathered {
  readonly use: MediaUse;
  readonly since: number;
}

/** Gathers what logs tell of removable media and tells it as facts, in numbers. */
export class MediaDesk {
  readonly #bus: Bus;
  readonly #now: () => number;
  readonly #source: string;
  readonly #gathered = new Map<string, Gathered>();
  readonly #files = new Set<string>();

  constructor(parts: { bus: Bus; now: () => number; source: string }) {
    this.#bus = parts.bus;
    this.#now = parts.now;
    this.#source = parts.source;
  }

  take(seen: SeenMedium): void {
    const { host, user, action, medium, drive } = seen;
    const key = JSON.stringify([host.toLowerCase(), user.toLowerCase(), action, medium, drive]);
    const known = this.#gathered.get(key);
    if (known === undefined && this.#gathered.size >= MAXIMUM_USES) return;
    const { use, since } = known ?? { use: begin(seen), since: this.#now() };
    const isNewFile = seen.file !== '' && this.#isNew(`${action} ${seen.file}`);
    const fileKinds = isNewFile
      ? { ...use.fileKinds, [seen.fileKind]: (use.fileKinds[seen.fileKind] ?? 0) + 1 }
      : use.fileKinds;
    this.#gathered.set(key, {
      since,
      use: {
        ...use,
        files: use.files + (isNewFile ? 1 : 0),
        fileKinds,
        bytes: use.bytes + (seen.file === '' || isNewFile ? seen.bytes : 0),
        patients: use.patients + seen.patients,
        events: use.events + 1,
        firstSeen: Math.min(use.firstSeen, timeOf(seen)),
        lastSeen: Math.max(use.lastSeen, timeOf(seen)),
        told: use.told.includes(seen.rule) ? use.told : [...use.told, seen.rule].slice(0, MAXIMUM_RULES),
      },
    });
  }

  /** Tells what was gathered long enough. @param isEnd tells all of it. @returns how many uses were told */
  async tell(isEnd = false): Promise<number> {
    const now = this.#now();
    const told: MediaUse[] = [];
    for (const [key, { use, since }] of this.#gathered) {
      if (!isEnd && now - since < GATHERING_MS) continue;
      this.#gathered.delete(key);
      // More of a file that was told already is no news.
      if (use.files > 0 || use.bytes > 0 || !isAboutFiles(use)) told.push(use);
    }
    if (told.length === 0) return 0;
    await this.#bus.publish(
      told.map((data) =>
        createFact('media.used', { key: data.host.toLowerCase(), time: data.lastSeen, source: this.#source, data }),
      ),
    );
    return told.length;
  }

  #isNew(file: string): boolean {
    if (this.#files.has(file)) return false;
    this.#files.add(file);
    if (this.#files.size > MAXIMUM_FILES) {
      const [oldest] = this.#files;
      if (oldest !== undefined) this.#files.delete(oldest);
    }
    return true;
  }
}

function isAboutFiles({ action }: MediaUse): boolean {
  return action === 'written' || action === 'read' || action === 'deleted' || action === 'run';
}

function begin({ rule, host, hostIp, user, action, medium, drive, logId, ...seen }: SeenMedium): MediaUse {
  const time = timeOf(seen);
  return {
    id: deterministicId('mdu', logId, action),
    ...{ host, hostIp, user, action, medium, drive, logId },
    ...{ files: 0, fileKinds: {}, bytes: 0, patients: 0, events: 0, firstSeen: time, lastSeen: time, told: [rule] },
  };
}

function timeOf({ timeMs }: { readonly timeMs: number }): number {
  return Math.max(0, Math.trunc(timeMs));
}
