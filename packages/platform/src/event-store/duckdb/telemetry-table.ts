import { TELEMETRY, type TelemetryTable } from '@sphinx/schema';
import { z } from 'zod';

export type ColumnKind = 'integer' | 'boolean' | 'text';

export interface TelemetryColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly isNullable: boolean;
}

const COLUMNS = Object.fromEntries(
  Object.entries(TELEMETRY).map(([table, { shape }]) => [table, Object.entries(shape).map(toColumn)]),
) as unknown as Readonly<Record<TelemetryTable, readonly TelemetryColumn[]>>;

/** Columns of a telemetry table, from its one definition in `@sphinx/schema`. */
export function columnsOf(table: TelemetryTable): readonly TelemetryColumn[] {
  return COLUMNS[table];
}

function toColumn([name, schema]: [string, z.ZodType]): TelemetryColumn {
  return { name, kind: kindOf(schema), isNullable: schema instanceof z.ZodNullable };
}

function kindOf(schema: z.ZodType): ColumnKind {
  if (schema instanceof z.ZodNullable) return kindOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNumber) return 'integer';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return 'text';
}
