import type { Migration, StateStore } from '@sphinx/platform';
import { KEPT_FILE_MIGRATIONS } from './files/kept-files.ts';
import { REMOTE_MIGRATIONS } from './remote/sensor-registry.ts';
import { Source } from './sources/source.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-source',
    sql: `
      CREATE SCHEMA IF NOT EXISTS traffic_monitoring;
      CREATE TABLE traffic_monitoring.source (
        id text PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY,
        source jsonb NOT NULL
      );`,
  },
  ...REMOTE_MIGRATIONS,
  ...KEPT_FILE_MIGRATIONS,
];

/** The list of traffic sources, as it survives a restart. */
export class SourceStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async list(): Promise<Source[]> {
    const rows = await this.#state.query<{ source: unknown }>(
      'SELECT source FROM traffic_monitoring.source ORDER BY position',
    );
    return rows.map((row) => Source.parse(row.source));
  }

  async save(source: Source): Promise<void> {
    await this.#state.query(
      `INSERT INTO traffic_monitoring.source (id, source) VALUES ($1, $2::jsonb)
       ON CONFLICT (id) DO UPDATE SET source = excluded.source`,
      [source.id, JSON.stringify(source)],
    );
  }

  async remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM traffic_monitoring.source WHERE id = $1', [id]);
  }
}
