/** A value that can be bound to a statement. Objects go in as JSON. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly string[] | object;

/** Runs statements in the PostgreSQL dialect, placeholders `$1`, `$2` … */
export interface SqlExecutor {
  query<Row extends object>(statement: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** State of the program: PGlite embedded, PostgreSQL when one machine is outgrown. Proved by `state-store.contract.ts`. */
export interface StateStore extends SqlExecutor {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result>;
  /** Applies the migrations of one owner that are not applied yet, in order, each in a transaction. */
  migrate(owner: string, migrations: readonly Migration[]): Promise<void>;
  close(): Promise<void>;
}

/** One step of a schema. Never edited once landed; tables live in the owner's own SQL schema (`asset_inventory.asset`). */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}
