import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, SphinxError } from '@sphinx/platform';
import { type Rule, type RuleFile, unpackRuleFiles } from '@sphinx/rules';
import { deterministicId } from '@sphinx/schema';
import type { DetectionStore } from '../store.ts';
import { fetchRules } from './fetch-rules.ts';
import { loadSet, type RulesInForce, ruleId, type SetFiles } from './load-sets.ts';
import type { NewRuleSet, RejectedRule, RuleSet, RuleTuning } from './rule-set.ts';

export const OWN_SET = 'own';
const UNTUNED: RuleTuning = { isEnabled: true, quietFor: [], note: '' };

interface LoadedRule {
  readonly rule: Rule;
  readonly set: string;
}

/** Knows the rule sets, what was decided about single rules, and which rules are in force. */
export class RuleLibrary {
  readonly #store: DetectionStore;
  readonly #clock: Clock;
  readonly #homeNetworks: readonly string[];
  readonly #changed: () => Promise<void>;
  #tunings = new Map<string, RuleTuning>();
  /** Every loaded rule of every set, in force or not, by its id. */
  #rules = new Map<string, LoadedRule>();

  /** @param changed called after other rules came into force */
  constructor(options: {
    readonly store: DetectionStore;
    readonly clock: Clock;
    readonly homeNetworks: readonly string[];
    readonly changed: () => Promise<void>;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#homeNetworks = options.homeNetworks;
    this.#changed = options.changed;
  }

  /** Reads what is stored, and the rules that come with SPHINX in their present form. */
  async open(knowledgeFolder: string): Promise<void> {
    this.#tunings = new Map(await this.#store.tunings());
    const folder = join(knowledgeFolder, 'rules');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.rules')).sort();
    const files = await Promise.all(
      names.map(async (name) => ({ name, content: await readFile(join(folder, name), 'utf8') })),
    );
    const known = (await this.#store.sets()).find(({ set }) => set.id === OWN_SET);
    const isEnabled = known?.set.isEnabled ?? true;
    await this.#save({ ...emptySet(OWN_SET, 'Rules for care, from SPHINX', 'own'), isEnabled }, undefined, files);
    await this.#index();
  }

  async sets(): Promise<readonly RuleSet[]> {
    return (await this.#store.sets()).map(({ set }) => set);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async rejected(id: string): Promise<readonly RejectedRule[]> {
    const rejected = await this.#store.rejectedOf(id);
    if (rejected === undefined) throw noSet(id);
    return rejected;
  }

  /** @throws SphinxError SPX_INVALID_INPUT when it cannot be fetched or read, SPX_CONFLICT when it is there already */
  async add(request: NewRuleSet): Promise<RuleSet> {
    const id = deterministicId('rls', request.title, request.url ?? '');
    if ((await this.#store.sets()).some(({ set }) => set.id === id)) {
      throw new SphinxError('SPX_CONFLICT', `There is a rule set '${request.title}' already. Update or remove it.`);
    }
    const isFetched = request.url !== undefined;
    const set: RuleSet = {
      ...emptySet(id, request.title, isFetched ? 'url' : 'file'),
      url: request.url ?? null,
      isSigned: request.publicKey !== undefined,
    };
    const content = new TextEncoder().encode(request.content ?? '');
    const bytes = request.url === undefined ? content : await fetchRules(request.url, request.publicKey);
    const saved = await this.#save(set, request.publicKey, unpack(request.url ?? `${request.title}.rules`, bytes));
    await this.#index();
    await this.#changed();
    return saved;
  }

  /** Fetches a set from its URL again. What is there stays when that fails. */
  async update(id: string): Promise<RuleSet> {
    const { set, publicKey } = await this.#find(id);
    if (set.url === null) throw new SphinxError('SPX_INVALID_INPUT', `${set.title} has no URL to fetch it from.`);
    try {
      const bytes = await fetchRules(set.url, publicKey);
      const saved = await this.#save({ ...set, message: '' }, publicKey, unpack(set.url, bytes));
      await this.#index();
      await this.#changed();
      return saved;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await this.#store.saveSet({ set: { ...set, message }, publicKey });
      throw error;
    }
  }

  async setEnabled(id: string, isEnabled: boolean): Promise<RuleSet> {
    const stored = await this.#find(id);
    const set = { ...stored.set, isEnabled };
    await this.#store.saveSet({ ...stored, set });
    await this.#changed();
    return set;
  }

  async remove(id: string): Promise<void> {
    const { set } = await this.#find(id);
    if (set.origin === 'own') {
      throw new SphinxError('SPX_INVALID_INPUT', 'The rules that come with SPHINX can be switched off, not removed.');
    }
    await this.#store.removeSet(id);
    await this.#index();
    await this.#changed();
  }

  rules(): readonly LoadedRule[] {
    return [...this.#rules.values()];
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  rule(id: string): LoadedRule {
    const found = this.#rules.get(id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no rule ${id}.`);
    return found;
  }

  tuningOf(id: string): RuleTuning {
    return this.#tunings.get(id) ?? UNTUNED;
  }

  async tune(id: string, tuning: RuleTuning): Promise<void> {
    this.rule(id);
    await this.#store.saveTuning(id, tuning);
    this.#tunings.set(id, tuning);
    await this.#changed();
  }

  /** What sensor threads need. */
  async inForce(): Promise<RulesInForce> {
    const sets: SetFiles[] = [];
    for (const { id, isEnabled } of await this.sets()) {
      if (isEnabled) sets.push({ id, files: await this.#store.filesOf(id) });
    }
    return { sets, homeNetworks: this.#homeNetworks, tunings: [...this.#tunings] };
  }

  async #find(id: string) {
    const stored = (await this.#store.sets()).find(({ set }) => set.id === id);
    if (stored === undefined) throw noSet(id);
    return stored;
  }

  async #save(set: RuleSet, publicKey: string | undefined, files: readonly RuleFile[]): Promise<RuleSet> {
    const { rules, rejected } = loadSet({ id: set.id, files }, this.#homeNetworks);
    if (rules.length === 0 && set.origin !== 'own') {
      const [first] = rejected;
      const reason = first === undefined ? 'It has no rules.' : `Line ${first.line}: ${first.reason}.`;
      throw new SphinxError('SPX_INVALID_INPUT', `No rule of ${set.title} could be loaded. ${reason}`);
    }
    const saved = { ...set, loaded: rules.length, rejected: rejected.length, updatedAt: this.#clock.now() };
    await this.#store.saveSet({ set: saved, publicKey }, { files, rejected });
    return saved;
  }

  async #index(): Promise<void> {
    const rules = new Map<string, LoadedRule>();
    for (const { id } of await this.sets()) {
      const files = await this.#store.filesOf(id);
      for (const rule of loadSet({ id, files }, this.#homeNetworks).rules) rules.set(ruleId(rule), { rule, set: id });
    }
    this.#rules = rules;
  }
}

function unpack(name: string, bytes: Uint8Array): readonly RuleFile[] {
  const file = name.split('/').at(-1) ?? name;
  try {
    const files = unpackRuleFiles(file, bytes);
    // One file is a rule file whatever its name; of an archive only those that say so are.
    return files.map((each) =>
      files.length === 1 && !each.name.endsWith('.rules') ? { ...each, name: `${each.name}.rules` } : each,
    );
  } catch (error) {
    throw new SphinxError('SPX_INVALID_INPUT', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function emptySet(id: string, title: string, origin: RuleSet['origin']): RuleSet {
  return {
    id,
    title,
    origin,
    url: null,
    isSigned: false,
    isEnabled: true,
    loaded: 0,
    rejected: 0,
    updatedAt: null,
    message: '',
  };
}

function noSet(id: string): SphinxError {
  return new SphinxError('SPX_NOT_FOUND', `There is no rule set ${id}.`);
}
