import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import type { Migration, StateStore } from '../state-store/state-store.ts';
import { environmentVariableOf, type SettingDefinition, type SettingSource, type SettingView } from './setting.ts';

export const CONFIGURATION_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-setting',
    sql: `
      CREATE SCHEMA IF NOT EXISTS configuration;
      CREATE TABLE configuration.setting (key text PRIMARY KEY, value jsonb NOT NULL);`,
  },
];

interface Resolved {
  readonly value: unknown;
  readonly source: SettingSource;
}

/**
 * Settings from four places. A later one wins: default, `sphinx.yaml`, console, environment. The environment is last
 * because whoever deploys the program pins values there that nobody should change by accident.
 */
export class Configuration {
  readonly #definitions: ReadonlyMap<string, SettingDefinition>;
  readonly #file: ReadonlyMap<string, unknown>;
  readonly #environment: ReadonlyMap<string, unknown>;
  readonly #console = new Map<string, unknown>();
  #state: StateStore | undefined;

  private constructor(
    definitions: readonly SettingDefinition[],
    file: ReadonlyMap<string, unknown>,
    environment: ReadonlyMap<string, unknown>,
  ) {
    this.#definitions = new Map(definitions.map((definition) => [definition.key, definition]));
    this.#file = file;
    this.#environment = environment;
  }

  /**
   * Reads file and environment and checks every value.
   *
   * @param file path of `sphinx.yaml`; may be missing
   * @throws SphinxError SPX_SETTINGS_INVALID that names each unknown key and each value that does not fit
   */
  static async load(options: {
    definitions: readonly SettingDefinition[];
    file: string;
    environment: Readonly<Record<string, string | undefined>>;
  }): Promise<Configuration> {
    const { definitions, environment } = options;
    const known = new Map(definitions.map((definition) => [definition.key, definition]));
    const fromFile = flattenYaml(await readYaml(options.file), known);
    const fromEnvironment = new Map<string, unknown>();
    for (const { key, schema } of definitions) {
      const text = environment[environmentVariableOf(key)];
      if (text !== undefined) fromEnvironment.set(key, readEnvironmentValue(text, schema));
    }
    const problems = unknownVariables(definitions, environment);
    const validate = (values: Map<string, unknown>, origin: (key: string) => string) => {
      for (const [key, value] of values) {
        const definition = known.get(key);
        if (definition === undefined) {
          problems.push(`${origin(key)}: there is no setting "${key}"`);
          continue;
        }
        const parsed = definition.schema.safeParse(value);
        if (parsed.success) values.set(key, parsed.data);
        else problems.push(`${origin(key)}: ${key}: ${z.prettifyError(parsed.error)}`);
      }
    };
    validate(fromFile, () => options.file);
    validate(fromEnvironment, environmentVariableOf);
    if (problems.length > 0) throw new SphinxError('SPX_SETTINGS_INVALID', problems.join('\n'));
    return new Configuration(definitions, fromFile, fromEnvironment);
  }

  /** Adds what was set in the console. A stored value that no longer fits is left out. @returns keys left out */
  async attach(state: StateStore): Promise<readonly string[]> {
    await state.migrate('configuration', CONFIGURATION_MIGRATIONS);
    this.#state = state;
    const leftOut: string[] = [];
    for (const row of await state.query<{ key: string; value: unknown }>(
      'SELECT key, value FROM configuration.setting',
    )) {
      const parsed = this.#definitions.get(row.key)?.schema.safeParse(row.value);
      if (parsed?.success === true) this.#console.set(row.key, parsed.data);
      else leftOut.push(row.key);
    }
    return leftOut;
  }

  /** @throws SphinxError SPX_NOT_FOUND for an unknown key */
  get(key: string): unknown {
    return this.#resolve(this.#definition(key)).value;
  }

  view(key: string): SettingView {
    const definition = this.#definition(key);
    const { value, source } = this.#resolve(definition);
    return {
      key,
      title: definition.title,
      description: definition.description,
      value,
      default: definition.defaultValue,
      source,
      environmentVariable: environmentVariableOf(key),
      schema: z.toJSONSchema(definition.schema, { io: 'input' }),
    };
  }

