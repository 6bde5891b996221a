import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { createTemporaryFolder } from '../../temporary-folder.ts';
import { applyMigrations } from '../migrate.ts';
import type { Migration, SqlExecutor, SqlValue, StateStore } from '../state-store.ts';
import { createEmptyDatabase } from './empty-database.ts';
import { lockFolder } from './folder-lock.ts';

/**
 * PostgreSQL inside the process, one connection: statements queue up, transactions are serial.
 *
 * @param options.folder where the database lives; when absent, a temporary folder that goes when the store is closed
 * @param options.cacheFolder where a copy of an empty database is kept; the user's cache folder when absent
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE when another process has it open
 */
export async function openPgliteStateStore(options: { folder?: string; cacheFolder?: string }): Promise<StateStore> {
  const { folder, cacheFolder } = options;
  if (folder === undefined) {
    const temporary = await createTemporaryFolder();
    const database = await createEmptyDatabase(join(temporary.path, 'database'), cacheFolder);
    return new PgliteStateStore(database, () => temporary.remove());
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(join(folder, 'lock'));
  try {
    return new PgliteStateStore(await openFolder(folder, cacheFolder), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** A database counts from when it has been opened: one that a killed process was still making is made anew. */
async function openFolder(folder: string, cacheFolder: string | undefined): Promise<PGlite> {
  const dataDir = join(folder, 'database');
  const unfinished = join(folder, 'database.unfinished');
  if ((await isThere(dataDir)) && !(await isThere(unfinished))) return PGlite.create({ dataDir });
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(unfinished, '');
  await rm(dataDir, { recursive: true, force: true });
  const database = await createEmptyDatabase(dataDir, cacheFolder);
  await rm(unfinished);
  return database;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
