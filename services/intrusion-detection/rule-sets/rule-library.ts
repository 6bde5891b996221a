import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, SphinxError } from '@sphinx/platform';
import type { RuleFile } from '@sphinx/rules';
import type { RuleStore, StoredSet } from '../store.ts';
import { type RuleTuning, suppressionsOf, UNTUNED } from '../tuning/tuning.ts';
import type { Candidate } from './candidate.ts';
import {
  LOCAL_SET,
  type LoadedSet,
  loadSet,
  mergeSets,
  type RuleLists,
  type RulesInForce,
  type SetFiles,
  type SetRule,
} from './load-sets.ts';
import { putLocalRule, withoutLocalRule } from './local-rules.ts';
import type { RejectedRule, RuleChanges, RuleSet } from './rule-set.ts';
import { compareSets } from './set-changes.ts';

const OWN_SET = 'own';
const LOCAL_FILE = 'local.rules';

/** Knows the rule sets, what was decided about single rules, and which rules are in force. */
export class RuleLibrary {
  readonly #store: RuleStore;
  readonly #clock: Clock;
  readonly #homeNetworks: readonly string[];
  readonly #streamReachBytes: number;
  readonly #lists: () => RuleLists;
  readonly #changed: (what: 'rules' | 'tunings') => Promise<void>;
  readonly #sets = new Map<string, { readonly stored: StoredSet; readonly loaded: LoadedSet }>();
  #tunings = new Map<string, RuleTuning>();
  /** Every loaded rule of every set, in force or not, by its id. */
  #rules = new Map<string, SetRule>();

