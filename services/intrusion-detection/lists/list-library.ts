import { type Clock, SphinxError, type StateStore } from '@sphinx/platform';
import type { Rule } from '@sphinx/rules';
import type { RuleLists } from '../rule-sets/load-sets.ts';
import { type ListEntry, ListName, type ListType, parseList, type ValueList, writeDataset } from './value-list.ts';

const MAXIMUM_NAMED = 200;
const MAXIMUM_REASONS = 3;

interface StoredList {
  readonly type: ListType;
  readonly description: string;
  readonly entries: readonly ListEntry[];
  readonly updatedAt: number;
}

/** Reputation lists and datasets: what is in them, and which rules use them. */
export class ListLibrary {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #lists = new Map<string, StoredList>();

  constructor(state: StateStore, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ name: string; list: StoredList }>(
      'SELECT name, list FROM intrusion_detection.value_list ORDER BY name',
    );
    for (const { name, list } of rows) this.#lists.set(name, list);
  }

  /** @param rules all that are loaded */
  views(rules: readonly Rule[]): readonly ValueList[] {
    const users = usersOf(rules);
    return [...this.#lists]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, list]) => view(name, list, users.get(name) ?? []));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  entries(name: string): readonly ListEntry[] {
    return this.#find(name).entries;
  }

  /**
   * Makes a list, or puts other entries into the one of this name.
   *
   * @throws SphinxError SPX_INVALID_INPUT when a line is no entry: a list is taken whole or not at all
   */
  async put(
    name: string,
    list: { readonly type: ListType; readonly description: string; readonly isEncoded: boolean },
    content: string,
  ): Promise<void> {
    ListName.parse(name);
    const { type, description } = list;
    const known = this.#lists.get(name);
    if (known !== undefined && known.type !== type) {
      throw new SphinxError('SPX_CONFLICT', `${name} is a list of the type ${known.type}. Remove it first.`);
    }
    await this.#save(name, { type, description, entries: parseWhole(type, content, list.isEncoded) });
  }

  /** Adds and removes single entries. */
  async change(name: string, change: { readonly add: readonly string[]; readonly remove: readonly string[] }) {
    const { type, description, entries } = this.#find(name);
    const next = new Map(entries.map((entry) => [entry.value, entry]));
    for (const entry of parseWhole(type, change.add.join('\n'), false)) next.set(entry.value, entry);
    for (const value of change.remove) next.delete(value);
    await this.#save(name, { type, description, entries: [...next.values()] });
  }

  async remove(name: string): Promise<void> {
    this.#find(name);
    await this.#state.query('DELETE FROM intrusion_detection.value_list WHERE name = $1', [name]);
    this.#lists.delete(name);
  }

  /** What rules are loaded with. */
  resources(): RuleLists {
    const all = [...this.#lists];
    return {
      files: all
        .filter(([, { type }]) => type !== 'reputation')
        .map(([name, { type, entries }]) => ({ name, content: writeDataset(type, entries) })),
      reputation: all
        .filter(([, { type }]) => type === 'reputation')
        .map(([name, { entries }]) => [name, entries.map(({ value, score }) => [value, score ?? 0] as const)] as const),
    };
  }

  async #save(name: string, list: Omit<StoredList, 'updatedAt'>): Promise<void> {
    const saved = { ...list, updatedAt: this.#clock.now() };
    await this.#state.query(
      `INSERT INTO intrusion_detection.value_list (name, list) VALUES ($1, $2::jsonb)
       ON CONFLICT (name) DO UPDATE SET list = excluded.list`,
      [name, JSON.stringify(saved)],
    );
    this.#lists.set(name, saved);
  }

  #find(name: string): StoredList {
    const found = this.#lists.get(name);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no list ${name}.`);
    return found;
  }
}

function parseWhole(type: ListType, content: string, isEncoded: boolean): readonly ListEntry[] {
  const { entries, unreadable } = parseList(type, content, isEncoded);
  if (unreadable.length === 0) return entries;
  const reasons = unreadable.slice(0, MAXIMUM_REASONS).map(({ line, reason }) => `line ${line}: ${reason}`);
  throw new SphinxError(
    'SPX_INVALID_INPUT',
    `${unreadable.length} lines are no entry of the type ${type}: ${reasons.join('; ')}. Nothing was taken.`,
  );
}

function view(
  name: string,
  { type, description, entries, updatedAt }: StoredList,
  users: readonly string[],
): ValueList {
  const rules = users.slice(0, MAXIMUM_NAMED);
  return { name, type, description, entries: entries.length, updatedAt, rules, usedBy: users.length };
}

/** Rules by the list that they name: `dataset: … load bad.lst`, `iprep: src,BadHosts,…`. */
function usersOf(rules: readonly Rule[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { gid, sid, text } of rules) {
    const names = new Set<string>();
    for (const [, file = ''] of text.matchAll(/\bdataset\s*:[^;]*?,\s*(?:load|state)\s+([^,;\s]+)/g))
      names.add(file.split('/').at(-1) ?? file);
    for (const [, category = ''] of text.matchAll(/\biprep\s*:[^,;]*,\s*([^,;\s]+)/g)) names.add(category);
    for (const name of names) users.set(name, [...(users.get(name) ?? []), `${gid}:${sid}`]);
  }
  return users;
}
