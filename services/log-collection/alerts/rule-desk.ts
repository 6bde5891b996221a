import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import type { SigmaFile, SigmaReport, SigmaRuleInfo } from '@sphinx/rules';
import type { ReadingThread } from '../reading/reading-thread.ts';
import type { AlertStore, RuleFile, StoredRuleSet } from './alert-store.ts';

/** The rules that SPHINX comes with. */
const OWN_SET = 'hospital';
export interface RuleSetView {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly isOwn: boolean;
  readonly rules: number;
  readonly rejected: SigmaReport['rejected'];
}

export interface RuleView {
  readonly info: SigmaRuleInfo;
  readonly set: string;
  readonly isEnabled: boolean;
}

interface RuleDeskParts {
  readonly store: AlertStore;
  readonly reading: Pick<ReadingThread, 'useRules' | 'checkRules'>;
  readonly knowledgeFolder: string;
}

/** The Sigma rules that are on, with which every event that comes in is matched. */
export class RuleDesk {
  readonly #store: AlertStore;
  readonly #reading: RuleDeskParts['reading'];
  readonly #own: readonly SigmaFile[];
  #sets: readonly StoredRuleSet[] = [];
  #off: ReadonlySet<string> = new Set();
  #rules: readonly RuleView[] = [];
  #rejected: SigmaReport['rejected'] = [];

  private constructor({ store, reading }: RuleDeskParts, own: readonly SigmaFile[]) {
    this.#store = store;
    this.#reading = reading;
    this.#own = own;
  }

  static async open(parts: RuleDeskParts): Promise<RuleDesk> {
    const folder = join(parts.knowledgeFolder, 'sigma-rules');
    const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
    const own: SigmaFile[] = [];
    for (const name of names) {
      own.push({ name: `${OWN_SET}/${name}`, content: await readFile(join(folder, name), 'utf8') });
    }
    const desk = new RuleDesk(parts, own);
    await desk.#load();
    return desk;
  }

  get ruleSets(): readonly RuleSetView[] {
    const own = { id: OWN_SET, title: 'Rules for hospitals', isOwn: true, isEnabled: this.#isOwnEnabled };
    return [own, ...this.#sets.filter(({ id }) => id !== OWN_SET).map((set) => ({ ...set, isOwn: false }))].map(
      ({ id, title, isEnabled, isOwn }) => ({
        id,
        title,
        isEnabled,
        isOwn,
        rules: this.#rules.filter(({ set }) => set === id).length,
        rejected: this.#rejected.filter(({ file }) => file.startsWith(`${id}/`)),
      }),
    );
  }

  get rules(): readonly RuleView[] {
    return this.#rules;
  }

  /** @returns whether a rule is switched off */
  isOff(id: string): boolean {
    return this.#off.has(id);
  }

  /**
   * Adds a set of rules, or puts another in the place of one.
   *
   * @throws SphinxError SPX_INVALID_INPUT when no rule of it can be loaded
   */
  async add(title: string, files: readonly RuleFile[], nowMs: number): Promise<RuleSetView> {
    const report = await this.#reading.checkRules(files);
    if (report.loaded.length === 0) {
      const [first] = report.rejected;
      const reason = first === undefined ? '' : ` The first: ${first.reason}.`;
      throw new SphinxError('SPX_INVALID_INPUT', `There is no Sigma rule in it that can be loaded.${reason}`);
    }
    const known = this.#sets.find((set) => set.title === title);
    const id = known?.id ?? `set-${createHash('sha256').update(`${title}\n${nowMs}`).digest('hex').slice(0, 12)}`;
    await this.#store.saveRuleSet({ id, title, isEnabled: true, files, changedAt: nowMs });
    await this.#load();
    return this.#requireSet(id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async switchSet(id: string, isEnabled: boolean, nowMs: number): Promise<void> {
    this.#requireSet(id);
    const known = this.#sets.find((set) => set.id === id);
    const set = known ?? { id: OWN_SET, title: 'Rules for hospitals', files: [], changedAt: nowMs };
    await this.#store.saveRuleSet({ ...set, isEnabled });
    await this.#load();
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_INVALID_INPUT for the rules that SPHINX comes with */
  async remove(id: string): Promise<void> {
    if (this.#requireSet(id).isOwn) {
      throw new SphinxError('SPX_INVALID_INPUT', 'These rules come with SPHINX. Switch them off instead.');
    }
    await this.#store.removeRuleSet(id);
    await this.#load();
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async switchRule(id: string, isEnabled: boolean): Promise<void> {
    if (!this.#rules.some(({ info }) => info.id === id)) {
      throw new SphinxError('SPX_NOT_FOUND', `There is no rule ${id}.`);
    }
    await this.#store.switchRule(id, isEnabled);
    this.#off = await this.#store.rulesOff();
    this.#rules = this.#rules.map((rule) => ({ ...rule, isEnabled: !this.#off.has(rule.info.id) }));
  }

  #requireSet(id: string): RuleSetView {
    const found = this.ruleSets.find((set) => set.id === id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no set ${id} of rules.`);
    return found;
  }

  get #isOwnEnabled(): boolean {
    return this.#sets.find(({ id }) => id === OWN_SET)?.isEnabled ?? true;
  }

  async #load(): Promise<void> {
    this.#sets = await this.#store.ruleSets();
    this.#off = await this.#store.rulesOff();
    const site = this.#sets.filter(({ isEnabled, id }) => isEnabled && id !== OWN_SET);
    const files = [
      ...(this.#isOwnEnabled ? this.#own : []),
      ...site.flatMap(({ id, files: of }) => of.map(({ name, content }) => ({ name: `${id}/${name}`, content }))),
    ];
    const { loaded, rejected } = await this.#reading.useRules(files);
    this.#rejected = rejected;
    this.#rules = loaded.map((info) => ({
      info,
      set: info.file.split('/')[0] ?? '',
      isEnabled: !this.#off.has(info.id),
    }));
  }
}