  /**
   * @param options.lists what rules look values up in
   * @param options.changed called after other rules came into force, or what is told of their matches has changed
   */
  constructor(options: {
    readonly store: RuleStore;
    readonly clock: Clock;
    readonly homeNetworks: readonly string[];
    readonly streamReachKilobytes: number;
    readonly lists: () => RuleLists;
    readonly changed: (what: 'rules' | 'tunings') => Promise<void>;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#homeNetworks = options.homeNetworks;
    this.#streamReachBytes = options.streamReachKilobytes * 1024;
    this.#lists = options.lists;
    this.#changed = options.changed;
  }

  /** Reads what is stored, and the rules that come with SPHINX in their present form. */
  async open(knowledgeFolder: string): Promise<void> {
    this.#tunings = new Map(await this.#store.tunings());
    for (const stored of await this.#store.sets()) {
      const { id } = stored.set;
      if (id !== OWN_SET) this.#sets.set(id, { stored, loaded: this.load(id, await this.#store.filesOf(id)) });
    }
    const folder = join(knowledgeFolder, 'rules');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.rules')).sort();
    const files = await Promise.all(
      names.map(async (name) => ({ name, content: await readFile(join(folder, name), 'utf8') })),
    );
    const known = (await this.#store.sets()).find(({ set }) => set.id === OWN_SET);
    const isEnabled = known?.set.isEnabled ?? true;
    const set = { ...emptySet(OWN_SET, 'Rules for care, from SPHINX', 'own'), isEnabled };
    await this.#save({ set, publicKey: undefined }, this.load(OWN_SET, files), files);
    this.#rules = this.#merge();
  }

  sets(): readonly RuleSet[] {
    return [...this.#sets.values()]
      .map(({ stored }) => stored.set)
      .sort((a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  find(id: string): StoredSet {
    return this.#find(id).stored;
  }

  /** Rules of a set that were not loaded. @throws SphinxError SPX_NOT_FOUND */
  rejected(id: string): readonly RejectedRule[] {
    return this.#find(id).loaded.rejected;
  }

  /** Loads files as the set they would be. */
  load(id: string, files: readonly RuleFile[]): LoadedSet {
    return loadSet({ id, files }, { homeNetworks: this.#homeNetworks, lists: this.#lists() });
  }

  /** What would change. @param id of the set that would get other files; a new one when it is not there */
  compare(id: string, { files, digest }: Candidate): RuleChanges {
    return compareSets(this.#sets.get(id)?.loaded.rules ?? [], this.load(id, files), digest);
  }

  /**
   * Makes a set of these files, or the next version of it; the one before is kept for `undo`.
   *
   * @throws SphinxError SPX_INVALID_INPUT when no rule of it can be loaded
   */
  async take(stored: StoredSet, { files, digest }: Candidate): Promise<RuleSet> {
    const { id, title } = stored.set;
    const before = this.#sets.get(id);
    const loaded = this.load(id, files);
    if (loaded.rules.length === 0 && loaded.rejected.length > 0) {
      const [{ line, reason } = { line: 0, reason: '' }] = loaded.rejected;
      throw new SphinxError('SPX_INVALID_INPUT', `No rule of ${title} could be loaded. Line ${line}: ${reason}.`);
    }
    if (loaded.rules.length === 0 && id !== LOCAL_SET)
      throw new SphinxError('SPX_INVALID_INPUT', `No rule of ${title} could be loaded. It has no rules.`);
    const { added, changed, removed } = compareSets(before?.loaded.rules ?? [], loaded, digest);
    const set = {
      ...stored.set,
      digest,
      lastChange: { added, changed, removed },
      previousAt: before?.stored.set.updatedAt ?? null,
    };
    if (before !== undefined) await this.#store.keepPrevious(id);
    const saved = await this.#save({ ...stored, set }, loaded, files);
    await this.#comeIntoForce();
    return saved;
  }

  /** Brings the version before back; done twice, nothing has changed. Updates wait for a person from then on. */
  async undo(id: string): Promise<RuleSet> {
    const stored = this.find(id);
    const previous = await this.#store.previousOf(id);
    if (previous === undefined)
      throw new SphinxError('SPX_CONFLICT', `There is no version of ${stored.set.title} before this one.`);
    const { digest, files } = previous;
    return this.take({ ...stored, set: { ...stored.set, isReviewed: true, waiting: null } }, { digest, files });
  }

  /** Changes what is said about a set, not its rules. */
  async describe(id: string, change: Partial<RuleSet>): Promise<RuleSet> {
    const { stored, loaded } = this.#find(id);
    const next = { ...stored, set: { ...stored.set, ...change } };
    await this.#store.saveSet(next);
    this.#sets.set(id, { stored: next, loaded });
    if (next.set.isEnabled !== stored.set.isEnabled) await this.#changed('rules');
    return next.set;
  }

  async remove(id: string): Promise<void> {
    if (this.find(id).set.origin === 'own') {
      throw new SphinxError('SPX_INVALID_INPUT', 'The rules that come with SPHINX can be switched off, not removed.');
    }
    await this.#store.removeSet(id);
    this.#sets.delete(id);
    await this.#comeIntoForce();
  }

  /** Loads every set again, with lists that have changed. */
  async reload(): Promise<void> {
    for (const [id, { stored }] of this.#sets) {
      const files = await this.#store.filesOf(id);
      const loaded = this.load(id, files);
      const set = { ...stored.set, loaded: loaded.rules.length, rejected: loaded.rejected.length };
      await this.#store.saveSet({ ...stored, set });
      this.#sets.set(id, { stored: { ...stored, set }, loaded });
    }
    await this.#comeIntoForce();
  }

  rules(): readonly SetRule[] {
    return [...this.#rules.values()];
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  rule(id: string): SetRule {
    const found = this.#rules.get(id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no rule ${id}.`);
    return found;
  }

  tunings(): ReadonlyMap<string, RuleTuning> {
    return this.#tunings;
  }

  tuningOf(id: string): RuleTuning {
    return this.#tunings.get(id) ?? UNTUNED;
  }

  async tune(id: string, tuning: RuleTuning): Promise<void> {
    this.rule(id);
    const before = this.tuningOf(id);
    await this.#store.saveTuning(id, tuning);
    this.#tunings.set(id, tuning);
    // Every sensor thread loads all rules again: only where the engine is concerned.
    const isSame =
      before.isEnabled === tuning.isEnabled && suppressionsOf(id, before).join() === suppressionsOf(id, tuning).join();
    await this.#changed(isSame ? 'tunings' : 'rules');
  }

  /**
   * Puts a rule among those that were written here.
   *
   * @param id number that it has to have
   * @param isEnabled whether it is in force from now on
   * @throws SphinxError SPX_INVALID_INPUT when it cannot be loaded or has another number
   */
  async write(id: string, text: string, isEnabled: boolean): Promise<void> {
    const { rules, rejected } = this.load(LOCAL_SET, [{ name: LOCAL_FILE, content: text }]);
    const [rule] = rules;
    if (rule === undefined || rejected.length > 0 || rules.length > 1) {
      const reason = rejected[0]?.reason ?? (rules.length > 1 ? 'give one rule at a time' : 'there is no rule in it');
      throw new SphinxError('SPX_INVALID_INPUT', `The rule cannot be loaded: ${reason}.`);
    }
    if (`${rule.gid}:${rule.sid}` !== id)
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `The rule says that its number is ${rule.gid}:${rule.sid}, not ${id}.`,
      );
    const tuning = { ...this.tuningOf(id), isEnabled };
    await this.#store.saveTuning(id, tuning);
    this.#tunings.set(id, tuning);
    await this.#takeLocal(putLocalRule(await this.#localText(), rule, text));
  }

  /** Takes a rule that was written here away; where another set has it, that one holds again. */
  async unwrite(id: string): Promise<void> {
    if (this.rule(id).set !== LOCAL_SET)
      throw new SphinxError('SPX_CONFLICT', `${id} was not written here. It can be switched off.`);
    await this.#takeLocal(withoutLocalRule(await this.#localText(), id));
  }

  /** What sensor threads need. */
  async inForce(): Promise<RulesInForce> {
    const sets: SetFiles[] = [];
    for (const { id, isEnabled } of this.sets()) if (isEnabled) sets.push({ id, files: await this.#store.filesOf(id) });
    const conditions = { homeNetworks: this.#homeNetworks, lists: this.#lists() };
    return { sets, ...conditions, tunings: [...this.#tunings], streamReachBytes: this.#streamReachBytes };
  }

  async #localText(): Promise<string> {
    return (await this.#store.filesOf(LOCAL_SET))[0]?.content ?? '';
  }

  async #takeLocal(content: string): Promise<void> {
    const set = this.#sets.get(LOCAL_SET)?.stored.set ?? emptySet(LOCAL_SET, 'Rules of this hospital', 'local');
    await this.take({ set, publicKey: undefined }, { files: [{ name: LOCAL_FILE, content }], digest: '' });
  }

  async #comeIntoForce(): Promise<void> {
    this.#rules = this.#merge();
    await this.#changed('rules');
  }

  #merge(): Map<string, SetRule> {
    return mergeSets([...this.#sets.values()].map(({ loaded }) => loaded));
  }

  #find(id: string) {
    const found = this.#sets.get(id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no rule set ${id}.`);
    return found;
  }

  async #save({ set, publicKey }: StoredSet, loaded: LoadedSet, files: readonly RuleFile[]): Promise<RuleSet> {
    const counts = { loaded: loaded.rules.length, rejected: loaded.rejected.length };
    const stored = { set: { ...set, ...counts, updatedAt: this.#clock.now() }, publicKey };
    await this.#store.saveSet(stored, files);
    this.#sets.set(set.id, { stored, loaded });
    return stored.set;
  }
}

/** A set of which nothing is known yet. */
export function emptySet(id: string, title: string, origin: RuleSet['origin']): RuleSet {
  const unknown = { url: null, updatedAt: null, checkedAt: null, updateHours: null, previousAt: null };
  const nothing = { waiting: null, lastChange: null, message: '', digest: '', loaded: 0, rejected: 0 };
  return { id, title, origin, check: 'none', isEnabled: true, isReviewed: false, ...unknown, ...nothing };
}
