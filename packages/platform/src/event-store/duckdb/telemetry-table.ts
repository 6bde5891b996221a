import { TELEMETRY, type TelemetryTable } from '@sphinx/schema';
import { z } from 'zod';

export type ColumnKind = 'integer' | 'boolean' | 'text';

export interface TelemetryColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Columns of a telemetry table, from its one definition in `@sphinx/schema`. */
export function columnsOf(table: TelemetryTable): readonly TelemetryColumn[] {
  return Object.entries(TELEMETRY[table].shape).map(([name, schema]) => ({ name, kind: kindOf(schema as z.ZodType) }));
}

function kindOf(schema: z.ZodType): ColumnKind {
  if (schema instanceof z.ZodNullable) return kindOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNumber) return 'integer';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return 'text';
}
