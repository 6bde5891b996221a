import type { StateStore } from '@sphinx/platform';
import type { Playbook } from '@sphinx/playbooks';

/** A playbook that people brought in. */
export interface BroughtPlaybook {
  readonly playbook: Playbook;
  readonly broughtBy: string;
  readonly broughtAt: number;
}

/** The table of playbooks that people brought in. Type `json`: the text stays as it came. */
export class PlaybookStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async all(): Promise<readonly BroughtPlaybook[]> {
    const rows = await this.#state.query<{ playbook: Playbook; brought_by: string; brought_at: number | string }>(
      'SELECT playbook, brought_by, brought_at FROM decision_support.playbook ORDER BY id',
    );
    return rows.map((row) => ({
      playbook: row.playbook,
      broughtBy: row.brought_by,
      broughtAt: Number(row.brought_at),
    }));
  }

  async save({ playbook, broughtBy, broughtAt }: BroughtPlaybook): Promise<void> {
    await this.#state.query(
      `INSERT INTO decision_support.playbook (id, playbook, brought_by, brought_at) VALUES ($1, $2::json, $3, $4)
       ON CONFLICT (id) DO UPDATE
         SET playbook = excluded.playbook, brought_by = excluded.brought_by, brought_at = excluded.brought_at`,
      [playbook.id, JSON.stringify(playbook), broughtBy, broughtAt],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM decision_support.playbook WHERE id = $1', [id]);
  }
}
