import type { Migration, StateStore } from '@sphinx/platform';
import type { ArchiveHead } from './archive-entry.ts';
import type { HeadMemory } from './open-archive.ts';

export const ARCHIVE_MIGRATION: Migration = {
  id: '004-log-archive',
  sql: `
    CREATE TABLE log_collection.archive_head (
      folder text PRIMARY KEY,
      archive text NOT NULL,
      sequence bigint NOT NULL,
      hash text NOT NULL,
      signed_at bigint NOT NULL
    );`,
};

/** How far archives went, in the database: an archive that is cut in its folder is longer here. */
export class StoredHeads implements HeadMemory {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async get(folder: string): Promise<ArchiveHead | undefined> {
    const [row] = await this.#state.query<{ archive: string; sequence: string; hash: string; time: string }>(
      'SELECT archive, sequence, hash, signed_at AS "time" FROM log_collection.archive_head WHERE folder = $1',
      [folder],
    );
    return row === undefined ? undefined : { ...row, sequence: Number(row.sequence), time: Number(row.time) };
  }

  async set(folder: string, { archive, sequence, hash, time }: ArchiveHead): Promise<void> {
    await this.#state.query(
      `INSERT INTO log_collection.archive_head (folder, archive, sequence, hash, signed_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (folder) DO UPDATE SET
         archive = excluded.archive, sequence = excluded.sequence, hash = excluded.hash, signed_at = excluded.signed_at`,
      [folder, archive, sequence, hash, time],
    );
  }
}
