import type { StateStore } from '@sphinx/platform';
import type { Honeytoken } from './token.ts';

/** Planted values and their uses. */
export class TokenStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async list(): Promise<readonly Honeytoken[]> {
    const rows = await this.#state.query<{ token: Honeytoken }>(
      'SELECT token FROM honeypots.token ORDER BY created_at DESC, id',
    );
    return rows.map(({ token }) => token);
  }

  async save(token: Honeytoken): Promise<void> {
    await this.#state.query(
      `INSERT INTO honeypots.token (id, created_at, token) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (id) DO UPDATE SET token = excluded.token`,
      [token.id, token.createdAt, JSON.stringify(token)],
    );
  }
}
