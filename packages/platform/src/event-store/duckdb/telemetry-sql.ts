import type { TelemetryTable } from '@sphinx/schema';
import { SphinxError } from '../../errors.ts';
import type { TelemetryAggregate, TelemetryFilter, TelemetryQuery } from '../event-store.ts';
import { conditionSql } from './condition-sql.ts';
import { columnsOf } from './telemetry-table.ts';

export type BoundValue = string | number | boolean | bigint | null;

/** A statement with its values; names come from the schema only, values are always bound. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: readonly BoundValue[];
}

const SQL_TYPES = { integer: 'BIGINT', boolean: 'BOOLEAN', text: 'VARCHAR' } as const;

export function createTableStatement(table: TelemetryTable): string {
  const columns = columnsOf(table).map(({ name, kind }) => `${name} ${SQL_TYPES[kind]}`);
  return `CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')})`;
}

export function selectStatement<T extends TelemetryTable>(table: T, query: TelemetryQuery<T>): BoundStatement {
  const isAscending = query.order === 'oldest-first';
  const column = requireColumn(table, query.orderBy ?? 'time');
  const start = query.startAt === undefined ? [] : [`${column} ${isAscending ? '>=' : '<='} ?`];
  const where = whereClause(table, query, start, query.startAt === undefined ? [] : [query.startAt]);
  // One packet may give several records: without the row itself their order would differ from page to page.
  const ties = ['flow_id', 'packet_number'].filter((name) => columnsOf(table).some((each) => each.name === name));
  const order = [`${column} ${isAscending ? 'ASC' : 'DESC'}`, ...ties, 'rowid'].join(', ');
  return {
    sql: `SELECT * FROM ${table}${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
    values: [...where.values, requireCount(query.limit), requireCount(query.offset ?? 0)],
  };
}

export function aggregateStatement<T extends TelemetryTable>(table: T, query: TelemetryAggregate<T>): BoundStatement {
  const where = whereClause(table, query);
  const groups = query.groupBy.map((name) => requireColumn(table, name));
  const bucketMs = query.bucketMs === undefined ? undefined : requirePositiveInteger(query.bucketMs);
  const bucket = bucketMs === undefined ? [] : [`(time // ${bucketMs}) * ${bucketMs} AS bucket`];
  const keys = [...groups, ...(bucketMs === undefined ? [] : ['bucket'])];
  const sums = (query.sum ?? []).map(
    (name) => `coalesce(sum(${requireNumberColumn(table, name)}), 0)::DOUBLE AS sum_${name}`,
  );
  const outputs = new Set([...keys, 'count', ...(query.sum ?? []).map((name) => `sum_${name}`)]);
  const orderBy = query.orderBy ?? 'count';
  if (!outputs.has(orderBy)) throw new SphinxError('SPX_INVALID_INPUT', `Cannot order by ${orderBy}.`);
  const groupClause = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
  // Ties are broken by the groups, so that the same question gets the same answer.
  const order = [`${orderBy} ${query.descending === false ? 'ASC' : 'DESC'}`, ...keys.filter((key) => key !== orderBy)];
  return {
    sql:
      `SELECT ${[...groups, ...bucket, 'count(*) AS count', ...sums].join(', ')} FROM ${table}${where.sql}` +
      `${groupClause} ORDER BY ${order.join(', ')} LIMIT ?`,
    values: [...where.values, requireCount(query.limit)],
  };
}

export function deleteStatement<T extends TelemetryTable>(table: T, filter: TelemetryFilter<T>): BoundStatement {
  const where = whereClause(table, filter);
  return { sql: `DELETE FROM ${table}${where.sql}`, values: where.values };
}

/** @param further conditions beside the filter, with their values */
function whereClause<T extends TelemetryTable>(
  table: T,
  filter: TelemetryFilter<T>,
  further: readonly string[] = [],
  furtherValues: readonly BoundValue[] = [],
): BoundStatement {
  const conditions: string[] = [...further];
  const values: BoundValue[] = [...furtherValues];
  if (filter.from !== undefined) {
    conditions.push('time >= ?');
    values.push(filter.from);
  }
  if (filter.until !== undefined) {
    conditions.push('time < ?');
    values.push(filter.until);
  }
  for (const [name, value] of Object.entries(filter.equals ?? {})) {
    if (value === null) conditions.push(`${requireColumn(table, name)} IS NULL`);
    else {
      conditions.push(`${requireColumn(table, name)} = ?`);
      values.push(value as BoundValue);
    }
  }
  if (filter.address !== undefined) {
    conditions.push('(src_ip = ? OR dst_ip = ?)');
    values.push(filter.address, filter.address);
  }
  for (const { text, columns } of filter.contains ?? []) {
    const places = columns.map((name) => `contains(lower(${requireTextColumn(table, name)}), lower(?))`);
    conditions.push(places.length === 0 ? 'false' : `(${places.join(' OR ')})`);
    // As it was stored: DuckDB takes text up to the first NUL.
    values.push(...columns.map(() => text.replaceAll('\0', '\u2400')));
  }
  if (filter.where !== undefined) {
    const where = conditionSql(table, filter.where);
    conditions.push(where.sql);
    values.push(...where.values);
  }
  return { sql: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, values };
}

function requireColumn(table: TelemetryTable, name: string): string {
  if (columnsOf(table).some((column) => column.name === name)) return name;
  throw new SphinxError('SPX_INVALID_INPUT', `${table} has no column "${name}".`);
}

function requireNumberColumn(table: TelemetryTable, name: string): string {
  if (columnsOf(table).some((column) => column.name === name && column.kind === 'integer')) return name;
  throw new SphinxError('SPX_INVALID_INPUT', `${table} has no column of numbers "${name}" that could be summed.`);
}

function requireTextColumn(table: TelemetryTable, name: string): string {
  if (columnsOf(table).some((column) => column.name === name && column.kind === 'text')) return name;
  throw new SphinxError('SPX_INVALID_INPUT', `${table} has no column of text "${name}" that could be searched.`);
}

function requireCount(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new SphinxError('SPX_INVALID_INPUT', 'Limit and offset are whole numbers from 0.');
}

function requirePositiveInteger(value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new SphinxError('SPX_INVALID_INPUT', 'A time bucket is a positive number of milliseconds.');
}
