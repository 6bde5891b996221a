import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TELEMETRY, type TelemetryRow, type TelemetryTable } from '@sphinx/schema';
import type { Logger } from '../../service/service.ts';
import type {
  EventStore,
  EventStoreStatistics,
  TelemetryAggregate,
  TelemetryFilter,
  TelemetryQuery,
} from '../event-store.ts';
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
  return new DuckDbEventStore(instance, connection, options);
}

class DuckDbEventStore implements EventStore {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #logger: Logger;
  readonly #maximumBufferedRows: number;
  readonly #buffers = new Map<TelemetryTable, TelemetryRow<TelemetryTable>[]>();
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #accepted = 0;
  #dropped = 0;
  #buffered = 0;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: DuckDbEventStoreOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#logger = options.logger;
    this.#maximumBufferedRows = options.maximumBufferedRows ?? DEFAULT_MAXIMUM_BUFFERED_ROWS;
    const intervalMs = options.flushIntervalMs ?? DEFAULT_FLUSH_INTERVAL_MS;
    this.#timer = setInterval(() => void this.flush().catch(() => undefined), intervalMs);
    this.#timer.unref();
  }

  append<T extends TelemetryTable>(table: T, rows: readonly TelemetryRow<T>[]): number {
    const accepted = Math.max(0, Math.min(rows.length, this.#maximumBufferedRows - this.#buffered));
    const buffer = this.#buffers.get(table) ?? [];
    for (let index = 0; index < accepted; index++) {
      const row = rows[index];
      if (row !== undefined) buffer.push(row);
    }
    this.#buffers.set(table, buffer);
    this.#accepted += accepted;
    this.#buffered += accepted;
    this.#dropped += rows.length - accepted;
    return accepted;
  }

  flush(): Promise<void> {
    const next = this.#writing.then(() => this.#writeBuffers());
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async select<T extends TelemetryTable>(table: T, query: TelemetryQuery<T>): Promise<readonly TelemetryRow<T>[]> {
    await this.flush();
    return (await this.#rows(selectStatement(table, query))) as unknown as readonly TelemetryRow<T>[];
  }

  async aggregate<T extends TelemetryTable>(
    table: T,
    query: TelemetryAggregate<T>,
  ): Promise<readonly Record<string, string | number>[]> {
    await this.flush();
    return (await this.#rows(aggregateStatement(table, query))) as readonly Record<string, string | number>[];
  }

  async remove<T extends TelemetryTable>(table: T, filter: TelemetryFilter<T>): Promise<number> {
    await this.flush();
    const { sql, values } = deleteStatement(table, filter);
    const result = await this.#connection.run(sql, [...values]);
    return Number(result.rowsChanged);
  }

  statistics(): EventStoreStatistics {
    return { accepted: this.#accepted, dropped: this.#dropped, buffered: this.#buffered };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #rows({ sql, values }: BoundStatement): Promise<readonly Record<string, unknown>[]> {
    const reader = await this.#connection.runAndReadAll(sql, [...values]);
    return reader.getRowObjectsJS().map(withNumbers);
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

  async #write(table: TelemetryTable, rows: readonly TelemetryRow<TelemetryTable>[]): Promise<void> {
    const appender = await this.#connection.createAppender(table);
    const columns = columnsOf(table);
    for (const row of rows) {
      for (const column of columns) appendValue(appender, column, (row as Record<string, unknown>)[column.name]);
      appender.endRow();
    }
    appender.closeSync();
  }
}

function appendValue(appender: DuckDBAppender, column: TelemetryColumn, value: unknown): void {
  if (value === null || value === undefined) {
    appender.appendNull();
    return;
  }
  switch (column.kind) {
    case 'integer':
      appender.appendBigInt(BigInt(Math.trunc(value as number)));
      return;
    case 'boolean':
      appender.appendBoolean(value as boolean);
      return;
    case 'text':
      // DuckDB takes text up to the first NUL; the wire may carry one.
      appender.appendVarchar((value as string).replaceAll('\0', '\u2400'));
      return;
    default:
      column.kind satisfies never;
  }
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}
