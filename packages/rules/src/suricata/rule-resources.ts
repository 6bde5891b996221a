import type { RuleVariables } from './address-set.ts';

/** What lies beside rule files: variables, classes, lists. */
export interface RuleResources {
  readonly addressGroups: RuleVariables;
  readonly portGroups: RuleVariables;
  /** `classification.config`: class → description and priority. */
  readonly classes: ReadonlyMap<string, { readonly description: string; readonly priority: number }>;
  /** Content of a file that a rule names (datasets). `undefined` where there is none. */
  readFile(path: string): string | undefined;
  /** Values of the datasets, shared by all rules. */
  readonly datasets: Datasets;
  /** Reputation of addresses by category: score 0 to 127. */
  /** Application-layer events that the sensor gives, for example `http.invalid_request_line`. */
  readonly events: ReadonlySet<string>;
  /** Ids of the sensor's rooms for a protocol of the language; `undefined` where it is unknown. */
  roomsOf(protocol: string): readonly string[] | undefined;
  readonly reputation: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export type DatasetType = 'string' | 'md5' | 'sha256' | 'ipv4' | 'ip';

interface Dataset {
  readonly type: DatasetType;
  /** What the file of the set says beside each value, where it says something. */
  readonly values: Map<string, unknown>;
  readonly limit: number;
}

/** Sets of values that rules ask and extend. */
export class Datasets {
  readonly #sets = new Map<string, Dataset>();

  /** Values that a set may hold when the rule names no limit. */
  static readonly defaultLimit = 1_000_000;

  define(name: string, type: DatasetType, limit = Datasets.defaultLimit): void {
    if (!this.#sets.has(name)) this.#sets.set(name, { type, values: new Map(), limit });
  }

  /** @returns the type that an earlier rule gave the set */
  typeOf(name: string): DatasetType | undefined {
    return this.#sets.get(name)?.type;
  }

  has(name: string, value: string): boolean {
    return this.#sets.get(name)?.values.has(value) ?? false;
  }

  contextOf(name: string, value: string): unknown {
    return this.#sets.get(name)?.values.get(value);
  }

  add(name: string, value: string, context?: unknown): void {
    const set = this.#sets.get(name);
    if (set !== undefined && set.values.size < set.limit) set.values.set(value, context);
  }

  remove(name: string, value: string): void {
    this.#sets.get(name)?.values.delete(value);
  }
}

/**
 * Reads `classification.config`: `config classification: name,description,priority`.
 *
 * @returns classes by name; lines of another form are left out
 */
export function parseClassification(
  content: string,
): Map<string, { readonly description: string; readonly priority: number }> {
  const classes = new Map<string, { readonly description: string; readonly priority: number }>();
  for (const line of content.split('\n')) {
    const match = /^\s*config\s+classification:\s*([^,]+),\s*(.+),\s*(\d+)\s*$/.exec(line);
    if (match === null) continue;
    const [, name = '', description = '', priority = '3'] = match;
    classes.set(name.trim(), { description: description.trim(), priority: Number(priority) });
  }
  return classes;
}