  list(prefix = ''): readonly SettingView[] {
    return [...this.#definitions.keys()].filter((key) => key.startsWith(prefix)).map((key) => this.view(key));
  }

  /**
   * Values below a prefix as a nested object, for a schema that was given to `defineSettings` with that prefix.
   */
  section(prefix: string): Record<string, unknown> {
    const section: Record<string, unknown> = {};
    for (const definition of this.#definitions.values()) {
      if (!definition.key.startsWith(`${prefix}.`)) continue;
      assignPath(section, definition.key.slice(prefix.length + 1).split('.'), this.#resolve(definition).value);
    }
    return section;
  }

  /**
   * Changes settings as the console does, all or none; `null` takes a change back.
   *
   * @throws SphinxError SPX_SETTINGS_INVALID, SPX_NOT_FOUND; SPX_CONFLICT when the environment pins a value
   */
  async set(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const state = this.#state;
    if (state === undefined) throw new SphinxError('SPX_UNAVAILABLE', 'Settings can be changed once the program runs.');
    const checked = Object.entries(changes).map(([key, value]) => [key, this.#check(key, value)] as const);
    await state.transaction(async (sql) => {
      for (const [key, value] of checked) {
        if (value === null) await sql.query('DELETE FROM configuration.setting WHERE key = $1', [key]);
        else {
          await sql.query(
            `INSERT INTO configuration.setting (key, value) VALUES ($1, $2::jsonb)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
            [key, JSON.stringify(value)],
          );
        }
      }
    });
    for (const [key, value] of checked) {
      if (value === null) this.#console.delete(key);
      else this.#console.set(key, value);
    }
  }

  #check(key: string, value: unknown): unknown {
    const definition = this.#definition(key);
    if (this.#environment.has(key)) {
      throw new SphinxError(
        'SPX_CONFLICT',
        `${key} is set by the environment variable ${environmentVariableOf(key)}. Remove that to change it here.`,
      );
    }
    if (value === null) return null;
    const parsed = definition.schema.safeParse(value);
    if (!parsed.success) throw new SphinxError('SPX_SETTINGS_INVALID', `${key}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }

  #definition(key: string): SettingDefinition {
    const definition = this.#definitions.get(key);
    if (definition === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no setting "${key}".`);
    return definition;
  }

  #resolve(definition: SettingDefinition): Resolved {
    const { key } = definition;
    if (this.#environment.has(key)) return { value: this.#environment.get(key), source: 'environment' };
    if (this.#console.has(key)) return { value: this.#console.get(key), source: 'console' };
    if (this.#file.has(key)) return { value: this.#file.get(key), source: 'file' };
    return { value: definition.defaultValue, source: 'default' };
  }
}

async function readYaml(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new SphinxError('SPX_SETTINGS_INVALID', `${file} cannot be read.`, { cause: error });
  }
  try {
    return parse(text) ?? {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SphinxError('SPX_SETTINGS_INVALID', `${file} is not valid YAML: ${reason}`, { cause: error });
  }
}

/** Nested keys become dotted ones; a known key ends the descent, so that values may be objects themselves. */
function flattenYaml(value: unknown, known: ReadonlyMap<string, unknown>, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (prefix !== '') flat.set(prefix, value);
    return flat;
  }
  for (const [name, child] of Object.entries(value)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (known.has(key)) flat.set(key, child);
    else for (const [nestedKey, nested] of flattenYaml(child, known, key)) flat.set(nestedKey, nested);
  }
  return flat;
}

/** Numbers, lists and objects are YAML; text is taken as it is where only that fits: a folder may be called `2026`. */
function readEnvironmentValue(text: string, schema: z.ZodType): unknown {
  let value: unknown = text;
  try {
    value = parse(text);
  } catch {
    return text;
  }
  return !schema.safeParse(value).success && schema.safeParse(text).success ? text : value;
}

/** A variable that begins like a setting and is none is a slip of the keyboard that would go unnoticed. */
function unknownVariables(
  definitions: readonly SettingDefinition[],
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const known = new Set(definitions.map(({ key }) => environmentVariableOf(key)));
  const groups = new Set(definitions.map(({ key }) => `${environmentVariableOf(key.split('.')[0] ?? '')}_`));
  return Object.keys(environment)
    .filter((name) => !known.has(name) && [...groups].some((group) => name.startsWith(group)))
    .map((name) => `${name}: there is no such setting`);
}

function assignPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const next = (target[head] ?? {}) as Record<string, unknown>;
  target[head] = next;
  assignPath(next, rest, value);
}
