import { z } from 'zod';

/** One setting of the program or of a service, with all that a person needs to set it. */
export interface SettingDefinition {
  /** Dotted, for example `server.port` or `services.asset-inventory.ownNetworks`. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly defaultValue: unknown;
}

export type SettingSource = 'default' | 'file' | 'console' | 'environment';

/** A setting with its value and where that comes from. */
export const SettingView = z
  .object({
    key: z.string(),
    title: z.string(),
    description: z.string(),
    value: z.unknown(),
    default: z.unknown(),
    source: z.enum(['default', 'file', 'console', 'environment']),
    environmentVariable: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the value' }),
  })
  .meta({ id: 'Setting' });
export type SettingView = z.infer<typeof SettingView>;

/**
 * Turns an object schema into settings, one per field, nested objects flattened.
 *
 * @param prefix key before the field names, without a trailing dot
 */
export function defineSettings(prefix: string, schema: z.ZodObject): readonly SettingDefinition[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const fieldSchema = field as z.ZodType;
    const inner = unwrap(fieldSchema);
    if (inner instanceof z.ZodObject) return defineSettings(key, inner);
    const meta = fieldSchema.meta() ?? {};
    return [
      {
        key,
        title: meta.title ?? titleOf(name),
        description: meta.description ?? '',
        schema: fieldSchema,
        defaultValue: fieldSchema.safeParse(undefined).data,
      },
    ];
  });
}

/** `server.port` → `SPHINX_SERVER_PORT`; camelCase and dashes become underscores. */
export function environmentVariableOf(key: string): string {
  return `SPHINX_${key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toUpperCase()}`;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}

function titleOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
