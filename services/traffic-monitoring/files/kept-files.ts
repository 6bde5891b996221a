import { buffer } from 'node:stream/consumers';
import { type BlobStore, type Migration, type Secrets, SphinxError, type StateStore } from '@sphinx/platform';
import { contentKey, seal, unseal } from '../sealing.ts';

const KEY_NAME = 'kept-files';
const MS_PER_DAY = 86_400_000;
const BYTES_PER_MEGABYTE = 1_000_000;

export const KEPT_FILE_MIGRATIONS: readonly Migration[] = [
  {
    id: '004-kept-file',
    sql: `
      CREATE TABLE traffic_monitoring.kept_file (
        id text PRIMARY KEY,
        source text NOT NULL,
        blob text NOT NULL,
        bytes bigint NOT NULL,
        kept_at bigint NOT NULL
      );`,
  },
];

/** Content that is kept of one file. */
export interface KeptContent {
  readonly bytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly keptAt: number;
}

/** Content of files that policy keeps: encrypted, for a time, up to a size in all. */
export class KeptFiles {
  readonly #state: StateStore;
  readonly #blobs: BlobStore;
  readonly #secrets: Secrets;

  constructor(parts: { readonly state: StateStore; readonly blobs: BlobStore; readonly secrets: Secrets }) {
    this.#state = parts.state;
    this.#blobs = parts.blobs;
    this.#secrets = parts.secrets;
  }

  async keep(id: string, source: string, content: Uint8Array, now: number): Promise<void> {
    if ((await this.#blobOf(id)) !== undefined) return;
    const { sha256 } = await this.#blobs.put(seal(await this.#key(), content));
    await this.#state.query(
      `INSERT INTO traffic_monitoring.kept_file (id, source, blob, bytes, kept_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO NOTHING`,
      [id, source, sha256, content.length, now],
    );
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async read(id: string): Promise<Buffer> {
    const blob = await this.#blobOf(id);
    if (blob === undefined) throw new SphinxError('SPX_NOT_FOUND', `The content of the file ${id} is not kept.`);
    return unseal(await this.#key(), await buffer(await this.#blobs.open(blob)));
  }

  /** @returns of these files those whose content is kept, with the time since when and the size */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, KeptContent>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#state.query<{ id: string; bytes: number; kept_at: number }>(
      `SELECT id, bytes::float8 AS bytes, kept_at::float8 AS kept_at FROM traffic_monitoring.kept_file
       WHERE id = ANY($1::text[])`,
      [ids],
    );
    return new Map(rows.map(({ id, bytes, kept_at: keptAt }) => [id, { bytes, keptAt }]));
  }

  async total(): Promise<{ readonly files: number; readonly bytes: number }> {
    const [row] = await this.#state.query<{ files: number; bytes: number }>(
      `SELECT count(*)::float8 AS files, coalesce(sum(bytes), 0)::float8 AS bytes FROM traffic_monitoring.kept_file`,
    );
    return row ?? { files: 0, bytes: 0 };
  }

  /** Removes what is older than so many days, then the oldest until no more than so many megabytes are left. */
  async prune(now: number, limits: { readonly days: number; readonly megabytes: number }): Promise<void> {
    const files = await this.#state.query<{ id: string; blob: string; bytes: number; kept_at: number }>(
      `SELECT id, blob, bytes::float8 AS bytes, kept_at::float8 AS kept_at FROM traffic_monitoring.kept_file
       ORDER BY kept_at DESC, id`,
    );
    let total = 0;
    for (const { id, blob, bytes, kept_at } of files) {
      total += bytes;
      const isOver = now - kept_at > limits.days * MS_PER_DAY || total > limits.megabytes * BYTES_PER_MEGABYTE;
      if (isOver) await this.#remove(id, blob);
    }
  }

  async removeSource(source: string): Promise<void> {
    const files = await this.#state.query<{ id: string; blob: string }>(
      'SELECT id, blob FROM traffic_monitoring.kept_file WHERE source = $1',
      [source],
    );
    for (const { id, blob } of files) await this.#remove(id, blob);
  }

  async #remove(id: string, blob: string): Promise<void> {
    // Every file is sealed with a nonce of its own: no other has the same blob.
    await this.#blobs.remove(blob);
    await this.#state.query('DELETE FROM traffic_monitoring.kept_file WHERE id = $1', [id]);
  }

  async #blobOf(id: string): Promise<string | undefined> {
    const [row] = await this.#state.query<{ blob: string }>(
      'SELECT blob FROM traffic_monitoring.kept_file WHERE id = $1',
      [id],
    );
    return row?.blob;
  }

  #key(): Promise<Uint8Array> {
    return contentKey(this.#secrets, KEY_NAME);
  }
}
