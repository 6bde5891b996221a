import type { Migration, StateStore } from '@sphinx/platform';
import type { FilePosition, PositionStore } from './file-follower.ts';

export const FILE_MIGRATION: Migration = {
  id: '003-log-files',
  sql: `
    CREATE TABLE log_collection.file_position (
      file text PRIMARY KEY,
      path text NOT NULL,
      head text NOT NULL,
      head_bytes int NOT NULL,
      read_bytes bigint NOT NULL
    );`,
};

/** How far files were read, over restarts. */
export class FilePositions implements PositionStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async load(): Promise<readonly FilePosition[]> {
    const rows = await this.#state.query<FilePosition>(
      `SELECT path, file, head, head_bytes AS "headBytes", read_bytes AS "offset" FROM log_collection.file_position`,
    );
    return rows.map((row) => ({ ...row, offset: Number(row.offset) }));
  }

  async save(positions: readonly FilePosition[]): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const { file, path, head, headBytes, offset } of positions) {
        await sql.query(
          `INSERT INTO log_collection.file_position (file, path, head, head_bytes, read_bytes) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (file) DO UPDATE SET path = excluded.path, head = excluded.head,
             head_bytes = excluded.head_bytes, read_bytes = excluded.read_bytes`,
          [file, path, head, headBytes, offset],
        );
      }
    });
  }
}
