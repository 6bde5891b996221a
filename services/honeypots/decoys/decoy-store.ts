import type { StateStore } from '@sphinx/platform';
import type { Decoy } from './decoy.ts';

/** Decoys that people set up. */
export class DecoyStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async list(): Promise<readonly Decoy[]> {
    const rows = await this.#state.query<{ decoy: Decoy }>('SELECT decoy FROM honeypots.decoy ORDER BY id');
    return rows.map(({ decoy }) => decoy);
  }

  async save(decoy: Decoy): Promise<void> {
    await this.#state.query(
      `INSERT INTO honeypots.decoy (id, decoy) VALUES ($1, $2::jsonb) ON CONFLICT (id) DO UPDATE SET decoy = excluded.decoy`,
      [decoy.id, JSON.stringify(decoy)],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM honeypots.decoy WHERE id = $1', [id]);
  }
}
