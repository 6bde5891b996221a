import { SphinxError } from '../errors.ts';
import type { Migration, StateStore } from './state-store.ts';

const CREATE_MIGRATION_TABLE = `
  CREATE SCHEMA IF NOT EXISTS platform;
  CREATE TABLE IF NOT EXISTS platform.migration (
    owner text NOT NULL,
    id text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, id)
  );`;

/**
 * Applies what is missing, in order, each migration in a transaction of its own. Every state store uses this.
 *
 * @param execute runs a script of several statements as one simple query: PostgreSQL then does all of it or nothing
 *   (documentation of the protocol, "Multiple Statements in a Simple Query")
 * @throws SphinxError SPX_MIGRATION_FAILED that names owner and migration
 */
export async function applyMigrations(
  store: Pick<StateStore, 'query'>,
  execute: (script: string) => Promise<void>,
  owner: string,
  migrations: readonly Migration[],
): Promise<void> {
  await execute(CREATE_MIGRATION_TABLE);
  const rows = await store.query<{ id: string }>('SELECT id FROM platform.migration WHERE owner = $1', [owner]);
  const applied = new Set(rows.map(({ id }) => id));
  for (const migration of migrations) {
    if (applied.has(migration.id)) continue;
    try {
      await execute(`${migration.sql}
        ;INSERT INTO platform.migration (owner, id) VALUES (${literal(owner)}, ${literal(migration.id)})`);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SphinxError(
        'SPX_MIGRATION_FAILED',
        `Migration ${migration.id} of ${owner} failed: ${reason}. The database is as it was before; restore the program version that made it, or report this.`,
        { cause },
      );
    }
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
