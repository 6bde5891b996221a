import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TELEMETRY, type TelemetryRow, type TelemetryTable } from '@sphinx/schema';
import { SphinxError } from '../../errors.ts';
import type { Logger } from '../../service/service.ts';
import type {
  AggregateRow,
  EventStore,
  EventStoreStatistics,
  TelemetryAggregate,
  TelemetryFilter,
  TelemetryQuery,
} from '../event-store.ts';
import { TelemetryListeners } from '../telemetry-listeners.ts';
import {
  aggregateStatement,
  type BoundStatement,
  createTableStatement,
  deleteStatement,
  selectStatement,
} from './telemetry-sql.ts';
import { columnsOf, type TelemetryColumn } from './telemetry-table.ts';

const DEFAULT_FLUSH_INTERVAL_MS = 1000;
const DEFAULT_MAXIMUM_BUFFERED_ROWS = 200_000;
/** Rows that are handed to the engine before others may work: some milliseconds. */
const SLICE = 1000;
const TABLES = Object.keys(TELEMETRY) as TelemetryTable[];

export interface DuckDbEventStoreOptions {
  /** Database file; in memory when absent. */
  readonly file?: string;
  readonly logger: Logger;
  readonly flushIntervalMs?: number;
  /** Rows that wait for writing, over all tables; further ones are dropped and counted. */
  readonly maximumBufferedRows?: number;
}

/** Columnar telemetry inside the process. */
export async function openDuckDbEventStore(options: DuckDbEventStoreOptions): Promise<EventStore> {
  const instance = await DuckDBInstance.create(options.file ?? ':memory:');
  const connection = await instance.connect();
  for (const table of TABLES) await connection.run(createTableStatement(table));
  return new DuckDbEventStore(instance, connection, await instance.connect(), options);
}

