import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { applyMigrations } from '../migrate.ts';
import type { Migration, SqlExecutor, SqlValue, StateStore } from '../state-store.ts';
import { lockFolder } from './folder-lock.ts';

/**
 * PostgreSQL inside the process, one connection: statements queue up, transactions are serial.
 *
 * @param options.folder where the database lives; in memory when absent
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE when another process has it open
 */
export async function openPgliteStateStore(options: { folder?: string }): Promise<StateStore> {
  const { folder } = options;
  if (folder === undefined) return new PgliteStateStore(await PGlite.create(), async () => {});
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(join(folder, 'lock'));
  try {
    return new PgliteStateStore(await PGlite.create({ dataDir: join(folder, 'database') }), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

class PgliteStateStore implements StateStore {
  readonly #database: PGlite;
  readonly #unlock: () => Promise<void>;

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

  async close(): Promise<void> {
    await this.#database.close();
    await this.#unlock();
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
