import { type Clock, SphinxError } from '@sphinx/platform';
import { deterministicId } from '@sphinx/schema';
import type { StoredSet } from '../store.ts';
import { type Candidate, readCandidate } from './candidate.ts';
import { fetchRules } from './fetch-rules.ts';
import { emptySet, type RuleLibrary } from './rule-library.ts';
import type { NewRuleSet, RuleChanges, RuleSet } from './rule-set.ts';

/** A rule file or archive that somebody sent. */
export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Brings rules in: from text, files and URLs, each first to look at and then to take. */
export class SetUpdates {
  readonly #library: RuleLibrary;
  readonly #clock: Clock;
  readonly #internalHosts: readonly string[];

  /** @param options.internalHosts see `DownloadLimits` */
  constructor(options: {
    readonly library: RuleLibrary;
    readonly clock: Clock;
    readonly internalHosts: readonly string[];
  }) {
    this.#library = options.library;
    this.#clock = options.clock;
    this.#internalHosts = options.internalHosts;
  }

  /** What a set would bring that is not there yet. */
  async previewNew(request: NewRuleSet): Promise<RuleChanges> {
    return this.#library.compare('', await this.#candidateOf(request));
  }

  /** @throws SphinxError SPX_INVALID_INPUT when it cannot be fetched or read, SPX_CONFLICT when it is there already */
  async add(request: NewRuleSet): Promise<RuleSet> {
    const { title, url, check, publicKey, updateHours, isReviewed } = request;
    const set = this.#newSet(title, url);
    const fetched = url === undefined ? {} : { url, checkedAt: this.#clock.now() };
    const described = { ...set, ...fetched, check, updateHours, isReviewed };
    return this.#library.take({ set: described, publicKey }, await this.#candidateOf(request));
  }

  /** @param target id of the set whose next version it would be; undefined for a new one */
  previewUpload({ name, bytes }: Upload, target: string | undefined): RuleChanges {
    const id = target === undefined ? '' : this.#replaceable(target).set.id;
    return this.#library.compare(id, readCandidate(name, bytes));
  }

  /** @param target title of a new set, or id of the one whose next version it is */
  async upload({ name, bytes }: Upload, target: { readonly title: string } | { readonly id: string }) {
    const candidate = readCandidate(name, bytes);
    const stored =
      'id' in target
        ? this.#replaceable(target.id)
        : { set: this.#newSet(target.title, undefined), publicKey: undefined };
    return this.#library.take(stored, candidate);
  }

  /** What an update of a set from its URL would change. */
  async previewUpdate(id: string): Promise<RuleChanges> {
    return this.#library.compare(id, await this.#fetch(this.#library.find(id)));
  }

  /**
   * Fetches a set from its URL again. What is there stays when that fails.
   *
   * @param digest of what somebody has looked at; undefined to take what comes
   * @throws SphinxError SPX_CONFLICT when something else is there by now
   */
  async update(id: string, digest?: string): Promise<RuleSet> {
    const candidate = await this.#fetchNoting(id);
    if (digest !== undefined && digest !== candidate.digest)
      throw new SphinxError('SPX_CONFLICT', 'Its publisher has changed it since you looked. Look again, then take it.');
    return this.#take(id, candidate);
  }

  /** An update that nobody asked for: taken at once, or kept waiting where somebody wants to look first. */
  async updateByItself(id: string): Promise<void> {
    const candidate = await this.#fetchNoting(id);
    const { set } = this.#library.find(id);
    if (candidate.digest === set.digest) return;
    if (!set.isReviewed) return void (await this.#take(id, candidate));
    const { added, changed, removed, digest } = this.#library.compare(id, candidate);
    const waiting = { added, changed, removed, digest, foundAt: this.#clock.now() };
    await this.#library.describe(id, { waiting });
  }

  async #take(id: string, candidate: Candidate): Promise<RuleSet> {
    const stored = this.#library.find(id);
    if (candidate.digest === stored.set.digest) return this.#library.describe(id, { waiting: null });
    return this.#library.take({ ...stored, set: { ...stored.set, waiting: null } }, candidate);
  }

  /** Fetches, and keeps what came of it with the set. */
  async #fetchNoting(id: string): Promise<Candidate> {
    const checkedAt = this.#clock.now();
    try {
      const candidate = await this.#fetch(this.#library.find(id));
      await this.#library.describe(id, { checkedAt, message: '' });
      return candidate;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#library.find(id).set.url !== null) await this.#library.describe(id, { checkedAt, message });
      throw error;
    }
  }

  async #fetch({ set: { url, title, check }, publicKey }: StoredSet): Promise<Candidate> {
    if (url === null) throw new SphinxError('SPX_INVALID_INPUT', `${title} has no URL to fetch it from.`);
    return readCandidate(url, await fetchRules({ url, check, publicKey }, this.#internalHosts));
  }

  async #candidateOf({ title, url, content, check, publicKey }: NewRuleSet): Promise<Candidate> {
    if (url === undefined) return readCandidate(`${title}.rules`, new TextEncoder().encode(content));
    return readCandidate(url, await fetchRules({ url, check, publicKey }, this.#internalHosts));
  }

  #newSet(title: string, url: string | undefined): RuleSet {
    const id = deterministicId('rls', title, url ?? '');
    if (this.#library.sets().some((set) => set.id === id))
      throw new SphinxError('SPX_CONFLICT', `There is a rule set '${title}' already. Update or remove it.`);
    return emptySet(id, title, url === undefined ? 'file' : 'url');
  }

  #replaceable(id: string): StoredSet {
    const stored = this.#library.find(id);
    if (stored.set.origin === 'file') return stored;
    throw new SphinxError('SPX_INVALID_INPUT', `${stored.set.title} did not come from a file.`);
  }
}
