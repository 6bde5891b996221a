import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError, type StateStore } from '@sphinx/platform';
import { type Playbook, readPlaybook } from '@sphinx/playbooks';
import type { Fact } from '@sphinx/schema';

/** Playbooks that can be carried out. */
export class PlaybookBook {
  readonly #playbooks: Map<string, Playbook>;

  readonly #delivered: ReadonlyMap<string, Playbook>;
  readonly #state: StateStore;

  /** @param delivered those that SPHINX brings */
  constructor(delivered: readonly Playbook[], state: StateStore) {
    this.#delivered = new Map(delivered.map((playbook) => [playbook.id, playbook]));
    this.#playbooks = new Map(this.#delivered);
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ playbook: string }>('SELECT playbook FROM response_recovery.playbook');
    for (const row of rows) this.#put(row.playbook);
  }

  /** Takes what is told of playbooks that the hospital keeps itself: they come before those that SPHINX brings. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'playbook.kept') {
      await this.#state.query(
        `INSERT INTO response_recovery.playbook (id, playbook) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET playbook = excluded.playbook`,
        [fact.data.playbookId, fact.data.text],
      );
      this.#put(fact.data.text);
    } else if (fact.type === 'playbook.removed') {
      const { playbookId } = fact.data;
      await this.#state.query('DELETE FROM response_recovery.playbook WHERE id = $1', [playbookId]);
      const delivered = this.#delivered.get(playbookId);
      if (delivered === undefined) this.#playbooks.delete(playbookId);
      else this.#playbooks.set(playbookId, delivered);
    }
  }

  #put(text: string): void {
    const { playbook } = readPlaybook(text);
    if (playbook !== undefined) this.#playbooks.set(playbook.id, playbook);
  }

  /** @param name id, or its name as people read it @throws SphinxError SPX_NOT_FOUND */
  find(name: string): Playbook {
    const lower = name.toLowerCase();
    const found =
      this.#playbooks.get(name) ?? [...this.#playbooks.values()].find((each) => each.name.toLowerCase() === lower);
    if (found !== undefined) return found;
    throw new SphinxError('SPX_NOT_FOUND', `There is no playbook "${name}". "sphinx playbooks" lists them.`);
  }

  /** Those that a playbook calls, and those that these call. */
  calledBy(playbook: Playbook): Readonly<Record<string, Playbook>> {
    const found = new Map<string, Playbook>();
    const waiting = [playbook];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const { playbook_id } of Object.values(next.workflow)) {
        const called = playbook_id === undefined ? undefined : this.#playbooks.get(playbook_id);
        if (called === undefined || found.has(called.id)) continue;
        found.set(called.id, called);
        waiting.push(called);
      }
    }
    return Object.fromEntries(found);
  }
}

/** The playbooks of `knowledge/playbooks`; those with an error are left out: decision support tells of them. */
export async function loadPlaybooks(knowledgeFolder: string): Promise<readonly Playbook[]> {
  const folder = join(knowledgeFolder, 'playbooks');
  const playbooks: Playbook[] = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json')).sort()) {
    const { playbook } = readPlaybook(await readFile(join(folder, name), 'utf8'));
    if (playbook !== undefined) playbooks.push(playbook);
  }
  return playbooks;
}
