import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { applyMigrations } from '../migrate.ts';
import type { Migration, SqlExecutor, SqlValue, StateStore } from '../state-store.ts';
import { createEmptyDatabase } from './empty-database.ts';
import { lockFolder } from './folder-lock.ts';

/**
 * PostgreSQL inside the process, one connection: statements queue up, transactions are serial.
 *
 * @param options.folder where the database lives; in memory when absent
 * @param options.cacheFolder where a copy of an empty database is kept; the user's cache folder when absent
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE when another process has it open
 */
export async function openPgliteStateStore(options: { folder?: string; cacheFolder?: string }): Promise<StateStore> {
  const { folder } = options;
  if (folder === undefined) return new PgliteStateStore(await createEmptyDatabase(options), async () => {});
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(join(folder, 'lock'));
  try {
    return new PgliteStateStore(await openFolder(folder, options.cacheFolder), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** A new database gets its name when it is complete: a process killed while making it leaves nothing that looks like one. */
async function openFolder(folder: string, cacheFolder: string | undefined): Promise<PGlite> {
  const database = join(folder, 'database');
  const unfinished = join(folder, 'database.unfinished');
  const exists = await access(database).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await rm(unfinished, { recursive: true, force: true });
    const created = await createEmptyDatabase({
      folder: unfinished,
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
    });
    await created.close();
    await rename(unfinished, database);
  }
  return PGlite.create({ dataDir: database });
}

class PgliteStateStore implements StateStore {
  readonly #database: PGlite;
  readonly #unlock: () => Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(database: PGlite, unlock: () => Promise<void>) {
    this.#database = database;
    this.#unlock = unlock;
  }

  query<Row extends object>(statement: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return run(this.#database, statement, values);
  }

  async transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
    return this.#database.transaction((transaction) =>
      work({ query: (statement, values = []) => run(transaction, statement, values) }),
    );
  }

  async migrate(owner: string, migrations: readonly Migration[]): Promise<void> {
    await applyMigrations(this, (script) => this.#database.exec(script).then(() => undefined), owner, migrations);
  }

  close(): Promise<void> {
    this.#closing ??= this.#database.close().then(this.#unlock);
    return this.#closing;
  }
}

async function run<Row extends object>(
  executor: Pick<PGlite | Transaction, 'query'>,
  statement: string,
  values: readonly SqlValue[],
): Promise<readonly Row[]> {
  const result = await executor.query<Row>(statement, [...values]);
  return result.rows;
}
