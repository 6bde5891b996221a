import { type Clock, SphinxError } from '@sphinx/platform';
import { type ClinicalResponse, type Playbook, type Problem, readPlaybook, responseOf } from '@sphinx/playbooks';
import { problemLines } from './delivered.ts';
import type { PlaybookStore } from './playbook-store.ts';

/** The hospital's own come before those that SPHINX brings. */
export type PlaybookOrigin = 'sphinx' | 'hospital';

/** A playbook in use. */
export interface LibraryPlaybook {
  readonly playbook: Playbook;
  /** Undefined where it says nothing of triggers and effects: it is never proposed by itself. */
  readonly response: ClinicalResponse | undefined;
  readonly origin: PlaybookOrigin;
  /** Whether one that SPHINX brings has the same id and comes back when this is removed. */
  readonly isReplacing: boolean;
  readonly broughtBy: string | null;
  readonly broughtAt: number | null;
}

/** Playbooks in use, at hand in memory: those that SPHINX brings and those that people brought in. */
export class PlaybookLibrary {
  readonly #delivered: ReadonlyMap<string, Playbook>;
  readonly #store: PlaybookStore;
  readonly #clock: Clock;
  readonly #playbooks = new Map<string, LibraryPlaybook>();

  constructor(parts: { delivered: readonly Playbook[]; store: PlaybookStore; clock: Clock }) {
    this.#delivered = new Map(parts.delivered.map((playbook) => [playbook.id, playbook]));
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  async open(): Promise<void> {
    this.#playbooks.clear();
    for (const playbook of this.#delivered.values()) this.#putDelivered(playbook);
    for (const { playbook, broughtBy, broughtAt } of await this.#store.all())
      this.#putBrought(playbook, broughtBy, broughtAt);
  }

  /** Most urgent first: CACAO's priority 1 is the highest, 0 and none come last. */
  list(): readonly LibraryPlaybook[] {
    const rank = ({ playbook: { priority = 0 } }: LibraryPlaybook) => (priority === 0 ? 101 : priority);
    return [...this.#playbooks.values()].toSorted(
      (a, b) => rank(a) - rank(b) || a.playbook.name.localeCompare(b.playbook.name, 'en'),
    );
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  get(id: string): LibraryPlaybook {
    const found = this.#playbooks.get(id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no playbook ${id}.`);
    return found;
  }

  /**
   * Takes a playbook in, or another version of one that is there.
   *
   * @returns the playbook and what looks odd in it
   * @throws SphinxError SPX_INVALID_INPUT that names every error; SPX_CONFLICT when a newer version is there
   */
  async bring(text: string, by: string): Promise<{ item: LibraryPlaybook; problems: readonly Problem[] }> {
    const { playbook, problems } = readPlaybook(text);
    if (playbook === undefined) {
      const errors = problemLines(problems.filter(({ level }) => level === 'error'));
      throw new SphinxError('SPX_INVALID_INPUT', `It was not taken in.\n${errors.join('\n')}`);
    }
    const known = this.#playbooks.get(playbook.id);
    if (known?.origin === 'hospital' && Date.parse(known.playbook.modified) > Date.parse(playbook.modified)) {
      const message = `A newer version is there, modified ${known.playbook.modified}. Remove that first to go back.`;
      throw new SphinxError('SPX_CONFLICT', message);
    }
    const broughtAt = this.#clock.now();
    await this.#store.save({ playbook, broughtBy: by, broughtAt });
    return { item: this.#putBrought(playbook, by, broughtAt), problems };
  }

  /**
   * Removes what people brought in; where SPHINX brings one with that id, it is in use again.
   *
   * @throws SphinxError SPX_NOT_FOUND; SPX_CONFLICT for one that SPHINX brings
   */
  async remove(id: string): Promise<void> {
    if (this.get(id).origin === 'sphinx') {
      const message = 'SPHINX brings this playbook. Import a version of your own with the same id to replace it.';
      throw new SphinxError('SPX_CONFLICT', message);
    }
    await this.#store.remove(id);
    this.#playbooks.delete(id);
    const delivered = this.#delivered.get(id);
    if (delivered !== undefined) this.#putDelivered(delivered);
  }

  #putDelivered(playbook: Playbook): void {
    const response = responseOf(playbook);
    const item = {
      playbook,
      response,
      origin: 'sphinx',
      isReplacing: false,
      broughtBy: null,
      broughtAt: null,
    } as const;
    this.#playbooks.set(playbook.id, item);
  }

  #putBrought(playbook: Playbook, broughtBy: string, broughtAt: number): LibraryPlaybook {
    const isReplacing = this.#delivered.has(playbook.id);
    const item = {
      playbook,
      response: responseOf(playbook),
      origin: 'hospital',
      isReplacing,
      broughtBy,
      broughtAt,
    } as const;
    this.#playbooks.set(playbook.id, item);
    return item;
  }
}
