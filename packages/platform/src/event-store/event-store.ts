import type { TelemetryRow, TelemetryTable } from '@sphinx/schema';

/** Columnar store of telemetry: DuckDB embedded, ClickHouse later. Proved by `event-store.contract.ts`. */
export interface EventStore {
  /**
   * Takes rows into a bounded buffer that is written in batches. Never blocks and never throws:
   * rows for which there is no room are dropped and counted, as is everything after `close`.
   * @returns how many rows were accepted
   */
  append<T extends TelemetryTable>(table: T, rows: readonly TelemetryRow<T>[]): number;
  /**
   * Shows rows to a service while they are taken, those too that there is no room for. The listener must not change them, and
   * is quick: whoever appends waits for it. What it throws ends its subscription only, and is logged.
   * @returns call that ends it
   */
  subscribe<T extends TelemetryTable>(table: T, listener: (rows: readonly TelemetryRow<T>[]) => void): () => void;
  /** Writes what is buffered. A row that is not what its table promises is dropped and counted, alone. */
  flush(): Promise<void>;
  select<T extends TelemetryTable>(table: T, query: TelemetryQuery<T>): Promise<readonly TelemetryRow<T>[]>;
  aggregate<T extends TelemetryTable>(table: T, query: TelemetryAggregate<T>): Promise<readonly AggregateRow[]>;
  /** Removes rows, for retention and for taking sample data away. @returns rows removed */
  remove<T extends TelemetryTable>(table: T, filter: TelemetryFilter<T>): Promise<number>;
  statistics(): EventStoreStatistics;
  close(): Promise<void>;
}

/** Groups, `bucket`, `count` and sums by name. A group is null where its column is. */
export type AggregateRow = Readonly<Record<string, string | number | boolean | null>>;

export interface TelemetryFilter<T extends TelemetryTable> {
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
  readonly equals?: Partial<TelemetryRow<T>>;
  /** Either end of the conversation has this address. */
  readonly address?: string;
  /** Each text stands somewhere in one of its columns, in capitals or not. */
  readonly contains?: readonly { readonly text: string; readonly columns: readonly string[] }[];
  readonly where?: TelemetryCondition;
}

/** A condition over one row, as a tree. What a column or field does not hold fits no test, and so fits its negation. */
export type TelemetryCondition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly TelemetryCondition[] }
  | { readonly kind: 'not'; readonly item: TelemetryCondition }
  /** @param field name within a column that holds a JSON object; the column itself where absent */
  | { readonly kind: 'test'; readonly column: string; readonly field?: string; readonly test: TelemetryTest };

/** Text is compared in capitals or not. */
export type TelemetryTest =
  | { readonly operator: 'equals'; readonly value: string | number | boolean }
  /** The text with anything between and around its parts; the first is its beginning, the last its end. */
  | { readonly operator: 'like'; readonly parts: readonly string[] }
  | { readonly operator: 'less' | 'at-most' | 'more' | 'at-least'; readonly value: string | number }
  /** It is there, and not empty. */
  | { readonly operator: 'present' };

export interface TelemetryQuery<T extends TelemetryTable> extends TelemetryFilter<T> {
  /** By `orderBy`: `oldest-first` is ascending. */
  readonly order?: 'oldest-first' | 'newest-first';
  /** Column that decides the order; time where absent. */
  readonly orderBy?: keyof TelemetryRow<T> & string;
  /** Leaves out what comes before this value of that column, in the order. */
  readonly startAt?: string | number;
  readonly limit: number;
  readonly offset?: number;
}

export interface TelemetryAggregate<T extends TelemetryTable> extends TelemetryFilter<T> {
  readonly groupBy: readonly (keyof TelemetryRow<T> & string)[];
  /** Adds a column `bucket`: start of the time bucket in milliseconds. */
  readonly bucketMs?: number;
  /** Sums of these columns, as `sum_<column>`; `count` is always there. */
  readonly sum?: readonly (keyof TelemetryRow<T> & string)[];
  readonly orderBy?: string;
  readonly descending?: boolean;
  readonly limit: number;
}

export interface EventStoreStatistics {
  readonly accepted: number;
  readonly dropped: number;
  readonly buffered: number;
}