class DuckDbEventStore implements EventStore {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** For writing: a question that fails must not take rows with it that are written at the same time. */
  readonly #writer: DuckDBConnection;
  readonly #logger: Logger;
  readonly #maximumBufferedRows: number;
  readonly #buffers = new Map<TelemetryTable, TelemetryRow<TelemetryTable>[]>();
  readonly #listeners: TelemetryListeners;
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #accepted = 0;
  #dropped = 0;
  #buffered = 0;
  #closing: Promise<void> | undefined;
  /** Statements under way; the engine must not be closed under them. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    writer: DuckDBConnection,
    options: DuckDbEventStoreOptions,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#writer = writer;
    this.#logger = options.logger;
    this.#listeners = new TelemetryListeners(options.logger);
    this.#maximumBufferedRows = options.maximumBufferedRows ?? DEFAULT_MAXIMUM_BUFFERED_ROWS;
    const intervalMs = options.flushIntervalMs ?? DEFAULT_FLUSH_INTERVAL_MS;
    this.#timer = setInterval(() => void this.flush().catch(() => undefined), intervalMs);
    this.#timer.unref();
  }

  append<T extends TelemetryTable>(table: T, rows: readonly TelemetryRow<T>[]): number {
    const room = this.#closing === undefined ? this.#maximumBufferedRows - this.#buffered : 0;
    const accepted = Math.max(0, Math.min(rows.length, room));
    const buffer = this.#buffers.get(table) ?? [];
    for (let index = 0; index < accepted; index++) {
      const row = rows[index];
      if (row !== undefined) buffer.push(row);
    }
    this.#buffers.set(table, buffer);
    this.#accepted += accepted;
    this.#buffered += accepted;
    this.#dropped += rows.length - accepted;
    if (this.#closing === undefined) this.#listeners.tell(table, rows);
    return accepted;
  }

  subscribe<T extends TelemetryTable>(table: T, listener: (rows: readonly TelemetryRow<T>[]) => void): () => void {
    return this.#listeners.add(table, listener);
  }

  flush(): Promise<void> {
    const next = this.#writing.then(() => this.#writeBuffers());
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async select<T extends TelemetryTable>(table: T, query: TelemetryQuery<T>): Promise<readonly TelemetryRow<T>[]> {
    return (await this.#ask(selectStatement(table, query))) as unknown as readonly TelemetryRow<T>[];
  }

  async aggregate<T extends TelemetryTable>(table: T, query: TelemetryAggregate<T>): Promise<readonly AggregateRow[]> {
    return (await this.#ask(aggregateStatement(table, query))) as readonly AggregateRow[];
  }

  async remove<T extends TelemetryTable>(table: T, filter: TelemetryFilter<T>): Promise<number> {
    const { sql, values } = deleteStatement(table, filter);
    const result = await this.#whileOpen(() => this.#connection.run(sql, [...values]));
    return Number(result.rowsChanged);
  }

  statistics(): EventStoreStatistics {
    return { accepted: this.#accepted, dropped: this.#dropped, buffered: this.#buffered };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    await Promise.allSettled(this.#running);
    this.#connection.closeSync();
    this.#writer.closeSync();
    this.#instance.closeSync();
  }

  async #ask({ sql, values }: BoundStatement): Promise<readonly Record<string, unknown>[]> {
    const reader = await this.#whileOpen(() => this.#connection.runAndReadAll(sql, [...values]));
    return reader.getRowObjectsJS().map(withNumbers);
  }

  /** Runs a statement behind what is buffered, and keeps the engine open until it has its answer. */
  async #whileOpen<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#closing !== undefined) throw new SphinxError('SPX_UNAVAILABLE', 'The event store is closed.');
    const running = this.flush().then(run);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #writeBuffers(): Promise<void> {
    for (const table of TABLES) {
      const rows = this.#buffers.get(table);
      if (rows === undefined || rows.length === 0) continue;
      this.#buffers.set(table, []);
      try {
        await this.#write(table, rows);
      } catch (error) {
        this.#dropped += rows.length;
        this.#accepted -= rows.length;
        this.#logger.error('Telemetry could not be written', { table, rows: rows.length, error: String(error) });
      }
      this.#buffered -= rows.length;
    }
  }

  /** The end of the transaction waits for the disk, and does so outside of this thread; rows go over in slices. */
  async #write(table: TelemetryTable, rows: readonly TelemetryRow<TelemetryTable>[]): Promise<void> {
    await this.#writer.run('BEGIN TRANSACTION');
    try {
      const unfit = await this.#appendAll(table, rows);
      await this.#writer.run('COMMIT');
      if (unfit === 0) return;
      this.#dropped += unfit;
      this.#accepted -= unfit;
      this.#logger.error('Telemetry rows are not what their table promises', { table, rows: unfit });
    } catch (error) {
      await this.#writer.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** @returns how many rows do not fit their table */
  async #appendAll(table: TelemetryTable, rows: readonly TelemetryRow<TelemetryTable>[]): Promise<number> {
    const appender = await this.#writer.createAppender(table);
    const columns = columnsOf(table);
    let unfit = 0;
    for (let start = 0; start < rows.length; start += SLICE) {
      for (const row of rows.slice(start, start + SLICE)) {
        const values = storedValues(columns, row);
        if (values === undefined) unfit++;
        else appendRow(appender, columns, values);
      }
      if (start + SLICE < rows.length) await new Promise((resolve) => setImmediate(resolve));
    }
    appender.closeSync();
    return unfit;
  }
}

type StoredValue = bigint | boolean | string | null;

/** @returns undefined for a row that does not fit its table: it must not take the rows of others with it */
function storedValues(
  columns: readonly TelemetryColumn[],
  row: Readonly<Record<string, unknown>>,
): StoredValue[] | undefined {
  const values: StoredValue[] = [];
  for (const { name, kind, isNullable } of columns) {
    const value = row[name];
    if (isNullable && (value === null || value === undefined)) values.push(null);
    else if (kind === 'integer' && typeof value === 'number' && Number.isSafeInteger(Math.trunc(value)))
      values.push(BigInt(Math.trunc(value)));
    else if (kind === 'boolean' && typeof value === 'boolean') values.push(value);
    // DuckDB takes text up to the first NUL; the wire may carry one.
    else if (kind === 'text' && typeof value === 'string') values.push(value.replaceAll('\0', '\u2400'));
    else return undefined;
  }
  return values;
}

function appendRow(
  appender: DuckDBAppender,
  columns: readonly TelemetryColumn[],
  values: readonly StoredValue[],
): void {
  for (let index = 0; index < columns.length; index++) {
    const value = values[index];
    if (typeof value === 'bigint') appender.appendBigInt(value);
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (typeof value === 'boolean') appender.appendBoolean(value);
    else appender.appendNull();
  }
  appender.endRow();
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}
