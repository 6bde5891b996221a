import type { TelemetryTable } from '@sphinx/schema';
import { SphinxError } from '../../errors.ts';
import type { TelemetryCondition, TelemetryTest } from '../event-store.ts';
import type { BoundStatement, BoundValue } from './telemetry-sql.ts';
import { columnsOf } from './telemetry-table.ts';

/** Deeper conditions nobody writes by hand. */
const MAXIMUM_DEPTH = 100;
const COMPARISONS = { less: '<', 'at-most': '<=', more: '>', 'at-least': '>=' } as const;

/**
 * @returns a condition with bound values; never NULL, so that it can be negated
 * @throws SphinxError SPX_INVALID_INPUT for a column that the table does not have, or a tree that is too deep
 */
export function conditionSql(table: TelemetryTable, condition: TelemetryCondition, depth = 0): BoundStatement {
  if (depth > MAXIMUM_DEPTH) throw new SphinxError('SPX_INVALID_INPUT', 'The condition is nested too deeply.');
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const items = condition.items.map((item) => conditionSql(table, item, depth + 1));
      if (items.length === 0) return { sql: condition.kind === 'and' ? 'true' : 'false', values: [] };
      const joined = items.map(({ sql }) => sql).join(condition.kind === 'and' ? ' AND ' : ' OR ');
      return { sql: `(${joined})`, values: items.flatMap(({ values }) => values) };
    }
    case 'not': {
      const { sql, values } = conditionSql(table, condition.item, depth + 1);
      return { sql: `(NOT ${sql})`, values };
    }
    case 'test':
      return testSql(placeOf(table, condition.column, condition.field), condition.test);
  }
}

/** Where a value stands: its expression, with what that binds. */
interface Place {
  readonly sql: string;
  readonly values: readonly BoundValue[];
  readonly kind: 'integer' | 'boolean' | 'text' | 'field';
}

function placeOf(table: TelemetryTable, name: string, field: string | undefined): Place {
  const column = columnsOf(table).find((each) => each.name === name);
  if (column === undefined) throw new SphinxError('SPX_INVALID_INPUT', `${table} has no column "${name}".`);
  if (field === undefined) return { sql: name, values: [], kind: column.kind };
  // JSON pointer (RFC 6901 §3); text that is no JSON holds no field.
  const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return {
    sql: `CASE WHEN json_valid(${name}) THEN json_extract_string(${name}, ?) END`,
    values: [pointer],
    kind: 'field',
  };
}

function testSql(place: Place, test: TelemetryTest): BoundStatement {
  const { sql, values, kind } = place;
  const bound = (text: string, ...more: BoundValue[]) => ({
    sql: `coalesce(${text}, false)`,
    values: [...values, ...more],
  });
  switch (test.operator) {
    case 'present':
      return bound(kind === 'text' || kind === 'field' ? `(${sql}) <> ''` : `(${sql}) IS NOT NULL`);
    case 'equals':
      return equalsSql(place, test.value, bound);
    case 'like':
      return bound(`lower((${sql})::VARCHAR) LIKE lower(?) ESCAPE '\\'`, likePattern(test.parts));
    default: {
      const comparison = COMPARISONS[test.operator];
      if (typeof test.value === 'string') return bound(`lower((${sql})::VARCHAR) ${comparison} lower(?)`, test.value);
      return bound(`try_cast(${sql} AS DOUBLE) ${comparison} ?::DOUBLE`, test.value);
    }
  }
}

function equalsSql(
  { sql, kind }: Place,
  value: string | number | boolean,
  bound: (text: string, ...more: BoundValue[]) => BoundStatement,
): BoundStatement {
  if (kind === 'boolean') return bound(`lower((${sql})::VARCHAR) = ?`, String(value).toLowerCase());
  if (kind === 'integer') {
    return Number.isFinite(Number(value)) ? bound(`(${sql}) = ?::DOUBLE`, Number(value)) : { sql: 'false', values: [] };
  }
  return bound(`lower(${sql}) = lower(?)`, storedText(String(value)));
}

function likePattern(parts: readonly string[]): string {
  return parts.map((part) => storedText(part).replace(/[\\%_]/g, '\\$&')).join('%');
}

/** As it was stored: DuckDB takes text up to the first NUL. */
function storedText(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
