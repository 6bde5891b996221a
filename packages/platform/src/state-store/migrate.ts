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
 * @param execute runs a script of several statements
 * @throws SphinxError SPX_MIGRATION_FAILED that names owner and migration
 */
export async function applyMigrations(
  store: Pick<StateStore, 'query' | 'transaction'>,
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
      await store.transaction(async (sql) => {
        for (const statement of splitStatements(migration.sql)) await sql.query(statement);
        await sql.query('INSERT INTO platform.migration (owner, id) VALUES ($1, $2)', [owner, migration.id]);
      });
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

/** Splits a script at its semicolons, leaving those inside quotes, dollar quotes and comments alone. */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let current = '';
  let rest = script;
  while (rest.length > 0) {
    const quoted = /^('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\2\$)/.exec(rest)?.[0];
    if (quoted !== undefined) {
      current += quoted;
      rest = rest.slice(quoted.length);
      continue;
    }
    if (rest.startsWith(';')) {
      statements.push(current);
      current = '';
    } else current += rest[0];
    rest = rest.slice(1);
  }
  return [...statements, current].map((statement) => statement.trim()).filter((statement) => statement !== '');
}
